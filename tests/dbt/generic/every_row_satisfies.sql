{#- Fails for every row on which the expression is false or NULL. -#}
{% test every_row_satisfies(model, expression) %}
select *
from {{ model }}
where not coalesce({{ expression }}, false)
{% endtest %}
