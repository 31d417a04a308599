{#- The paths of the files of records of one format, in the folder births/ of incoming files: `parquet` or `csv`, gzipped or not. Whatever
    else lies there is named in a warning. Reading files is DuckDB's alone: other databases find none. -#}
{% macro record_paths(format) -%}
    {{ return(adapter.dispatch('record_paths', 'infant_mortality')(format)) }}
{%- endmacro %}

{% macro default__record_paths(format) -%}
    {{ return([]) }}
{%- endmacro %}

{% macro duckdb__record_paths(format) -%}
    {%- if not execute -%}
        {{ return([]) }}
    {%- endif -%}
    {%- set pattern = path_as_pattern(record_folder()) ~ '**' -%}
    {%- set endings = {'parquet': ['.parquet'], 'csv': ['.csv', '.csv.gz']}[format] -%}
    {%- set found = [] -%}
    {%- for path in run_query("select file from glob('" ~ pattern ~ "') order by file").columns[0].values() -%}
        {%- if endings | select('in', [path.lower()[-8:], path.lower()[-7:], path.lower()[-4:]]) | list -%}
            {%- do found.append(path) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{#- The folder of the records, with a slash at its end. -#}
{% macro record_folder() -%}
    {{ return(var('incoming_folder').rstrip('/') ~ '/births/') }}
{%- endmacro %}

{#- A path as DuckDB's readers take it in a string: characters that would stand for others stand for themselves. -#}
{% macro path_as_pattern(path) -%}
    {{ return(modules.re.sub('([*?]|\\[)', '[\\1]', path) | replace("'", "''")) }}
{%- endmacro %}

{#- Paths as a list of strings in SQL. -#}
{% macro paths_as_list(paths) -%}
    {%- set quoted = [] -%}
    {%- for path in paths -%}
        {%- do quoted.append("'" ~ path_as_pattern(path) ~ "'") -%}
    {%- endfor -%}
    {{ return('[' ~ quoted | join(', ') ~ ']') }}
{%- endmacro %}
