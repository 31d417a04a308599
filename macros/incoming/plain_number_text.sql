{#- The digits of a number as people write it: 5,472 or 5 472 by thousands, 5472.0 as spreadsheets keep it, 02014; any other text as it
    is. -#}
{% macro plain_number_text(text) -%}
    case
        when regexp_full_match({{ text }}, '-?[0-9]{1,3}([ ,][0-9]{3})+(\.0+)?')
            then regexp_replace(regexp_replace({{ text }}, '\.0+$', ''), '[ ,]', '', 'g')
        when regexp_full_match({{ text }}, '-?[0-9]+(\.0+)?')
            then regexp_replace(regexp_replace({{ text }}, '\.0+$', ''), '^(-?)0+([0-9])', '\1\2')
        else {{ text }}
    end
{%- endmacro %}
