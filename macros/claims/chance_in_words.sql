{#- A probability in words, to one or two digits. -#}
{% macro chance_in_words(probability) -%}
    case
        when {{ probability }} < 0.001 then 'less than 1 in 1,000'
        when {{ probability }} < 0.0995 then 'about ' || cast(cast(round({{ probability }} * 1000) as integer) as varchar) || ' in 1,000'
        when {{ probability }} < 0.995 then 'about ' || cast(cast(round({{ probability }} * 100) as integer) as varchar) || ' in 100'
        else 'nearly certain'
    end
{%- endmacro %}
