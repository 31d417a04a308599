{#-
  Two-sided normal quantiles, the only place where they stand. Written with an exponent, so that DuckDB and Spark read a double, not
  a decimal. `chosen` is the level that the variable `chosen_confidence` names.
-#}
{% macro standard_normal_quantile(level) -%}
    {%- set quantiles = {
        "80": "1.2815515655446004e0", "90": "1.6448536269514722e0", "95": "1.959963984540054e0", "98": "2.3263478740408408e0",
        "99": "2.5758293035489004e0", "99_8": "3.090232306167813e0", "99_9": "3.2905267314918945e0",
    } -%}
    {%- set confidence = var('chosen_confidence', 95) | string -%}
    {%- set name = confidence | replace('.', '_') if level == 'chosen' else level -%}
    {%- if level == 'chosen' and (name not in quantiles or '_' in confidence) -%}
        {{ exceptions.raise_compiler_error(
            "The variable chosen_confidence must be 80, 90, 95, 98, 99, 99.8 or 99.9, not '" ~ confidence ~ "'."
        ) }}
    {%- elif level not in ('95', '99_8', 'chosen') -%}
        {{ exceptions.raise_compiler_error(
            "standard_normal_quantile: level must be '95', '99_8' or 'chosen', not '" ~ level ~ "'"
        ) }}
    {%- endif -%}
    {{ quantiles[name] }}
{%- endmacro %}
