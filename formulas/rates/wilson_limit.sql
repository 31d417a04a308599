{#-
  Wilson's score limit of a proportion. With s = z * sqrt(z^2 + 4n(1 - n/b)) the limits are (2n + z^2 -/+ s) / (2(b + z^2)).
  The lower one is written as 2n^2 / (b(2n + z^2 + s)): the same number (the product of the two roots is n^2 / (b(b + z^2))),
  but nothing cancels, so that it is exactly 0 when n = 0.
-#}
{% macro wilson_limit(side, level, numerator, denominator, deviate=none) -%}
    {%- if side not in ("lower", "upper") -%}
        {{ exceptions.raise_compiler_error("wilson_limit: side must be 'lower' or 'upper', not '" ~ side ~ "'") }}
    {%- endif -%}
    {%- set z = deviate or infant_mortality.standard_normal_quantile(level) -%}
    {%- set events = "cast(" ~ numerator ~ " as double precision)" -%}
    {%- set upper_sum = "(2 * " ~ events ~ " + " ~ z ~ " * " ~ z ~ " + " ~ z ~ " * sqrt(" ~ z ~ " * " ~ z ~ " + 4 * " ~ events
        ~ " * (1 - " ~ events ~ " / " ~ denominator ~ ")))" -%}
    case
        when {{ numerator }} >= 0 and {{ numerator }} <= {{ denominator }} and {{ denominator }} > 0
        {%- if side == "lower" %}
            then 2 * {{ events }} * {{ events }} / ({{ denominator }} * {{ upper_sum }})
        {%- else %}
            then least(1, {{ upper_sum }} / (2 * ({{ denominator }} + {{ z }} * {{ z }})))
        {%- endif %}
    end
{%- endmacro %}
