{#- A number from 0 to 2147483646 made of the first 24 characters of a text: the same on every machine, target and version. The characters'
    codes, each times a power of 131 modulo the prime 2147483647, added up. -#}
{% macro text_to_number(text) -%}
    {%- set modulus = 2147483647 -%}
    {%- set power = namespace(value=1) -%}
    mod(
        {%- for position in range(1, 25) %}
        {{ "+ " if not loop.first }}coalesce(ascii(substring({{ text }}, {{ position }}, 1)), 0) * cast({{ power.value }} as bigint)
        {%- set power.value = power.value * 131 % modulus %}
        {%- endfor %},
        {{ modulus }}
    )
{%- endmacro %}
