{#- The on-run-end hook: publishes what a whole, passed `dbt build` has made, and says in one line why otherwise not. The work is done by
    the plugin in publish/, which hands back what to print; an error there becomes this hook's failure, and dbt's exit code. -#}
{% macro publish_when_whole(results) %}
    {%- if execute and target.type == 'duckdb' -%}
        {%- set reason = reason_not_to_publish(results) -%}
        {%- if not reason -%}
            {%- set request = publishing_request() -%}
            {%- do adapter.store_relation('publish', api.Relation.create(schema=request['schema']), [], '', 'duckdb', request) -%}
            {%- if request['has_failed'] -%}
                select error('{{ request["outcome"] | replace("'", "''") }}')
            {%- else -%}
                {%- do print(request['outcome']) -%}
            {%- endif -%}
        {%- elif invocation_args_dict.get('which') == 'build' -%}
            {#- A failed build says so even under --quiet. -#}
            {%- do print('Not published: ' ~ reason) -%}
        {%- else -%}
            {%- do log('Not published: ' ~ reason, info=true) -%}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
