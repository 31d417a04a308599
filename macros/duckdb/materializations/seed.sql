{#- Seeds on DuckDB, read by DuckDB alone: the column types are those under `column_types` in dbt_project.yml, text where none is
    given, never a guess from the rows at hand. A value that does not fit fails with file, line, column and the expected type. -#}
{% materialization seed, adapter='duckdb' %}
    {%- set relation = this.incorporate(type='table') -%}
    {%- set types = [] -%}
    {%- for column, data_type in config.get('column_types', {}).items() if data_type != 'varchar' -%}
        {%- do types.append("'" ~ column ~ "': '" ~ data_type ~ "'") -%}
    {%- endfor -%}
    {%- do make_way(relation) -%}
    {{ run_hooks(pre_hooks, inside_transaction=false) }}
    {{ run_hooks(pre_hooks, inside_transaction=true) }}
    {%- call statement('main', auto_begin=false) -%}
        create or replace table {{ relation }} as
        from read_csv(
            '{{ adapter.get_seed_file_path(model) | replace("'", "''") }}',
            header = true, delim = ',', quote = '"', escape = '"',
            all_varchar = true {%- if types %}, types = { {{ types | join(', ') }} } {%- endif %}
        );
    {%- endcall -%}
    {#- dbt shows rows of this result after `dbt seed --show`; there are none, since no row passed through Python. -#}
    {%- do store_result('agate_table', response='OK') -%}
    {{ run_hooks(post_hooks, inside_transaction=true) }}
    {%- do adapter.commit() -%}
    {{ run_hooks(post_hooks, inside_transaction=false) }}
    {{ return({'relations': [relation]}) }}
{% endmaterialization %}
