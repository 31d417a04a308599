-- Deaths from none to twelve, and many; one area without births and one whose deaths are not known. Some columns bear names that formulas
-- give to steps of theirs, with other values, which must not matter.
select
    area,
    deaths,
    births,
    cast(expected as double precision) as expected,
    1 as ranking_id,
    cast(deaths as double precision) as event_count,
    -1e0 as total_count,
    -2e0 as births_share,
    -3e0 as far_tail,
    -4e0 as tail_shape,
    -5e0 as stride,
    -6e0 as from_numerator
from (
    values
    {%- for deaths in range(13) %}
    ({{ deaths }}, {{ deaths }}, {{ 900 + 150 * deaths }}, {{ 4.5 + 0.4 * deaths }}),
    {%- endfor %}
    (20, 36, 4702, 18.3),
    (21, 250, 60000, 240.5),
    (22, 4, 0, null),
    (23, null, 500, 1.9)
) as listed (area, deaths, births, expected)
