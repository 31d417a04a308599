{#- For data tests whose failures a person must be able to read: runs the query while building or testing and, where it returns rows,
    stops with the sentences of its first column instead of a number of failures. Having been run, it is not run a second time. -#}
{% macro fail_with_sentences(query) -%}
    {%- if execute and flags.WHICH in ('build', 'test') -%}
        {%- set sentences = run_query(query).columns[0].values() -%}
        {%- if sentences | length > 0 -%}
            {{ exceptions.raise_compiler_error(sentences | join('\n')) }}
        {%- endif -%}
        select cast(null as varchar) as problem where 1 = 0
    {%- else -%}
        {{ query }}
    {%- endif -%}
{%- endmacro %}
