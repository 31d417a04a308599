{#- In a grouped select: 1 where a count of any of the group's rates was supplied by a user, else 0. -#}
{% macro any_count_supplied(rates) -%}
    max(
            case
                when {{ is_supplied(rates ~ '.numerator_publication') }} or {{ is_supplied(rates ~ '.denominator_publication') }}
                    then 1
                else 0
            end
        )
{%- endmacro %}
