-- In each seed its key stands in every row, and in no two: a row that was doubled, or whose key was lost, is named.
-- Seeds cannot declare a key as tables do, hence this list.
{%- set keys = {
    'area_centroids': ['area_code'],
    'area_groups': ['group_code', 'member_area_code'],
    'area_lineage': ['predecessor_code', 'successor_code'],
    'area_parts': ['whole_code', 'part_code'],
    'areas': ['area_code'],
    'assumption_texts': ['role', 'assumption_code'],
    'batch_totals': ['publication', 'source_table', 'data_year', 'item'],
    'births_and_stillbirths_2023': ['publication', 'data_year', 'source_table', 'area_code', 'item'],
    'break_thresholds': ['years_in_trend'],
    'build_summary_sentences': ['line'],
    'character_names': ['code_point'],
    'chance_words': ['at_least'],
    'child_mortality_by_area': ['publication', 'data_year', 'source_table', 'area_code', 'item'],
    'child_mortality_by_deprivation_decile': ['publication', 'data_year', 'source_table', 'area_code', 'item'],
    'child_mortality_england_and_wales': ['publication', 'data_year', 'source_table', 'area_code', 'item'],
    'claim_answers': ['claim_code', 'verdict'],
    'claim_assumptions': ['role', 'assumption_code'],
    'claim_rules': ['rule_set', 'rule_order'],
    'claim_sentences': ['statistic', 'template'],
    'claim_solution_sets': ['solution_set', 'role'],
    'claim_sources': ['source'],
    'claim_statistics': ['statistic'],
    'claim_values': ['statistic', 'value_code'],
    'clinical_commissioning_group_indicators': ['publication', 'data_year', 'source_table', 'area_code', 'item'],
    'clinical_commissioning_groups': ['ccg_code'],
    'control_totals': ['area_code', 'data_year', 'basis', 'item'],
    'deaths_registered_by_area': ['publication', 'data_year', 'source_table', 'area_code', 'item'],
    'definition_change_measures': ['change_code', 'measure'],
    'definition_changes': ['change_code'],
    'deprivation_deciles': ['area_code'],
    'deprivation_index_editions': ['used_for', 'first_year'],
    'deprivation_scores': ['deprivation_index', 'area_code'],
    'fingertips_area_types': ['ranking_level'],
    'fingertips_indicators': ['measure'],
    'fingertips_words': ['about', 'code'],
    'hexagon_positions': ['ranking_level', 'edition', 'area_code'],
    'incoming_count_words': ['word'],
    'incoming_faults': ['fault_code'],
    'incoming_file_sentences': ['sentence_code'],
    'incoming_headings': ['heading'],
    'incoming_known_tables': ['known_table', 'line_order'],
    'incoming_layout_columns': ['layout', 'header'],
    'incoming_layout_items': ['layout', "coalesce(indicator, '')", 'field'],
    'incoming_layouts': ['layout'],
    'incoming_value_notes': ['note'],
    'item_differences': ['item'],
    'item_parts': ['whole_item', 'part_item'],
    'items': ['item'],
    'known_misprints': ['publication', 'source_table', 'data_year', 'area_code', 'item'],
    'known_rate_exceptions': ['publication', 'data_year', 'area_code', 'measure'],
    'live_births_2017_second_hand': ['publication', 'data_year', 'source_table', 'area_code', 'item'],
    'live_births_2021': ['publication', 'data_year', 'source_table', 'area_code', 'item'],
    'live_births_by_area': ['publication', 'data_year', 'source_table', 'area_code', 'item'],
    'measure_components': ['measure', 'role', 'item'],
    'measures': ['measure'],
    'places': ['place_name', 'place_kind', 'area_code'],
    'poisson_limits': ['event_count'],
    'printed_rate_measures': ['item'],
    'publication_tables': ['source_file'],
    'published_figures': ['claim_code'],
    'ranking_level_members': ['ranking_level', 'area_level'],
    'ranking_levels': ['ranking_level'],
    'reasons': ['reason_code'],
    'record_outcome_items': ['outcome', 'item'],
    'seed_digests': ['seed_file'],
    'summary_sentences': ['slot', 'form'],
} %}
with keys_counted as (

    {% for seed, key in keys.items() -%}
    select
        '{{ seed }}' as seed,
        concat_ws(
            ', '
            {%- for part in key %},
            cast({{ part }} as varchar)
            {%- endfor %}
        ) as key_in_words,
        max(
            case
                {%- for part in key %}
                when {{ part }} is null then 1
                {%- endfor %}
                else 0
            end
        ) as lacks_a_part,
        count(*) as times
    from {{ ref(seed) }}
    group by {{ key | join(', ') }}
    {% if not loop.last %}union all
    {% endif %}
    {%- endfor %}

)

select * from keys_counted
where times > 1 or lacks_a_part = 1
