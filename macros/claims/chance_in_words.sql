{#- A probability in words, to two digits at most: how often chance alone would do this. -#}
{% macro chance_in_words(probability) -%}
    case
        when {{ probability }} < 0.0005 then 'less than once in 1,000 times'
        when {{ probability }} < 0.0015 then 'about once in 1,000 times'
        when {{ probability }} < 0.0995 then 'about ' || cast(cast(round({{ probability }} * 1000) as integer) as varchar) || ' times in 1,000'
        when {{ probability }} < 0.995 then 'about ' || cast(cast(round({{ probability }} * 100) as integer) as varchar) || ' times in 100'
        else 'nearly always'
    end
{%- endmacro %}
