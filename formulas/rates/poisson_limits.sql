{#-
  Confidence limit of a Poisson count. Below ten the exact limit is passed in (joined from the seed poisson_limits);
  from ten on it is Byar's approximation, the rule of OHID's technical guide and of PHEindicatormethods::phe_rate.
-#}
{% macro poisson_count_limit(side, level, count, exact_limit, deviate=none) -%}
    {%- if side not in ("lower", "upper") -%}
        {{ exceptions.raise_compiler_error("poisson_count_limit: side must be 'lower' or 'upper', not '" ~ side ~ "'") }}
    {%- endif -%}
    {%- set z = deviate or infant_mortality.standard_normal_quantile(level) -%}
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

{#-
  Confidence limit of a rate per 1,000: the limit of the count over the births. NULL where there can be no rate: no births, no
  count, a negative one. Whether more deaths than births are possible is for the caller to say (rate_status): of a measure whose deaths are
  not all among its births they are.
-#}
{% macro poisson_rate_limit(side, level, numerator, denominator, exact_limit, deviate=none) -%}
    case
        when {{ numerator }} >= 0 and {{ denominator }} > 0
            then 1000 * ({{ infant_mortality.poisson_count_limit(side, level, numerator, exact_limit, deviate) }}) / {{ denominator }}
    end
{%- endmacro %}
