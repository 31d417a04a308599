{#- What is said of the first field, by the alphabet, that holds a character which may not stand there: its name (`field`), its text
    (`cell`) or that character; NULL where all may. A code has letters, digits and a few marks; a number, a basis or an item what a keyboard
    has, and dashes; any other field all that can be seen. -#}
{% macro character_refused(fields, what) -%}
    {%- set plain = ['period', 'count', 'numerator', 'denominator', 'live_births', 'stillbirths', 'neonatal_deaths', 'basis', 'item'] -%}
case
    {%- for field in fields | sort %}
        {%- set is_code = field in ('area_code', 'parent_area_code') -%}
        {%- set text = 'upper(' ~ field ~ '_text)' if is_code else field ~ '_text' -%}
        {%- set allowed = '[A-Z0-9_.+-]*' if is_code else '[ -~–−≤…]*' if field in plain else '[^\\p{C}]*' -%}
        {%- set said = {
            'field': "'" ~ field ~ "'", 'cell': text, 'character': "substr(regexp_replace(" ~ text ~ ", '^" ~ allowed ~ "', ''), 1, 1)"
        } %}
    when {{ text }} not similar to '{{ allowed }}' then {{ said[what] }}
    {%- endfor %}
end
{%- endmacro %}

{#- A character as U+200B writes it. -#}
{% macro code_point(character) -%}
    {%- set digits = 'upper(to_hex(ascii(' ~ character ~ ')))' -%}
    'U+' || lpad({{ digits }}, cast(greatest(length({{ digits }}), 4) as integer), '0')
{%- endmacro %}
