{#- Why this dbt command may not publish, as the rest of a sentence; an empty string where it may. Only `dbt build` of
    the whole project may: any other command leaves tables untested, or tests without their tables. -#}
{% macro reason_not_to_publish(results) %}
    {%- set command = invocation_args_dict.get('which') -%}
    {%- if command != 'build' -%}
        {{ return('`dbt ' ~ command ~ '` builds or tests a part; `dbt build` publishes.') }}
    {%- endif -%}

    {#- `no-op` is what an exposure comes to. -#}
    {%- set failed = results | rejectattr('status', 'in', ['success', 'pass', 'warn', 'no-op']) | list -%}
    {%- if failed -%}
        {%- set causes = failed | rejectattr('status', 'equalto', 'skipped') | list or failed -%}
        {%- set named = [] -%}
        {%- for result in causes[:5] -%}
            {%- do named.append(result.node.name ~ ' (' ~ result.status ~ ')') -%}
        {%- endfor -%}
        {{ return(
            failed | length ~ ' of ' ~ results | length ~ ' steps did not pass: ' ~ named | join(', ')
            ~ (', ...' if causes | length > 5 else '') ~ '. What was published before is as it was.'
        ) }}
    {%- endif -%}

    {%- for option in ('select', 'exclude', 'selector', 'resource_types', 'exclude_resource_types', 'empty', 'sample') -%}
        {%- if invocation_args_dict.get(option) -%}
            {{ return('this was a part of the project (`--' ~ option | replace('_', '-') ~ '`); a plain `dbt build` publishes.') }}
        {%- endif -%}
    {%- endfor -%}
    {#- Another default selector than this project's leaves nodes out without an option. -#}
    {%- set left_out = graph.nodes.values()
        | selectattr('resource_type', 'in', ['model', 'seed', 'snapshot', 'test'])
        | rejectattr('config.materialized', 'equalto', 'ephemeral')
        | rejectattr('unique_id', 'in', results | map(attribute='node.unique_id') | list)
        | map(attribute='name') | list -%}
    {%- if left_out -%}
        {{ return('this was a part of the project (without ' ~ left_out[0] ~ '); a plain `dbt build` publishes.') }}
    {%- endif -%}
    {{ return('') }}
{% endmacro %}
