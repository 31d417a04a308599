{#-
  The table macro area_profile(area_code): one row per measure, basis and period of one area, with the rate, its rank and verdict, and for
  single years the trend up to that year. An area that stands in two levels shows its rank in the first of
  them (dim_area.first_ranking_level). Of an area that is not known, or has no figures, there is one row, whose `reason` says so.
-#}
{% macro create_area_profile_macro(schema) -%}
create or replace macro {{ schema }}.area_profile(area_code) as table
-- A bare `area_code` is the parameter; the column is named with its table.
with areas as (

    select * from marts.dim_area

),

measures as (

    select * from marts.dim_measure

),

rates as (

    select * from marts.fct_rates as single_years
    where single_years.area_code = area_code
    union all by name
    select * exclude (years_published, is_complete, is_non_overlapping) from marts.fct_rolling_rates as windows
    where windows.area_code = area_code and windows.is_complete

),

ranks as (

    select rankings.*
    from marts.fct_rankings as rankings
    inner join areas on rankings.area_code = areas.area_code and rankings.ranking_level = areas.first_ranking_level
    where rankings.area_code = area_code

),

trends as (

    select * from marts.fct_trends as all_trends
    where all_trends.area_code = area_code

),

rates_of_area as (

    select
        areas.area_code,
        areas.area_name,
        measures.measure,
        measures.measure_name,
        rates.basis,
        rates.period,
        rates.period_end_year,
        rates.years_in_period,
        rates.numerator,
        rates.denominator,
        rates.rate_per_1000,
        rates.lower_95,
        rates.upper_95,
        rates.status,
        rates.reliability_flag,
        rates.rate_display,
        ranks.ranking_level,
        ranks.rank_highest_first,
        ranks.areas_ranked,
        ranks.rank_lower_95,
        ranks.rank_upper_95,
        ranks.benchmark_rate_per_1000,
        ranks.probability_above_benchmark,
        ranks.verdict,
        trends.recent_trend,
        trends.annual_percent_change,
        trends.trend_p_value,
        cast(null as varchar) as reason
    from rates
    inner join areas on rates.area_code = areas.area_code
    inner join measures on rates.measure = measures.measure
    left join ranks
        on rates.period = ranks.period
        and rates.measure = ranks.measure
        and rates.basis = ranks.basis
    left join trends
        on rates.period = trends.last_period
        and rates.measure = trends.measure
        and rates.basis = trends.basis
    order by measures.display_order, rates.basis, rates.years_in_period, rates.period_end_year

),

answers as (

    select * from rates_of_area
    union all by name
    select
        area_code as area_code,
        case
            when exists (select 1 from areas where areas.area_code = area_code) then 'The area has no figures.'
            else 'No area is known with the code ' || coalesce(area_code, 'NULL') || ' (dim_area).'
        end as reason
    where not exists (select 1 from rates_of_area)

)

select * from answers
{%- endmacro %}
