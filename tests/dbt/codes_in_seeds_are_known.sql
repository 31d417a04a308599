-- The small tables kept by hand speak of the same things: each code that one uses stands in the one that lists it, and where a list must be
-- used whole, no code of it is left out. Of each pair: the seed and its column, the seed that lists the codes and its column, and whether
-- every code of the list must be used.
{%- set pairs = [
    ('area_parts', 'part_code', 'areas', 'area_code', false),
    ('area_parts', 'whole_code', 'areas', 'area_code', false),
    ('assumption_texts', "role || ' ' || assumption_code", 'claim_assumptions', "role || ' ' || assumption_code", true),
    ('claim_assumptions', 'measure', 'measures', 'measure', false),
    ('claim_assumptions', 'births_counted', 'items', 'item', false),
    ('claim_assumptions', 'role', 'claim_solution_sets', 'role', false),
    ('claim_solution_sets', 'claim_code', 'published_figures', 'claim_code', false),
    ('claim_rules', 'rule_set', 'claim_statistics', 'rule_set', true),
    ('claim_statistics', 'statistic', 'claim_values', 'statistic', false),
    ('claim_statistics', 'statistic', 'claim_sentences', 'statistic', false),
    ('published_figures', 'statistic', 'claim_statistics', 'statistic', true),
    ('deprivation_deciles', 'area_code', 'areas', 'area_code', false),
    ('fingertips_area_types', 'ranking_level', 'ranking_levels', 'ranking_level', false),
    ('fingertips_indicators', 'measure', 'measures', 'measure', false),
    ('hexagon_positions', 'area_code', 'areas', 'area_code', false),
    ('places', 'area_code', 'areas', 'area_code', false),
    ('incoming_layout_columns', 'layout', 'incoming_layouts', 'layout', false),
    ('incoming_layout_items', 'layout', 'incoming_layouts', 'layout', false),
    ('incoming_layout_items', "layout || ' ' || field", 'incoming_layout_columns', "layout || ' ' || field", false),
    ('incoming_layout_items', 'item', 'items', 'item', false),
    ('item_differences', 'item', 'items', 'item', false),
    ('item_differences', "whole_item || ' ' || item", 'item_parts', "whole_item || ' ' || part_item", false),
    ('item_differences', "whole_item || ' ' || part_item", 'item_parts', "whole_item || ' ' || part_item", false),
    ('item_parts', 'part_item', 'items', 'item', false),
    ('item_parts', 'whole_item', 'items', 'item', false),
    ('known_rate_exceptions', 'measure', 'measures', 'measure', false),
    ('measure_components', 'item', 'items', 'item', true),
    ('measure_components', 'measure', 'measures', 'measure', true),
    ('printed_rate_measures', 'item', 'items', 'item', false),
    ('printed_rate_measures', 'measure', 'measures', 'measure', false),
    ('ranking_level_members', 'ranking_level', 'ranking_levels', 'ranking_level', true),
    ('ranking_levels', 'benchmark_area_code', 'areas', 'area_code', false),
] %}
with codes_astray as (

    {% for seed, column, list, list_column, is_used_whole in pairs -%}
    select
        '{{ seed }}' as seed,
        {{ column }} as code,
        'is not in {{ list }}' as problem
    from {{ ref(seed) }}
    where {{ column }} is not null
        and {{ column }} not in (select {{ list_column }} from {{ ref(list) }})
    {% if is_used_whole -%}
    union all
    select
        '{{ seed }}' as seed,
        {{ list_column }} as code,
        'is in {{ list }} and not here' as problem
    from {{ ref(list) }}
    where {{ list_column }} not in (select coalesce({{ column }}, '') from {{ ref(seed) }})
    {% endif -%}
    {% if not loop.last %}union all
    {% endif %}
    {%- endfor %}

)

select * from codes_astray
