{#- The on-run-end hook: publishes what a whole, passed `dbt build` has made, and says in one line why otherwise not.
    The work is done by the plugin in publish/; an error there becomes this hook's failure, and dbt's exit code. -#}
{% macro publish_when_whole(results) %}
    {%- if not execute -%}
        {#- Lets dbt note, while parsing, which models the table macros read. -#}
        {%- do published_table_macros() -%}
    {%- endif -%}
    {%- if execute and target.type == 'duckdb' -%}
        {%- set reason = reason_not_to_publish(results) -%}
        {%- if reason -%}
            {#- A failed build says so even under --quiet. -#}
            {%- if invocation_args_dict.get('which') == 'build' -%}
                {%- do print('Not published: ' ~ reason) -%}
            {%- else -%}
                {%- do log('Not published: ' ~ reason, info=true) -%}
            {%- endif -%}
        {%- else -%}
            {%- do run_query(create_area_profile_macro()) -%}
            {%- set request = publishing_request() -%}
            {%- do adapter.store_relation(
                'publish', api.Relation.create(schema=request['schema']), [], '', 'duckdb', request
            ) -%}
            {%- if request['has_failed'] -%}
                select error('{{ request["outcome"] | replace("'", "''") }}')
            {%- else -%}
                {%- do print(request['outcome']) -%}
            {%- endif -%}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
