{#- A sum of doubles added up in one order, so that its last digit does not depend on how the rows happened to come: for sums of which a
    subtraction leaves little. Slower than a plain sum. -#}
{% macro sum_in_order(summand, place) -%}
    {{ adapter.dispatch("sum_in_order")(summand, place) }}
{%- endmacro %}

{% macro default__sum_in_order(summand, place) -%}
    sum({{ summand }} order by {{ place }} asc)
{%- endmacro %}

{% macro spark__sum_in_order(summand, place) -%}
    aggregate(array_sort(collect_list(named_struct('place', {{ place }}, 'summand', {{ summand }}))), 0D, (total, row) -> total + row.summand)
{%- endmacro %}
