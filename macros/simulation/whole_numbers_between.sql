{#- In a select list: one row for each whole number from `first` up to but not including `past_last`. Each target has its own word for it. -#}
{% macro whole_numbers_between(first, past_last) -%}
    {{ adapter.dispatch("whole_numbers_between")(first, past_last) }}
{%- endmacro %}

{% macro default__whole_numbers_between(first, past_last) -%}
    generate_series({{ first }}, {{ past_last }} - 1)
{%- endmacro %}

{% macro duckdb__whole_numbers_between(first, past_last) -%}
    unnest(range({{ first }}, {{ past_last }}))
{%- endmacro %}

{% macro spark__whole_numbers_between(first, past_last) -%}
    explode(sequence({{ first }}, {{ past_last }} - 1))
{%- endmacro %}
