{#-
  Levels `deepest` down to `shallowest` of the continued fraction of far_upper_tails, as one expression of plain arithmetic. `inner` is
  what stands below the deepest level: nothing but its leading term where the fraction is cut off there, or the column that holds the levels
  further down. A long fraction is better written in pieces: planners take time that grows with the square of the nesting.
-#}
{% macro binomial_tail_fraction(count, total, share, deepest, shallowest=1, inner=none) -%}
    {%- set nested = namespace(sql=inner or "(" ~ count ~ " + " ~ deepest ~ ")") -%}
    {%- for level in range(deepest, shallowest - 1, -1) -%}
        {%- set m = level // 2 -%}
        {%- if level % 2 == 0 -%}
            {%- set numerator = " + " ~ m ~ " * greatest(" ~ total ~ " - " ~ count ~ " - " ~ (m - 1) ~ ", 0) * " ~ share -%}
        {%- else -%}
            {%- set numerator = " - (" ~ count ~ " + " ~ m ~ ") * (" ~ total ~ " + " ~ (m + 1) ~ ") * " ~ share -%}
        {%- endif -%}
        {%- set nested.sql = "(" ~ count ~ " + " ~ (level - 1) ~ numerator ~ " / " ~ nested.sql ~ ")" -%}
    {%- endfor -%}
    {{ nested.sql }}
{%- endmacro %}
