-- Within one table: neonatal and postneonatal deaths are the infant deaths, deaths under 7 days lie within those under 28,
-- stillbirths and deaths under 7 days are the perinatal deaths. Three years of England and Wales are excepted: there the printed
-- sums contain stillbirths that a later revision of the column of stillbirths no longer shows.
{%- set wholes = [
    ('infant_deaths', 'neonatal_deaths', 'postneonatal_deaths'),
    ('perinatal_deaths', 'stillbirths', 'early_neonatal_deaths'),
    ('stillbirth_and_neonatal_deaths', 'stillbirths', 'neonatal_deaths'),
] %}
with counts as (

    select * from {{ ref('int_counts') }}
    where count_status = 'ok' and years_in_count = 1 and not is_derived and not is_supplied

),

sums as (

    {% for whole, first_part, second_part in wholes -%}
    select
        wholes.publication,
        wholes.source_table,
        wholes.data_year,
        wholes.area_code,
        wholes.item,
        wholes.count_value,
        first_parts.count_value + second_parts.count_value as parts_total
    from counts as wholes
    inner join counts as first_parts
        on wholes.publication = first_parts.publication
        and wholes.source_table = first_parts.source_table
        and wholes.data_year = first_parts.data_year
        and wholes.area_code = first_parts.area_code
        and first_parts.item = '{{ first_part }}'
    inner join counts as second_parts
        on wholes.publication = second_parts.publication
        and wholes.source_table = second_parts.source_table
        and wholes.data_year = second_parts.data_year
        and wholes.area_code = second_parts.area_code
        and second_parts.item = '{{ second_part }}'
    where wholes.item = '{{ whole }}'
    {% if not loop.last %}union all
    {% endif %}
    {%- endfor %}

)

select sums.*
from sums
left join {{ ref('known_misprints') }} as known_differences
    on sums.publication = known_differences.publication
    and sums.source_table = known_differences.source_table
    and sums.data_year = known_differences.data_year
    and sums.area_code = known_differences.area_code
    and sums.item = known_differences.item
    and sums.parts_total = {{ whole_number('known_differences.implied_value') }}
where sums.count_value <> sums.parts_total
    and known_differences.item is null
