-- The names of a Fingertips download, spaces and all. -- noqa: disable=RF04,RF05,RF06
with fingertips_rows as (

    select * from {{ ref('fingertips_rows') }}

),

columns_in_fingertips_order as (

    select
        indicator_id as "Indicator ID",
        indicator_name as "Indicator Name",
        parent_code as "Parent Code",
        parent_name as "Parent Name",
        area_code as "Area Code",
        area_name as "Area Name",
        area_type as "Area Type",
        'Persons' as "Sex",
        age as "Age",
        cast(null as varchar) as "Category Type",
        cast(null as varchar) as "Category",
        time_period as "Time period",
        rate_per_1000 as "Value",
        lower_95 as "Lower CI 95.0 limit",
        upper_95 as "Upper CI 95.0 limit",
        lower_99_8 as "Lower CI 99.8 limit",
        upper_99_8 as "Upper CI 99.8 limit",
        numerator as "Count",
        denominator as "Denominator",
        value_note as "Value note",
        recent_trend as "Recent Trend",
        compared_to_benchmark as "Compared to England value or percentiles",
        compared_to_region as "Compared to Region value or percentiles",
        time_period_sortable as "Time period Sortable",
        cast(null as varchar) as "New data",
        cast(null as varchar) as "Compared to goal"
    from fingertips_rows

)

select * from columns_in_fingertips_order
