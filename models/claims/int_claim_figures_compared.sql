with readings as (

    select * from {{ ref('int_claim_readings_listed') }}
    where statistic in ('rate_per_1000', 'numerator', 'denominator', 'percent_change')

),

counts as (

    select * from {{ ref('int_claim_counts_added') }}
    where whose = 'claimed' and is_whole

),

readings_with_counts as (

    select
        readings.*,
        later.numerator,
        later.denominator,
        earlier.numerator as earlier_numerator,
        earlier.denominator as earlier_denominator,
        {{ rounded_rate_units('later.numerator', 'later.denominator') }} as rounded_units,
        {{ rounded_rate_units('earlier.numerator', 'earlier.denominator') }} as earlier_rounded_units
    from readings
    left join counts as later
        on readings.claim_code = later.claim_code
        and readings.reading = later.reading
        and later.span = 'period'
    left join counts as earlier
        on readings.claim_code = earlier.claim_code
        and readings.reading = earlier.reading
        and earlier.span = 'comparison_period'

),

-- Each figure as an exact quotient of whole numbers, so that rounding half up loses nothing.
quotients as (

    select
        *,
        case
            when statistic = 'rate_per_1000' then 1000 * numerator
            when statistic = 'numerator' then numerator
            when statistic = 'denominator' then denominator
            when is_from_rounded then 100 * (rounded_units - earlier_rounded_units)
            else 100 * (numerator * earlier_denominator - earlier_numerator * denominator)
        end as dividend,
        case
            when statistic = 'rate_per_1000' then denominator
            when statistic in ('numerator', 'denominator') then 1
            when is_from_rounded then nullif(earlier_rounded_units, 0)
            else nullif(earlier_numerator * denominator, 0)
        end as divisor
    from readings_with_counts

),

figures_compared as (

    select
        *,
        cast(dividend as double precision) / cast(divisor as double precision) as recomputed_value,
        case relation
            when 'more_than' then cast(dividend as double precision) / cast(divisor as double precision) > published_number
            else {{ quotient_rounded_to_units('dividend', 'divisor', 'decimals') }} = published_units
        end as is_fit
    from quotients

),

-- A statement is contradicted only where every reading of its first measure could be tried.
readings_beside_each_other as (

    select
        *,
        min(case when recomputed_value is not null or not is_first_measure then 1 else 0 end) over each_claim as is_computable,
        max(case when recomputed_value is not null then 1 else 0 end) over each_claim as is_any_at_hand,
        max(case when is_fit then 1 else 0 end) over each_claim as is_any_fit,
        max(case when is_fit and is_as_worded then 1 else 0 end) over each_claim as is_worded_fit
    from figures_compared
    window each_claim as (partition by claim_code)

),

numbers as (

    select
        readings.claim_code,
        readings.reading,
        answers.value_code,
        cast(answers.value as double precision) as value,
        cast(null as double precision) as lower_95,
        cast(null as double precision) as upper_95,
        cast(null as double precision) as probability
    from readings_beside_each_other as readings
    cross join
        lateral (
            values
            -- Other figures are counts and rates as they stand.
            ('recomputed_value', case when readings.statistic = 'percent_change' then readings.recomputed_value end),
            ('rounded_rate', case when readings.is_from_rounded then readings.rounded_units / 10e0 end),
            ('earlier_rounded_rate', case when readings.is_from_rounded then readings.earlier_rounded_units / 10e0 end),
            ('is_at_hand', case when readings.recomputed_value is null then 0 else 1 end),
            ('is_computable', readings.is_computable),
            ('is_fit', case when readings.is_fit then 1 when not readings.is_fit then 0 end),
            ('is_as_worded', case when readings.is_any_fit = 1 then readings.is_worded_fit end),
            ('is_from_rounded', case when readings.is_from_rounded then 1 else 0 end),
            ('is_any_at_hand', readings.is_any_at_hand),
            (
                'is_absent_beside_others',
                case when readings.recomputed_value is null and not readings.is_from_rounded then readings.is_any_at_hand end
            )
        ) as answers (value_code, value)
    where answers.value is not null

)

select * from numbers
