{#- Line of a seed file, the header being line 1: seeds are loaded in the order of the file, which is read back in that order. -#}
{% macro seed_line() -%}
    {{ return(adapter.dispatch('seed_line', 'infant_mortality')()) }}
{%- endmacro %}

{% macro default__seed_line() -%}
    cast(row_number() over () + 1 as integer)
{%- endmacro %}

{% macro spark__seed_line() -%}
    cast(row_number() over (order by monotonically_increasing_id()) + 1 as integer)
{%- endmacro %}
