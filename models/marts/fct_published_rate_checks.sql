with printed_rates as (

    select * from {{ ref('int_printed_rates') }}

),

known_exceptions as (

    select * from {{ ref('known_rate_exceptions') }}

),

areas as (

    select * from {{ ref('dim_area') }}

),

measures as (

    select * from {{ ref('dim_measure') }}

),

-- A rate is a quotient of whole numbers and is compared in whole numbers. A limit is none: it is rounded from the 8-byte float.
rates_compared as (

    select
        *,
        case
            when statistic = 'rate'
                then {{ reproduces_printed_rate('numerator', 'denominator', 'printed_rate', 'printed_decimals') }}
            else
                floor(recomputed_rate * power(cast(10 as double precision), printed_decimals) + 0.5)
                = floor(printed_rate * power(cast(10 as double precision), printed_decimals) + 0.5)
        end as is_reproduced
    from printed_rates

),

rates_judged as (

    select
        rates_compared.publication,
        rates_compared.source_table,
        rates_compared.data_year,
        rates_compared.basis,
        rates_compared.area_code,
        areas.area_name,
        areas.area_level,
        areas.region_name,
        rates_compared.area_name_printed,
        rates_compared.measure,
        measures.measure_name,
        rates_compared.statistic,
        rates_compared.printed_rate,
        rates_compared.printed_decimals,
        rates_compared.numerator,
        rates_compared.denominator,
        rates_compared.recomputed_rate,
        case rates_compared.is_reproduced
            when true then 'reproduced'
            when false then 'differs'
            else 'not_computable'
        end as outcome,
        known_exceptions.reason is not null as is_known_exception,
        known_exceptions.reason as exception_reason
    from rates_compared
    inner join areas on rates_compared.area_code = areas.area_code
    inner join measures on rates_compared.measure = measures.measure
    left join known_exceptions
        on rates_compared.publication = known_exceptions.publication
        and rates_compared.data_year = known_exceptions.data_year
        and rates_compared.area_code = known_exceptions.area_code
        and rates_compared.measure = known_exceptions.measure
        -- Rates alone are excepted: every limit in print is reproduced.
        and rates_compared.statistic = 'rate'

)

select * from rates_judged
