with yearly_rates as (

    select * from {{ ref('fct_rates') }}

),

pooled_rates as (

    select * from {{ ref('fct_rolling_rates') }}

),

areas as (

    select * from {{ ref('dim_area') }}

),

measures as (

    select * from {{ ref('dim_measure') }}

),

trends as (

    select * from {{ ref('fct_trends') }}

),

indicators as (

    select * from {{ ref('stg_reference__fingertips_indicators') }}

),

rates_together as (

    {%- set columns = [
        'area_code', 'period', 'period_start_year', 'period_end_year', 'years_in_period', 'measure', 'basis', 'numerator', 'denominator',
        'rate_per_1000', 'lower_95', 'upper_95', 'lower_99_8', 'upper_99_8', 'status', 'reliability_flag',
    ] %}

    select {{ columns | join(', ') }} from yearly_rates
    union all
    select {{ columns | join(', ') }} from pooled_rates
    where is_complete

),

area_types as (

    select
        area_code,
        area_name,
        'England' as area_type,
        1 as type_order,
        cast(null as varchar) as parent_code
    from areas
    where area_code = 'E92000001'
    union all
    select
        area_code,
        area_name,
        'Regions (statistical)' as area_type,
        2 as type_order,
        country_code as parent_code
    from areas
    where area_level = 'region'
    union all
    select
        area_code,
        area_name,
        'Upper tier local authorities' as area_type,
        3 as type_order,
        region_code as parent_code
    from areas
    where is_upper_tier
    union all
    select
        area_code,
        area_name,
        'Lower tier local authorities' as area_type,
        4 as type_order,
        region_code as parent_code
    from areas
    where is_lower_tier

),

benchmarks as (

    select
        rates_together.area_code,
        rates_together.period,
        rates_together.measure,
        rates_together.basis,
        rates_together.rate_per_1000
    from rates_together
    inner join area_types on rates_together.area_code = area_types.area_code
    where area_types.type_order in (1, 2)

),

england_benchmarks as (

    select * from benchmarks
    where area_code = 'E92000001'

),

rates_joined_to_benchmarks as (

    select
        rates_together.*,
        area_types.area_name,
        area_types.area_type,
        area_types.parent_code,
        parents.area_name as parent_name,
        case when area_types.type_order > 1 then england_benchmarks.rate_per_1000 end as england_rate_per_1000,
        case when area_types.type_order > 2 then benchmarks.rate_per_1000 end as region_rate_per_1000
    from rates_together
    inner join area_types on rates_together.area_code = area_types.area_code
    left join areas as parents on area_types.parent_code = parents.area_code
    left join england_benchmarks
        on rates_together.period = england_benchmarks.period
        and rates_together.measure = england_benchmarks.measure
        and rates_together.basis = england_benchmarks.basis
    left join benchmarks
        on area_types.parent_code = benchmarks.area_code
        and rates_together.period = benchmarks.period
        and rates_together.measure = benchmarks.measure
        and rates_together.basis = benchmarks.basis

),

rows_in_fingertips_words as (

    select
        9000000 + 1000 * indicators.indicator_number
        + case rates_joined_to_benchmarks.basis when 'registration' then 100 else 200 end
        + rates_joined_to_benchmarks.years_in_period as indicator_id,
        measures.measure_name || ', by year of ' || rates_joined_to_benchmarks.basis
        || case
            when rates_joined_to_benchmarks.years_in_period = 1 then ''
            else ', ' || cast(rates_joined_to_benchmarks.years_in_period as varchar) || ' years'
        end as indicator_name,
        rates_joined_to_benchmarks.parent_code,
        rates_joined_to_benchmarks.parent_name,
        rates_joined_to_benchmarks.area_code,
        rates_joined_to_benchmarks.area_name,
        rates_joined_to_benchmarks.area_type,
        indicators.age,
        case
            when rates_joined_to_benchmarks.years_in_period = 1 then rates_joined_to_benchmarks.period
            else cast(rates_joined_to_benchmarks.period_start_year as varchar) || ' - '
                || substr(cast(rates_joined_to_benchmarks.period_end_year as varchar), 3, 2)
        end as time_period,
        rates_joined_to_benchmarks.rate_per_1000,
        rates_joined_to_benchmarks.lower_95,
        rates_joined_to_benchmarks.upper_95,
        rates_joined_to_benchmarks.lower_99_8,
        rates_joined_to_benchmarks.upper_99_8,
        rates_joined_to_benchmarks.numerator,
        rates_joined_to_benchmarks.denominator,
        case
            when rates_joined_to_benchmarks.status = 'suppressed' then 'Value suppressed by the publisher'
            when rates_joined_to_benchmarks.status = 'missing' then 'Value missing: a count was not published'
            when rates_joined_to_benchmarks.status = 'no_births' then 'Value cannot be calculated: no births'
            when rates_joined_to_benchmarks.status = 'invalid' then 'Value cannot be calculated: the printed counts are impossible'
            when rates_joined_to_benchmarks.reliability_flag is not null then 'Value is unreliable: fewer than 20 deaths'
        end as value_note,
        case trends.recent_trend
            when 'increasing' then 'Increasing and getting worse'
            when 'decreasing' then 'Decreasing and getting better'
            when 'no_significant_change' then 'No significant change'
            else 'Cannot be calculated'
        end as recent_trend,
        {{ fingertips_comparison(
            'rates_joined_to_benchmarks.lower_95', 'rates_joined_to_benchmarks.upper_95', 'rates_joined_to_benchmarks.england_rate_per_1000'
        ) }} as compared_to_england,
        {{ fingertips_comparison(
            'rates_joined_to_benchmarks.lower_95', 'rates_joined_to_benchmarks.upper_95', 'rates_joined_to_benchmarks.region_rate_per_1000'
        ) }} as compared_to_region,
        cast(rates_joined_to_benchmarks.period_start_year as integer) * 10000 as time_period_sortable
    from rates_joined_to_benchmarks
    inner join measures on rates_joined_to_benchmarks.measure = measures.measure
    inner join indicators on rates_joined_to_benchmarks.measure = indicators.measure
    left join trends
        on rates_joined_to_benchmarks.area_code = trends.area_code
        and rates_joined_to_benchmarks.period = trends.last_period
        and rates_joined_to_benchmarks.measure = trends.measure
        and rates_joined_to_benchmarks.basis = trends.basis

)

select * from rows_in_fingertips_words
