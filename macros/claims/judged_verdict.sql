{#- The verdict on a statement without a figure: does the published figures' direction agree, and would chance alone do the same?
    A disagreement that chance alone could give decides nothing. -#}
{% macro judged_verdict(is_agreeing, probability) -%}
    case
        when {{ is_agreeing }} is null or {{ probability }} is null then 'not_checkable'
        when {{ is_agreeing }} then 'consistent'
        when {{ probability }} < 0.05 then 'contradicted'
        else 'not_checkable'
    end
{%- endmacro %}
