{#- What the plugin needs to know of this build: the fields of publish.publisher.Request, and what to print. Of a model with the meta key
    `export_file` that file, CSV or Parquet, is written beside the marts' own exports; of one with `printed_when_published` the
    sentences are printed. -#}
{% macro publishing_request() %}
    {%- set schema = 'marts' -%}
    {%- set tables = {} -%}
    {%- set extra_exports = {} -%}
    {%- set printed = [] -%}
    {%- for node in graph.nodes.values() -%}
        {%- if node.resource_type in ('model', 'seed', 'snapshot') and node.config.materialized != 'ephemeral' -%}
            {%- set relation = adapter.quote(node.schema) ~ '.' ~ adapter.quote(node.alias) -%}
            {%- if node.schema == schema -%}
                {%- set key = node.constraints | selectattr('type', 'equalto', 'primary_key') | map(attribute='columns') | first -%}
                {%- do tables.update({node.alias: key}) -%}
            {%- endif -%}
            {%- if node.config.meta.get('export_file') -%}
                {%- do extra_exports.update({relation: node.config.meta['export_file']}) -%}
            {%- endif -%}
            {%- if node.config.meta.get('printed_when_published') -%}
                {%- do printed.append(relation) -%}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set table_macros = [] -%}
    {%- for macro_schema in (schema, 'main') -%}
        {%- do table_macros.append(create_area_profile_macro(macro_schema)) -%}
        {%- do table_macros.append(create_combined_area_rate_macro(macro_schema)) -%}
        {%- do table_macros.append(create_pairwise_rank_intervals_macro(macro_schema)) -%}
        {%- do table_macros.append(create_rate_change_macro(macro_schema)) -%}
        {%- do table_macros.extend(create_formula_macros(macro_schema, none if macro_schema == schema else schema)) -%}
    {%- endfor -%}
    {{ return({
        'build_id': invocation_id,
        'built_at': run_started_at.isoformat(),
        'dbt_version': dbt_version,
        'schema': schema,
        'tables': tables,
        'extra_exports': extra_exports,
        'table_macros': table_macros,
        'printed': printed,
    }) }}
{% endmacro %}
