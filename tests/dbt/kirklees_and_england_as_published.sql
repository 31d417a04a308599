-- The rates that the council and the article are about, to two places: Kirklees' three-year infant mortality rates;
-- England's rate of stillbirths and neonatal deaths in 2013 and 2014 (4,726 of 664,548), also per 1,000 live births.
{%- set expected = [
    ('E08000034', '2010-2012', 'infant', 'registration', 514),
    ('E08000034', '2011-2013', 'infant', 'registration', 541),
    ('E08000034', '2012-2014', 'infant', 'registration', 469),
    ('E08000034', '2013-2015', 'infant', 'registration', 509),
    ('E08000034', '2014-2016', 'infant', 'registration', 418),
    ('E92000001', '2013', 'stillbirth_and_neonatal', 'occurrence', 731),
    ('E92000001', '2014', 'stillbirth_and_neonatal', 'occurrence', 711),
    ('E92000001', '2014', 'stillbirth_and_neonatal_per_1000_live_births', 'occurrence', 714),
] %}
with expected as (

    {% for area_code, period, measure, basis, hundredths in expected -%}
    select
        '{{ area_code }}' as area_code,
        '{{ period }}' as period,
        '{{ measure }}' as measure,
        '{{ basis }}' as basis,
        {{ hundredths }} as rate_in_hundredths
    {% if not loop.last %}union all
    {% endif %}
    {%- endfor %}

),

rates as (

    select
        area_code,
        period,
        measure,
        basis,
        numerator,
        denominator
    from {{ ref('fct_rates') }}
    union all
    select
        area_code,
        period,
        measure,
        basis,
        numerator,
        denominator
    from {{ ref('fct_rolling_rates') }}

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
