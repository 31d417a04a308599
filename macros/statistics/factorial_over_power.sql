{#-
  n! e^n / n^n, the slowly growing part of a factorial: sqrt(2 pi n) times Stirling's correction, 1 for n = 0. Constants below
  eight; from eight on Stirling's series to the term in n^-13, which is then below 1e-15. No table, no join, no log-gamma function.
-#}
{% macro factorial_over_power(count) -%}
    {%- set constants = [
        "1e0", "2.718281828459045e0", "3.694528049465325e0", "4.46345264959726e0",
        "5.118576565607272e0", "5.699065309538941e0", "6.225752985998999e0", "6.711284193392975e0",
    ] -%}
    case {{ count }}
        {%- for constant in constants %}
        when {{ loop.index0 }} then {{ constant }}
        {%- endfor %}
        else
            sqrt(6.283185307179586e0 * {{ count }}) * exp((
                1 / 12e0 - (
                    1 / 360e0 - (
                        1 / 1260e0 - (
                            1 / 1680e0 - (
                                1 / 1188e0 - (691 / 360360e0 - 1 / 156e0 / ({{ count }} * {{ count }})) / ({{ count }} * {{ count }})
                            ) / ({{ count }} * {{ count }})
                        ) / ({{ count }} * {{ count }})
                    ) / ({{ count }} * {{ count }})
                ) / ({{ count }} * {{ count }})
            ) / {{ count }})
    end
{%- endmacro %}
