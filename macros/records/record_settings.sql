{#- What decides, beside the file itself, how its records are judged: the variables, and the text of the models that read and judge.
    Where it changes, every file is read anew. -#}
{% macro record_settings() -%}
    {%- set settings = [var('records_latest_date') | string, var('rejected_records_listed') | string] -%}
    {%- if execute -%}
        {%- set judging = ['int_record_lines_read', 'int_records_typed', 'int_records_judged'] -%}
        {%- for name in judging + ['int_records_counted', 'int_records_rejected'] -%}
            {%- do settings.append(graph.nodes['model.infant_mortality.' ~ name].checksum.checksum) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(local_md5(settings | join(' '))) }}
{%- endmacro %}
