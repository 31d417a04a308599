{#- A number as people read it, by the name of its format: `whole` (1,234), `year` (2014), `decimals` (as many as asked for),
    `percent` (of a share: 0.29 as 29 %). -#}
{% macro number_in_words(number, written_as, decimals) -%}
    case {{ written_as }}
        when 'whole' then {{ with_thousands_commas('cast(round(' ~ number ~ ') as bigint)') }}
        when 'year' then cast(cast(round({{ number }}) as integer) as varchar)
        when 'decimals'
            then case {{ decimals }}
                {% for places in range(4) -%}
                when {{ places }} then {{ fixed_decimals(number, places) }}
                {% endfor -%}
            end
        when 'percent'
            then case {{ decimals }}
                {% for places in range(4) -%}
                when {{ places }} then {{ fixed_decimals('(100e0 * ' ~ number ~ ')', places) }}
                {% endfor -%}
            end || ' %'
    end
{%- endmacro %}
