{#- The last day on which a birth or death can have happened: that of the variable, or the day of the build. A date, as text. -#}
{% macro record_latest_date() -%}
    {{ return(var('records_latest_date') or run_started_at.strftime('%Y-%m-%d')) }}
{%- endmacro %}
