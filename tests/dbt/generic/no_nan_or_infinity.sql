{#- Fails for every double column that holds a NaN or an infinity, naming the column and how many rows do; one pass over the table.
    Engines that order NaN put it above every number, so that one comparison finds both. -#}
{% test no_nan_or_infinity(model) %}
{%- set double_columns = [] -%}
{%- if execute -%}
    {%- for column in adapter.get_columns_in_relation(model) if column.is_float() -%}
        {%- do double_columns.append(column.quoted) -%}
    {%- endfor -%}
    {%- if not double_columns -%}
        {{ exceptions.raise_compiler_error("no_nan_or_infinity: " ~ model ~ " has no double column to test") }}
    {%- endif -%}
{%- endif -%}
with counted as (

    select
        {% for column in double_columns -%}
        sum(case when {{ column }} is not null and not abs({{ column }}) <= 1.7976931348623157e308 then 1 else 0 end) as rows_{{ loop.index }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from {{ model }}

),

columns_with_count as (

    {% for column in double_columns -%}
    select '{{ column | replace('"', '') }}' as column_name, rows_{{ loop.index }} as row_count from counted
    {% if not loop.last %}union all
    {% endif -%}
    {% endfor %}
)

select * from columns_with_count
where row_count > 0
{% endtest %}
