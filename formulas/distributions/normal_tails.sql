{#- The density of the standard normal distribution. -#}
{% macro normal_density(deviate) -%}
    {%- set exponent = '(-0.5e0 * ' ~ deviate ~ ' * ' ~ deviate ~ ')' -%}
    {{ infant_mortality.double_literal(0.3989422804014327) }} * {{ infant_mortality.exponential(exponent) }}
{%- endmacro %}

{#- P(Z > z) of the standard normal distribution: its density times Mills' ratio, which one quotient of two polynomials gives from 0 upwards
    (fitted here with mpmath for the least relative error, 5e-17 up to z = 38; all coefficients positive, so nothing cancels). Beyond 37 the
    answer is under 1e-299 and given as 0, since PostgreSQL stops on an exponent too small to hold. -#}
{% macro normal_upper_tail(deviate) -%}
    {%- set distance = 'abs(' ~ deviate ~ ')' -%}
    {%- set numerator = [
        1.2533141373155001912, 1.940645921193781314, 1.4866258433035374324, 0.72351525833048371247, 0.24411747228720572249,
        0.058974749172455976149, 0.010199848465492235971, 0.0012219828625325102976, 0.0000927180317844664819, 3.4438394065740948631e-6,
    ] -%}
    {%- set denominator = [
        1, 2.3462959793084281338, 2.5582291450267707995, 1.7112667225495589114, 0.78008073266458255092, 0.25413187248275905998,
        0.0601898448030115028, 0.010292566485415568824, 0.0012254267021526584233, 0.000092718031782150825855, 3.4438394065854307281e-6,
    ] -%}
    case
        when {{ deviate }} > 37e0 then 0e0
        when {{ deviate }} < -37e0 then 1e0
        else
            case when {{ deviate }} < 0e0 then 1e0 else 0e0 end
            + case when {{ deviate }} < 0e0 then -1e0 else 1e0 end
            * {{ infant_mortality.normal_density(deviate) }}
            * {{ infant_mortality.polynomial(distance, numerator) }} / {{ infant_mortality.polynomial(distance, denominator) }}
    end
{%- endmacro %}

{#- P(Z <= z) of the standard normal distribution, to within 7.5e-8 (Abramowitz and Stegun 26.2.17): one exponential and five terms, for
    many rows of which the fourth place decides nothing. Without `case`, in which DuckDB works out a repeated part each time. -#}
{% macro normal_lower_tail_approximate(deviate) -%}
    {%- set t = "(1e0 / (1e0 + 0.2316419e0 * abs(" ~ deviate ~ ")))" -%}
    {%- set half = infant_mortality.normal_density(deviate)
        ~ " * " ~ t ~ " * (0.319381530e0 + " ~ t
        ~ " * (-0.356563782e0 + " ~ t ~ " * (1.781477937e0 + " ~ t ~ " * (-1.821255978e0 + " ~ t ~ " * 1.330274429e0))))" -%}
    abs(cast({{ deviate }} >= 0e0 as integer) - {{ half }})
{%- endmacro %}
