{#-
  Confidence limit of a Poisson count. Below ten the exact limit is passed in (joined from the seed poisson_limits);
  from ten on it is Byar's approximation, the rule of OHID's technical guide and of PHEindicatormethods::phe_rate.
-#}
{% macro poisson_count_limit(side, level, count, exact_limit) -%}
    {%- if side not in ("lower", "upper") -%}
        {{ exceptions.raise_compiler_error("poisson_count_limit: side must be 'lower' or 'upper', not '" ~ side ~ "'") }}
    {%- endif -%}
    {%- set z = infant_mortality.standard_normal_quantile(level) -%}
    {%- set events = "cast(" ~ count ~ " as double precision)" -%}
    {%- set next_events = "(" ~ events ~ " + 1)" -%}
    case
        when {{ count }} < 10 then {{ exact_limit }}
        {%- if side == "lower" %}
        else {{ events }} * power(1 - 1 / (9 * {{ events }}) - {{ z }} / (3 * sqrt({{ events }})), 3)
        {%- else %}
        else {{ next_events }} * power(1 - 1 / (9 * {{ next_events }}) + {{ z }} / (3 * sqrt({{ next_events }})), 3)
        {%- endif %}
    end
{%- endmacro %}
