{#- What the plugin needs to know of this build: the fields of publish.publisher.Request. A model with the meta key
    `export_csv` is written to that CSV file beside the marts' own exports. -#}
{% macro publishing_request() %}
    {%- set schema = 'marts' -%}
    {%- set tables = [] -%}
    {%- set extra_exports = {} -%}
    {%- for node in graph.nodes.values() -%}
        {%- if node.resource_type in ('model', 'seed', 'snapshot') and node.config.materialized != 'ephemeral' -%}
            {%- if node.schema == schema -%}
                {%- do tables.append(node.alias) -%}
            {%- endif -%}
            {%- if node.config.meta.get('export_csv') -%}
                {%- do extra_exports.update({
                    adapter.quote(node.schema) ~ '.' ~ adapter.quote(node.alias): node.config.meta['export_csv']
                }) -%}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return({
        'build_id': invocation_id,
        'built_at': run_started_at.isoformat(),
        'dbt_version': dbt_version,
        'schema': schema,
        'tables': tables,
        'extra_exports': extra_exports,
        'table_macros': published_table_macros(),
    }) }}
{% endmacro %}
