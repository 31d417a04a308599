-- The tables of docs/small_numbers.md, which scripts/fill_queries.py writes there; each is named by the comment above it.

-- table: power of Kirklees
select rate_ratio, fewest_deaths_called_higher, power_one_year, years_for_80_percent_power, fewest_deaths_of_verdict, chance_of_verdict
from marts.fct_detectability
where area_code = 'E08000034' and measure = 'infant' and basis = 'registration' and ranking_level = 'upper_tier'
order by rate_ratio;

-- table: power by level
select
    ranking_level, median(births_per_year) as births, median(power_one_year) as power,
    median(coalesce(years_for_80_percent_power, 201)) as years
from marts.fct_detectability
where measure = 'infant' and basis = 'registration' and rate_ratio = 1.3
group by ranking_level
order by births desc;

-- table: forecasts of Kirklees
select forecast_period, births, expected_deaths, lower_95, upper_95, observed_deaths, is_inside, lower_95_beforehand, upper_95_beforehand
from marts.fct_forecasts
where area_code = 'E08000034' and measure = 'infant' and basis = 'registration' and ranking_level = 'upper_tier'
order by forecast_period;

-- table: forecasts that were right
select
    measure, ranking_level, count(is_inside) as forecasts,
    avg(case when is_inside then 1e0 when not is_inside then 0e0 end) as share_inside,
    avg(case when is_inside_beforehand then 1e0 when not is_inside_beforehand then 0e0 end) as share_inside_beforehand
from marts.fct_forecasts
where ranking_level in ('region', 'upper_tier') and basis = 'registration'
group by measure, ranking_level
order by measure, ranking_level;

-- table: highest rates
select
    period, highest_area_name, highest_ratio, probability_equal_risk, probability_fitted_spread, highest_next_ratio, highest_next_rank,
    worst_tenth_ratio, worst_tenth_next_ratio
from marts.fct_extremes
where measure = 'perinatal_per_1000_live_births' and basis = 'registration' and ranking_level = 'upper_tier'
    and years_in_period = 1 and period_end_year between 2010 and 2015
order by period;

-- table: highest rates on average
select
    avg(highest_ratio) as highest_ratio, avg(highest_next_ratio) as highest_next_ratio,
    avg(worst_tenth_ratio) as worst_tenth_ratio, avg(worst_tenth_next_ratio) as worst_tenth_next_ratio,
    sum(worst_tenth_areas) as worst_tenth_areas, sum(worst_tenth_areas_followed) as areas_followed,
    sum(worst_tenth_areas_kept) as areas_kept
from marts.fct_extremes
where measure = 'perinatal_per_1000_live_births' and basis = 'registration' and ranking_level = 'upper_tier'
    and years_in_period = 1 and period_end_year between 2010 and 2015;
