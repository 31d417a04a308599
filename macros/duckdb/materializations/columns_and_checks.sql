{#- The columns of a contract with all its constraints but the primary key. -#}
{% macro columns_and_checks() %}
    {%- set checks = model.constraints | rejectattr('type', 'equalto', 'primary_key') | list -%}
    {%- set columns = adapter.render_raw_columns_constraints(raw_columns=model.columns) -%}
    ({{ (columns + adapter.render_raw_model_constraints(raw_constraints=checks)) | join(', ') }})
{% endmacro %}
