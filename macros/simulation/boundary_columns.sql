{#- boundary_bin, the highest bin at or above which stand as many areas as there are worst places (0 where none), and places_left, how many of
    those places are left for it by the bins above. -#}
{% macro boundary_columns(worst_places) -%}
    greatest(0, -1
        {%- for bin in range(10) %} + case when at_or_above_{{ bin }} >= {{ worst_places }} then 1 else 0 end{% endfor -%}
    ) as boundary_bin,
    {{ worst_places }} - greatest(0
        {%- for bin in range(1, 10) %}, case when at_or_above_{{ bin }} < {{ worst_places }} then at_or_above_{{ bin }} else 0 end{% endfor -%}
    ) as places_left
{%- endmacro %}
