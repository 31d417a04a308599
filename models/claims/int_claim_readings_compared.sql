with reading_counts as (

    select * from {{ ref('int_claim_reading_counts') }}
    where family = 'figure'

),

rates_rounded as (

    select
        *,
        {{ rounded_rate_units('numerator', 'denominator') }} as rounded_units,
        {{ rounded_rate_units('comparison_numerator', 'comparison_denominator') }} as comparison_rounded_units
    from reading_counts

),

-- Each figure as an exact quotient of whole numbers, so that rounding half up loses nothing.
quotients as (

    select
        *,
        case
            when statistic = 'rate_per_1000' then 1000 * numerator
            when statistic = 'numerator' then numerator
            when statistic = 'denominator' then denominator
            when is_from_rounded then 100 * (rounded_units - comparison_rounded_units)
            else 100 * (numerator * comparison_denominator - comparison_numerator * denominator)
        end as dividend,
        case
            when statistic = 'rate_per_1000' then denominator
            when statistic in ('numerator', 'denominator') then 1
            when is_from_rounded then nullif(comparison_rounded_units, 0)
            else nullif(comparison_numerator * denominator, 0)
        end as divisor
    from rates_rounded

),

readings_compared as (

    select
        *,
        cast(dividend as double precision) / cast(divisor as double precision) as recomputed_value,
        case relation
            when 'more_than' then cast(dividend as double precision) / cast(divisor as double precision) > published_number
            else {{ quotient_rounded_to_units('dividend', 'divisor', 'decimals') }} = published_units
        end as is_fit
    from quotients

)

select * from readings_compared
