-- A printed rate is left unchecked only where some of the births that it is per were published nowhere, for deaths of either basis.
with rates_left_unchecked as (

    select
        publication,
        source_table,
        data_year,
        area_code,
        measure
    from {{ ref('fct_published_rate_checks') }}
    where outcome = 'not_computable'

),

births_published as (

    select distinct
        data_year,
        area_code,
        item
    from {{ ref('int_counts') }}
    where count_value is not null and not is_supplied and not is_derived

)

select
    rates_left_unchecked.publication,
    rates_left_unchecked.source_table,
    rates_left_unchecked.data_year,
    rates_left_unchecked.area_code,
    rates_left_unchecked.measure
from rates_left_unchecked
inner join {{ ref('stg_reference__measure_components') }} as components
    on rates_left_unchecked.measure = components.measure and components.role = 'denominator'
left join births_published
    on rates_left_unchecked.data_year = births_published.data_year
    and rates_left_unchecked.area_code = births_published.area_code
    and components.item = births_published.item
group by
    rates_left_unchecked.publication,
    rates_left_unchecked.source_table,
    rates_left_unchecked.data_year,
    rates_left_unchecked.area_code,
    rates_left_unchecked.measure
having count(births_published.item) = count(*)
