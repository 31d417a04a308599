{#- The line goes through so many years, and a series must have so many to have a level at all. -#}
{%- set years_in_level = 6 -%}
{%- set fewest_years_of_series = 20 -%}
{#- The spread beyond chance is that of the years up to so many away, at least so many of them. -#}
{%- set reach = 10 -%}
{%- set fewest_years_around = 6 -%}
with rates as (

    select * from {{ ref('int_rates') }}
    where years_in_period = 1 and status = 'ok'

),

definition_changes as (

    select * from {{ ref('dim_definition_change') }}
    where first_year_after is not null

),

areas as (

    select * from {{ ref('dim_area') }}

),

measures as (

    select * from {{ ref('dim_measure') }}

),

years_counted as (

    select
        *,
        count(*) over (partition by area_code, measure, basis) as years_of_series
    from rates

),

-- A year belongs to the part of the series between two changes of definition; no level rests on two parts.
years_in_parts as (

    select
        years.area_code,
        years.measure,
        years.basis,
        years.period,
        years.period_end_year,
        years.numerator,
        years.denominator,
        years.rate_per_1000,
        count(definition_changes.first_year_after) as series_part
    from years_counted as years
    left join definition_changes
        on years.area_code = definition_changes.area_code
        and years.measure = definition_changes.measure
        and years.period_end_year >= definition_changes.first_year_after
    where years.years_of_series >= {{ fewest_years_of_series }}
    group by
        years.area_code, years.measure, years.basis, years.period, years.period_end_year, years.numerator, years.denominator,
        years.rate_per_1000

),

-- The other years nearest to each: three on either side, or towards the ends of a part more on one side.
years_paired as (

    select
        years.area_code,
        years.measure,
        years.basis,
        years.period_end_year,
        cast(nearest_years.period_end_year - years.period_end_year as double precision) as years_away,
        nearest_years.rate_per_1000,
        row_number() over (
            partition by years.area_code, years.measure, years.basis, years.period_end_year
            order by abs(nearest_years.period_end_year - years.period_end_year) asc, nearest_years.period_end_year asc
        ) as nearness
    from years_in_parts as years
    inner join years_in_parts as nearest_years
        on years.area_code = nearest_years.area_code
        and years.measure = nearest_years.measure
        and years.basis = nearest_years.basis
        and years.series_part = nearest_years.series_part
        and years.period_end_year <> nearest_years.period_end_year
        and abs(nearest_years.period_end_year - years.period_end_year) <= {{ years_in_level }}

),

neighbours_summed as (

    select
        area_code,
        measure,
        basis,
        period_end_year,
        avg(years_away) as mean_years_away,
        avg(rate_per_1000) as mean_rate,
        regr_slope(rate_per_1000, years_away) as slope,
        regr_sxx(rate_per_1000, years_away) as spread
    from years_paired
    where nearness <= {{ years_in_level }}
    group by area_code, measure, basis, period_end_year
    having count(*) = {{ years_in_level }}

),

-- The level is the line's height at the year itself. Its variance, in units of a year's own, is the leverage.
levels_fitted as (

    select
        years.area_code,
        years.measure,
        years.basis,
        years.period,
        years.period_end_year,
        years.series_part,
        years.numerator,
        years.denominator,
        years.rate_per_1000,
        nearest_years.mean_rate - nearest_years.slope * nearest_years.mean_years_away as level_per_1000,
        1e0 / {{ years_in_level }} + power(nearest_years.mean_years_away, 2) / nearest_years.spread as leverage
    from years_in_parts as years
    left join neighbours_summed as nearest_years
        on years.area_code = nearest_years.area_code
        and years.measure = nearest_years.measure
        and years.basis = nearest_years.basis
        and years.period_end_year = nearest_years.period_end_year

),

levels_with_deaths as (

    select
        *,
        level_per_1000 * denominator / 1000e0 as expected_deaths
    from levels_fitted

),

-- A line through rates of few deaths can end at next to nothing, or below: less than one death a year is no level.
levels as (

    select
        area_code,
        measure,
        basis,
        period,
        period_end_year,
        cast(series_part as integer) as series_part,
        numerator,
        denominator,
        rate_per_1000,
        case when expected_deaths >= 1e0 then level_per_1000 end as level_per_1000,
        case when expected_deaths >= 1e0 then expected_deaths end as expected_deaths,
        case when expected_deaths >= 1e0 then leverage end as leverage
    from levels_with_deaths

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
            when squared_z is not null and count(squared_z) over neighbours >= {{ fewest_years_around }}
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
        spreads_found.*,
        -- The last counts that are still within: one death further is low or high. No count is low where few are expected.
        case
            when counts_at_limits.deaths_high_99_8 is not null then coalesce(counts_at_limits.deaths_low_99_8 + 1, 0)
        end as deaths_lower_99_8,
        counts_at_limits.deaths_high_99_8 - 1 as deaths_upper_99_8,
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

control_limits as (

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

),

control_limits_named as (

    select
        areas.area_name,
        areas.area_level,
        areas.region_name,
        measures.measure_name,
        control_limits.*,
        rate_per_1000 / level_per_1000 as rate_over_level,
        lower_99_8 / level_per_1000 as lower_99_8_over_level,
        upper_99_8 / level_per_1000 as upper_99_8_over_level,
        adjusted_lower_99_8 / level_per_1000 as adjusted_lower_99_8_over_level,
        adjusted_upper_99_8 / level_per_1000 as adjusted_upper_99_8_over_level
    from control_limits
    inner join areas on control_limits.area_code = areas.area_code
    inner join measures on control_limits.measure = measures.measure

)

select * from control_limits_named
