{#- How sure the verdict is: whether chance alone would give what was seen at least once in twenty times. -#}
{% macro judged_certainty(probability) -%}
    case
        when {{ probability }} is null then 'unknown'
        when {{ probability }} < 0.05 then 'beyond_chance'
        else 'within_chance'
    end
{%- endmacro %}
