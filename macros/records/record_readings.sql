{#- The ways in which files of records of one format, `parquet` or `csv`, are to be read, as a list of dictionaries, each with the paths of
    the files that are read in that way; of some paths only where they are given. Files with the same columns are read together. -#}
{% macro record_readings(format, paths=none) -%}
    {%- set files = ref('int_record_files_found') -%}
    {%- if not execute or not load_relation(files) -%}
        {{ return([]) }}
    {%- endif -%}
    {%- set found = run_query(
        "select reading, file_path from " ~ files ~ " where problem is null and file_format = '" ~ format ~ "' order by source_file"
    ) -%}
    {%- set groups = {} -%}
    {%- for reading, path in found.rows if paths is none or path in paths -%}
        {%- do groups.setdefault(reading, []).append(path) -%}
    {%- endfor -%}
    {%- set readings = [] -%}
    {%- for reading, group_paths in groups.items() -%}
        {%- set known = fromjson(reading) -%}
        {%- do known.update({'paths': group_paths}) -%}
        {%- do readings.append(known) -%}
    {%- endfor -%}
    {{ return(readings) }}
{%- endmacro %}
