{#- SQL of Parquet files as Spark reads them without a table: one path, or several files within a folder. Characters that would stand for
    others stand for themselves. -#}
{% macro parquet_files_on_spark(path, files=none) -%}
    {%- set found = path_on_spark(path) -%}
    {%- if files is not none -%}
        {%- set names = [] -%}
        {%- for name in files -%}
            {#- Twice: between braces one level of escaping is taken off. -#}
            {%- do names.append(path_on_spark(path_on_spark(name))) -%}
        {%- endfor -%}
        {%- set found = found ~ '/{' ~ names | join(',') ~ '}' -%}
    {%- endif -%}
    {{ return('parquet.`' ~ found | replace('`', '``') ~ '`') }}
{%- endmacro %}

{% macro path_on_spark(path) -%}
    {{ return(modules.re.sub('([][{}*?,\\\\])', '\\\\\\1', path)) }}
{%- endmacro %}
