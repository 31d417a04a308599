-- Deaths from none to twelve, and many; one area without births and one whose deaths are not known.
select
    area,
    deaths,
    births,
    cast(expected as double precision) as expected,
    1 as ranking_id,
    cast(deaths as double precision) as event_count
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
