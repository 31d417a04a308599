{#- By which cohort deaths are counted, `death` or `birth`: the variable of that name. -#}
{% macro records_cohort() -%}
    {%- set cohort = var('records_cohort') -%}
    {%- if cohort not in ('death', 'birth') -%}
        {{ exceptions.raise_compiler_error('The variable records_cohort is "' ~ cohort ~ '" where death or birth was expected.') }}
    {%- endif -%}
    {{ return(cohort) }}
{%- endmacro %}
