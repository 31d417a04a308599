{#- All seeds under seeds/ons share one layout, so one select stages them: names, types, marks to status. No joins. -#}
{% macro staged_ons_figures(seed_name, basis, precedence) -%}
with figures as (

    select * from {{ ref(seed_name) }}

),

figures_typed as (

    select
        publication,
        data_year,
        source_table,
        '{{ basis }}' as basis,
        {{ precedence }} as precedence,
        area_code,
        area_name_printed,
        item,
        {{ count_from_mark('count_value', 'count_mark') }} as count_value,
        {{ status_from_mark('count_value', 'count_mark') }} as count_status,
        count_value as count_as_printed,
        count_mark,
        printed_rate,
        printed_rate_mark,
        reliability_mark,
        '{{ seed_name }}' as source_file,
        row_number() over (order by publication, data_year, source_table, area_code, item) + 1 as source_line
    from figures

)

select * from figures_typed
{%- endmacro %}
