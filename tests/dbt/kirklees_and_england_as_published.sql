-- The rates that the council and the article are about: Kirklees' three-year infant mortality rates, to two places;
-- the rate of stillbirths and neonatal deaths in England in 2014 (4,726 of 664,548).
with expected as (

    select 'E08000034' as area_code, '2010-2012' as period, 'infant' as measure, 'registration' as basis, 514 as rate_in_hundredths
    union all
    select 'E08000034' as area_code, '2011-2013' as period, 'infant' as measure, 'registration' as basis, 541 as rate_in_hundredths
    union all
    select 'E08000034' as area_code, '2012-2014' as period, 'infant' as measure, 'registration' as basis, 469 as rate_in_hundredths
    union all
    select 'E08000034' as area_code, '2013-2015' as period, 'infant' as measure, 'registration' as basis, 509 as rate_in_hundredths
    union all
    select 'E08000034' as area_code, '2014-2016' as period, 'infant' as measure, 'registration' as basis, 418 as rate_in_hundredths
    union all
    select 'E92000001' as area_code, '2014' as period, 'stillbirth_and_neonatal' as measure, 'occurrence' as basis, 711 as rate_in_hundredths
    union all
    select 'E92000001' as area_code, '2013' as period, 'stillbirth_and_neonatal' as measure, 'occurrence' as basis, 731 as rate_in_hundredths
    union all
    select 'E92000001' as area_code, '2014' as period, 'stillbirth_and_neonatal_per_1000_live_births' as measure, 'occurrence' as basis, 714 as rate_in_hundredths

),

rates as (

    select area_code, period, measure, basis, numerator, denominator from {{ ref('fct_rates') }}
    union all
    select area_code, period, measure, basis, numerator, denominator from {{ ref('fct_rolling_rates') }}

)

select
    expected.*,
    rates.numerator,
    rates.denominator
from expected
left join rates
    on expected.area_code = rates.area_code
    and expected.period = rates.period
    and expected.measure = rates.measure
    and expected.basis = rates.basis
where rates.denominator is null
    or expected.rate_in_hundredths <> {{ rounded_rate_units('rates.numerator', 'rates.denominator', 2) }}
