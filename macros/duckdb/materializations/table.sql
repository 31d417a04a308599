{#- Tables on DuckDB: made in place, where dbt-duckdb builds aside, renames twice and drops. The build file is itself aside, and people see
    it only after every test passed (docs/publishing.md), so nothing is gained by swapping table by table; the time of a build is.
    Contract, constraints and comments are dbt's own; the primary key is added when the rows are in, which takes half the time. -#}
{% materialization table, adapter='duckdb' %}
    {%- set relation = this.incorporate(type='table') -%}
    {%- set is_contracted = config.get('contract').enforced -%}
    {%- do make_way(relation) -%}
    {{ run_hooks(pre_hooks, inside_transaction=false) }}
    {{ run_hooks(pre_hooks, inside_transaction=true) }}
    {%- call statement('main', auto_begin=is_contracted) -%}
        {%- if is_contracted -%}
            {{ get_assert_columns_equivalent(compiled_code) }}
            create or replace table {{ relation }} {{ columns_and_checks() }};
            insert into {{ relation }} {{ get_column_names() }} ({{ get_select_subquery(compiled_code) }});
            {%- for constraint in model.constraints if constraint.type == 'primary_key' %}
            alter table {{ relation }} add {{ adapter.render_raw_model_constraints([constraint]) | join }};
            {%- endfor %}
        {%- else -%}
            create or replace table {{ relation }} as ({{ compiled_code }});
        {%- endif -%}
        {{ comments_from_descriptions(relation) }}
    {%- endcall -%}
    {{ run_hooks(post_hooks, inside_transaction=true) }}
    {#- dbt opened a transaction for a contract, and for what a macro of the model looked up. -#}
    {%- do adapter.commit() -%}
    {{ run_hooks(post_hooks, inside_transaction=false) }}
    {{ return({'relations': [relation]}) }}
{% endmaterialization %}
