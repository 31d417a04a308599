{#- Whether a publication is a file that a user supplied: int_incoming_figures_accepted names those so. -#}
{% macro is_supplied(publication) -%}
    {{ publication }} like 'supplied/%'
{%- endmacro %}
