{% macro whole_number(text) -%}
    {{ return(adapter.dispatch('whole_number', 'infant_mortality')(text)) }}
{%- endmacro %}

{% macro default__whole_number(text) -%}
    case when {{ text }} similar to '-?[0-9]{1,18}' then cast({{ text }} as bigint) end
{%- endmacro %}

{% macro spark__whole_number(text) -%}
    case when {{ text }} rlike '^-?[0-9]{1,18}$' then cast({{ text }} as bigint) end
{%- endmacro %}
