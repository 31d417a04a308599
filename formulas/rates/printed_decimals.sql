{#- Places that a rate was shown with. More than two are a quotient stored behind the one place that the workbook shows. -#}
{% macro printed_decimals(rate_text) -%}
    case
        when position('.' in {{ rate_text }}) = 0 then 0
        when length({{ rate_text }}) - position('.' in {{ rate_text }}) > 2 then 1
        else length({{ rate_text }}) - position('.' in {{ rate_text }})
    end
{%- endmacro %}
