{#- Stops the build with one sentence where a seed's header lacks a column or has one too many. Nothing is written to the SQL. -#}
{% macro require_columns(relation, file, expected) -%}
    {%- if execute -%}
        {%- set found = adapter.get_columns_in_relation(relation) | map(attribute='name') | map('lower') | list -%}
        {%- set missing = expected | reject('in', found) | list -%}
        {%- set unknown = found | reject('in', expected) | list -%}
        {%- if found and (missing or unknown) -%}
            {{ exceptions.raise_compiler_error(
                file ~ ', line 1: '
                ~ ('column ' ~ missing | join(', ') ~ ' is missing' if missing else '')
                ~ ('; ' if missing and unknown else '')
                ~ ('column ' ~ unknown | join(', ') ~ ' is not known' if unknown else '')
                ~ '; expected ' ~ expected | join(',') ~ '.'
            ) }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
