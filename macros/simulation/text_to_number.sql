{#- A number from 0 to 2147483646 made of the first 24 characters of a text: the same on every machine, target and version. -#}
{% macro text_to_number(text) -%}
    {%- set nested = namespace(sql="cast(0 as bigint)") -%}
    {%- for position in range(1, 25) -%}
        {%- set nested.sql = "mod(131 * " ~ nested.sql ~ " + coalesce(ascii(substring(" ~ text ~ ", " ~ position ~ ", 1)), 0), 2147483647)" -%}
    {%- endfor -%}
    {{ nested.sql }}
{%- endmacro %}
