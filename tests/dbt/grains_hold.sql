-- Every model has one row per what its description says, and no key is NULL. (The marts' primary keys say so themselves.)
{%- set figure = ['publication', 'source_table', 'data_year', 'area_code', 'item'] %}
{%- set rate = ['area_code', 'period', 'measure', 'basis'] %}
{%- set ranked_rate = rate + ['ranking_level'] %}
{%- set grains = {
    'stg_areas__area_lineage': ['predecessor_code', 'successor_code'],
    'stg_areas__areas': ['area_code'],
    'stg_areas__clinical_commissioning_groups': ['ccg_code'],
    'stg_areas__imd_2015_local_authorities': ['area_code'],
    'stg_published__batch_totals': ['publication', 'source_table', 'data_year', 'item'],
    'stg_published__claim_statistics': ['statistic'],
    'stg_published__control_totals': ['area_code', 'data_year', 'basis', 'item'],
    'stg_published__known_misprints': figure,
    'stg_published__known_rate_exceptions': ['publication', 'data_year', 'area_code', 'measure'],
    'stg_reference__fingertips_indicators': ['measure'],
    'stg_reference__item_differences': ['item'],
    'stg_reference__measure_components': ['measure', 'role', 'item'],
    'stg_reference__measures': ['measure'],
    'stg_reference__poisson_limits': ['event_count'],
    'stg_reference__printed_rate_measures': ['item'],
    'stg_scenarios__area_groups': ['group_code', 'member_area_code'],
    'int_areas_paired_with_parents': ['hierarchy', 'parent_code', 'child_code'],
    'int_claim_readings': ['claim_code', 'reading'],
    'int_claims_judged': ['claim_code'],
    'int_counts_combined': figure,
    'int_counts_completed': figure,
    'int_counts_selected': ['area_code', 'data_year', 'basis', 'item'],
    'int_figures_unioned': figure,
    'int_funnel_targets_calculated': ['period', 'measure', 'basis', 'ranking_level'],
    'int_incoming_areas_named': ['area_code'],
    'int_measure_counts_calculated': ['area_code', 'data_year', 'measure', 'basis'],
    'int_measure_windows_pooled': rate,
    'int_printed_rates_recomputed': figure,
    'int_rates_by_ranking_level': ranked_rate,
    'int_rates_calculated': rate + ['is_rolling'],
    'int_rates_ranked': ranked_rate,
    'int_recent_trends_tested': ['area_code', 'measure', 'basis', 'last_year'],
    'int_score_trends_fitted': ['area_code', 'measure', 'basis', 'series', 'end_year'],
    'int_whole_numbers_generated': ['whole_number'],
    'int_worst_tenth_draws_counted': ['rate_number'],
    'int_worst_tenth_ranges_laid': ['rate_number', 'level_number'],
} %}
{%- for model, key in grains.items() %}
select
    '{{ model }}' as model_name,
    count(*) as keys_repeated_or_null
from (
    select {{ key | join(', ') }}
    from {{ ref(model) }}
    group by {{ key | join(', ') }}
    having count(*) > 1 or {{ key | join(' is null or ') }} is null
) as faults
having count(*) > 0
{% if not loop.last %}union all{% endif %}
{%- endfor %}
