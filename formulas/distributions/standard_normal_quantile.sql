{#- Two-sided normal quantiles, the only place where they stand. Written with an exponent, so that DuckDB and Spark read a double, not a
    decimal. -#}
{% macro standard_normal_quantile(level) -%}
    {%- set quantiles = {
        "80": "1.2815515655446004e0", "90": "1.6448536269514722e0", "95": "1.959963984540054e0", "98": "2.3263478740408408e0",
        "99": "2.5758293035489004e0", "99_8": "3.090232306167813e0", "99_9": "3.2905267314918945e0",
    } -%}
    {%- if level not in quantiles -%}
        {{ exceptions.raise_compiler_error(
            "standard_normal_quantile: level must be one of " ~ quantiles.keys() | join(", ") ~ ", not '" ~ level ~ "'"
        ) }}
    {%- endif -%}
    {{ quantiles[level] }}
{%- endmacro %}
