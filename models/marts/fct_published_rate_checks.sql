with printed_rates as (

    select * from {{ ref('int_printed_rates_recomputed') }}

),

known_exceptions as (

    select * from {{ ref('known_rate_exceptions') }}

),

rates_judged as (

    select
        printed_rates.publication,
        printed_rates.source_table,
        printed_rates.data_year,
        printed_rates.basis,
        printed_rates.area_code,
        printed_rates.area_name_printed,
        printed_rates.measure,
        printed_rates.printed_rate,
        printed_rates.printed_decimals,
        printed_rates.numerator,
        printed_rates.denominator,
        printed_rates.recomputed_rate,
        case {{ reproduces_printed_rate(
            'printed_rates.numerator', 'printed_rates.denominator',
            'printed_rates.printed_rate', 'printed_rates.printed_decimals'
        ) }}
            when true then 'reproduced'
            when false then 'differs'
            else 'not_computable'
        end as outcome,
        known_exceptions.reason is not null as is_known_exception,
        known_exceptions.reason as exception_reason
    from printed_rates
    left join known_exceptions
        on printed_rates.publication = known_exceptions.publication
        and printed_rates.data_year = known_exceptions.data_year
        and printed_rates.area_code = known_exceptions.area_code
        and printed_rates.measure = known_exceptions.measure

)

select * from rates_judged
