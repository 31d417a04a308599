{#- dbt's query of a unit test, each step of the tested model worked out once. -#}
{% macro postgres__get_unit_test_sql(main_sql, expected_fixture_sql, expected_column_names) -%}
    {{ dbt.default__get_unit_test_sql(steps_worked_out_once(main_sql), expected_fixture_sql, expected_column_names) }}
{%- endmacro %}
