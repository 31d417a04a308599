{#- The ways in which files of records of one format, `parquet` or `csv`, are to be read, as a list of dictionaries, each with the files
    that are read in that way, as `paths` and as `source_files`; of some paths only where they are given. Files with the same columns are
    read together. -#}
{% macro record_readings(format, paths=none) -%}
    {%- set files = ref('int_record_files_found') -%}
    {%- if not execute or not load_relation(files) -%}
        {{ return([]) }}
    {%- endif -%}
    {%- set found = run_query(
        "select reading, file_path, source_file from " ~ files ~ " where problem is null and file_format = '" ~ format
        ~ "' order by source_file"
    ) -%}
    {%- set groups = {} -%}
    {%- for reading, path, source_file in found.rows if paths is none or path in paths -%}
        {%- set files_alike = groups.setdefault(reading, {'paths': [], 'source_files': []}) -%}
        {%- do files_alike['paths'].append(path) -%}
        {%- do files_alike['source_files'].append(source_file) -%}
    {%- endfor -%}
    {%- set readings = [] -%}
    {%- for reading, files_alike in groups.items() -%}
        {%- set known = fromjson(reading) -%}
        {%- do known.update(files_alike) -%}
        {%- do readings.append(known) -%}
    {%- endfor -%}
    {{ return(readings) }}
{%- endmacro %}
