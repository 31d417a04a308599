-- Where a seed kept by hand numbers its rows, in the whole or within a group, the numbers run from 1 without a gap: a row that was dropped
-- leaves one, and so does a number that was mistyped. Several rows may share a place where they are forms of one thing.
{%- set orders = {
    'build_summary_sentences': ('line', []),
    'claim_assumptions': ('assumption_order', ['role']),
    'claim_rules': ('rule_order', ['rule_set']),
    'deprivation_deciles': ('deprivation_decile', []),
    'fingertips_indicators': ('indicator_number', []),
    'incoming_faults': ('fault_order', []),
    'incoming_headings': ('heading_order', []),
    'incoming_known_tables': ('line_order', ['known_table']),
    'incoming_layouts': ('display_order', []),
    'measures': ('display_order', []),
    'ranking_levels': ('display_order', []),
    'summary_sentences': ('sentence_order', []),
} %}
with numbers as (

    {% for seed, (number, within) in orders.items() -%}
    select distinct
        '{{ seed }}' as seed,
        {% if within %}concat_ws(', ', {{ within | join(', ') }}){% else %}''{% endif %} as within_group,
        cast({{ number }} as integer) as number_in_order
    from {{ ref(seed) }}
    {% if not loop.last %}union all
    {% endif %}
    {%- endfor %}

),

numbers_in_places as (

    select
        *,
        row_number() over (partition by seed, within_group order by number_in_order asc) as place
    from numbers

)

select * from numbers_in_places
where number_in_order <> place
