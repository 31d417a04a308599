{#- ln Γ(x) for x > 0: Stirling's series at x + 8, less ln(x (x + 1) … (x + 7)). -#}
{% macro log_gamma(argument) -%}
    {%- set shifted = '(' ~ argument ~ ' + 8e0)' -%}
    {%- set inverse_square = '(1e0 / (' ~ shifted ~ ' * ' ~ shifted ~ '))' -%}
    (
        ({{ shifted }} - 0.5e0) * ln({{ shifted }}) - {{ shifted }} + {{ double_literal(0.91893853320467274178) }}
        + {{ polynomial(inverse_square, [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156]) }} / {{ shifted }}
        - ln({{ argument }}{% for step in range(1, 8) %} * ({{ argument }} + {{ step }}e0){% endfor %})
    )
{%- endmacro %}
