-- The tables whose answers docs/formulas.md shows, as a model of the package would write them.
create table counts as
select * from (values ('Kirklees', 36, 4702, 18.3e0, 20, 4900), ('Rutland', 3, 274, 1.1e0, 0, 301), ('Nowhere', null, 0, null, 2, 310))
    as listed (area, deaths, births, expected, other_deaths, other_births);
create table rates as
select area, 1 as ranking_id, cast(deaths as double precision) as event_count, cast(births as double precision) as births
from counts where deaths is not null;
create table rankings as select 1 as ranking_id, 39 as deaths, 4976 as births;
create table spreads as {{ infant_mortality.gamma_spreads('rates', 'rankings') }};
create table posteriors as
select 'Kirklees' as area, 30.5e0 as shape, 4700e0 as rate, 20.5e0 as other_shape, 4900e0 as other_rate;
create table tests as select 36e0 as event_count, 56e0 as total_count, 0.49e0 as births_share;
create table changes as
select '2021' as from_period, '2022' as to_period, 20 as from_numerator, 36 as to_numerator, 4900 as from_denominator,
    4702 as to_denominator, 4.08e0 as from_rate_per_1000, 7.66e0 as to_rate_per_1000, 2.49e0 as from_lower_95, 6.3e0 as from_upper_95,
    5.36e0 as to_lower_95, 10.6e0 as to_upper_95, 'ok' as from_status, 'ok' as to_status;
create table areas as select 'Kirklees' as area, 20 as areas_ranked;
create table hypotheses as select 'Kirklees' as area, 1 as is_other_lower, 20 as areas_ranked, 0.0004e0 as p_value;
