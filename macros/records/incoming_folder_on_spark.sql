{#- The folder of supplied files as Spark finds it: a place such as s3a://bucket/folder, or a path, made whole where it begins in the
    project's folder. -#}
{% macro incoming_folder_on_spark() -%}
    {%- set folder = (env_var('INCOMING_FOLDER', '') or var('incoming_folder')).rstrip('/') -%}
    {%- if not modules.re.match('/|[A-Za-z][A-Za-z0-9+.-]*:', folder) -%}
        {%- set folder = invocation_args_dict.get('project_dir') ~ '/' ~ folder -%}
    {%- endif -%}
    {{ return(folder) }}
{%- endmacro %}
