{#- The spread beyond chance is that of the years up to so many away, at least so many of them. -#}
{%- set reach = 10 -%}
{%- set fewest_years = 6 -%}
with levels as (

    select * from {{ ref('int_moving_levels_fitted') }}

),

-- Where chance alone is at work the square has the mean 1, since the level varies by its leverage.
years_standardised as (

    select
        *,
        power(numerator - expected_deaths, 2) / (expected_deaths * (1e0 + leverage)) as squared_z
    from levels

),

spreads_found as (

    select
        *,
        case
            when squared_z is not null and count(squared_z) over neighbours >= {{ fewest_years }}
                then greatest(1e0, avg(squared_z) over neighbours)
        end as overdispersion_phi
    from years_standardised
    window
        neighbours as (
            partition by area_code, measure, basis, series_part
            order by period_end_year asc nulls last
            range between {{ reach }} preceding and {{ reach }} following exclude current row
        )

),

years_with_level as (

    select * from levels
    where level_per_1000 is not null

),

counts_at_limits as (

    {{ poisson_limit_counts('years_with_level', ['area_code', 'measure', 'basis', 'period_end_year'], 'expected_deaths', ['99_8']) }}

),

limits_calculated as (

    select
        spreads_found.area_code,
        spreads_found.measure,
        spreads_found.basis,
        spreads_found.period,
        spreads_found.period_end_year,
        spreads_found.numerator,
        spreads_found.denominator,
        spreads_found.rate_per_1000,
        spreads_found.level_per_1000,
        spreads_found.expected_deaths,
        spreads_found.leverage,
        -- The last counts that are still within: one death further is low or high. No count is low where few are expected.
        case
            when counts_at_limits.deaths_high_99_8 is not null then coalesce(counts_at_limits.deaths_low_99_8 + 1, 0)
        end as deaths_lower_99_8,
        counts_at_limits.deaths_high_99_8 - 1 as deaths_upper_99_8,
        spreads_found.overdispersion_phi,
        {{ standard_normal_quantile('99_8') }}
        * sqrt(spreads_found.overdispersion_phi * spreads_found.expected_deaths * (1e0 + spreads_found.leverage)) as adjusted_reach,
        2e0 * {{ normal_upper_tail('(' ~ standard_normal_quantile('99_8') ~ ' / sqrt(1e0 + spreads_found.leverage))') }}
            as false_alarm_probability
    from spreads_found
    left join counts_at_limits
        on spreads_found.area_code = counts_at_limits.area_code
        and spreads_found.measure = counts_at_limits.measure
        and spreads_found.basis = counts_at_limits.basis
        and spreads_found.period_end_year = counts_at_limits.period_end_year

),

positions_found as (

    select
        area_code,
        measure,
        basis,
        period,
        period_end_year,
        numerator,
        denominator,
        rate_per_1000,
        level_per_1000,
        expected_deaths,
        leverage,
        {{ rate_per_1000('deaths_lower_99_8', 'denominator') }} as lower_99_8,
        {{ rate_per_1000('deaths_upper_99_8', 'denominator') }} as upper_99_8,
        false_alarm_probability,
        case
            when numerator < deaths_lower_99_8 then 'low'
            when numerator > deaths_upper_99_8 then 'high'
            when level_per_1000 is not null then 'within'
        end as control_position,
        overdispersion_phi,
        -- Without a reach greatest() would give 0, not NULL.
        case
            when adjusted_reach is not null
                then {{ rate_per_1000('greatest(expected_deaths - adjusted_reach, 0e0)', 'denominator') }}
        end as adjusted_lower_99_8,
        {{ rate_per_1000('(expected_deaths + adjusted_reach)', 'denominator') }} as adjusted_upper_99_8,
        case
            when numerator < expected_deaths - adjusted_reach then 'low'
            when numerator > expected_deaths + adjusted_reach then 'high'
            when adjusted_reach is not null then 'within'
        end as control_position_adjusted
    from limits_calculated

)

select * from positions_found
