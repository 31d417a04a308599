{#- The line goes through so many years, and a series must have so many to have a level at all. -#}
{%- set years_in_level = 6 -%}
{%- set fewest_years = 20 -%}
with rates as (

    select * from {{ ref('int_rates_calculated') }}
    where years_in_period = 1 and status = 'ok'

),

definition_changes as (

    select * from {{ ref('stg_reference__definition_changes') }}
    where first_year_after is not null

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
    where years.years_of_series >= {{ fewest_years }}
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
        cast(neighbours.period_end_year - years.period_end_year as double precision) as years_away,
        neighbours.rate_per_1000,
        row_number() over (
            partition by years.area_code, years.measure, years.basis, years.period_end_year
            order by abs(neighbours.period_end_year - years.period_end_year) asc, neighbours.period_end_year asc
        ) as nearness
    from years_in_parts as years
    inner join years_in_parts as neighbours
        on years.area_code = neighbours.area_code
        and years.measure = neighbours.measure
        and years.basis = neighbours.basis
        and years.series_part = neighbours.series_part
        and years.period_end_year <> neighbours.period_end_year
        and abs(neighbours.period_end_year - years.period_end_year) <= {{ years_in_level }}

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
        neighbours.mean_rate - neighbours.slope * neighbours.mean_years_away as level_per_1000,
        1e0 / {{ years_in_level }} + power(neighbours.mean_years_away, 2) / neighbours.spread as leverage
    from years_in_parts as years
    left join neighbours_summed as neighbours
        on years.area_code = neighbours.area_code
        and years.measure = neighbours.measure
        and years.basis = neighbours.basis
        and years.period_end_year = neighbours.period_end_year

),

levels_with_deaths as (

    select
        *,
        level_per_1000 * denominator / 1000e0 as expected_deaths
    from levels_fitted

),

-- A line through rates of few deaths can end at next to nothing, or below: less than one death a year is no level.
levels_kept as (

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

)

select * from levels_kept
