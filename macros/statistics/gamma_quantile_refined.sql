{#- The 2.5 % or 97.5 % point of a gamma distribution from gamma_quantile_start and gamma_quantile_residual u: the Taylor series of the
    inverse function, x + u + g u²/2 + (2g² + g') u³/6 + (6g³ + 7gg' + g'') u⁴/24, with g = -f'/f = 1 - (a - 1)/x. -#}
{% macro gamma_quantile_refined(shape, start, residual) -%}
    {%- set slope = '(1e0 - (' ~ shape ~ ' - 1e0) / ' ~ start ~ ')' -%}
    {%- set bend = '((' ~ shape ~ ' - 1e0) / (' ~ start ~ ' * ' ~ start ~ '))' -%}
    ({{ start }} + {{ residual }} * (
        1e0 + {{ residual }} * (
            {{ slope }} / 2e0 + {{ residual }} * (
                (2e0 * {{ slope }} * {{ slope }} + {{ bend }}) / 6e0 + {{ residual }} * (
                    6e0 * {{ slope }} * {{ slope }} * {{ slope }} + 7e0 * {{ slope }} * {{ bend }} - 2e0 * {{ bend }} / {{ start }}
                ) / 24e0
            )
        )
    ))
{%- endmacro %}
