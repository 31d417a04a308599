{#- The first fault of a row of published figures, as the words that follow its line in a message; NULL where there is none. Each check is a
    column, the condition that its value must meet, and what was expected. -#}
{% macro published_figure_fault() -%}
    {%- set checks = [
        ('claim_code', "claim_code is not null and translate(claim_code, 'abcdefghijklmnopqrstuvwxyz0123456789_', '') = ''",
            'a code of small letters, digits and underscores'),
        ('claim_code', 'same_claim_code = 1', 'a code that no other row has'),
        ('source', 'source is not null', 'where the statement stands'),
        ('claim', 'claim is not null', 'the statement, in words'),
        ('statistic', 'known_statistic is not null', 'a statistic of seeds/published/claim_statistics.csv'),
        ('published_value', "published_value is null or decimals <= 3",
            'a plain number with at most three decimal places, such as 13.2 or -2.74'),
        ('published_value', 'published_value is not null or not coalesce(needs_published_value, false)',
            'the figure as printed, since the statistic needs one'),
        ('relation', "coalesce(relation, '') in ('equals', 'more_than') or (relation is null and published_value is null)",
            'equals or more_than (empty only where there is no figure)'),
        ('unit', "coalesce(unit, '') in ('per_1000', 'percent', 'deaths', 'births', 'rank') or (unit is null and published_value is null)",
            'per_1000, percent, deaths, births or rank (empty only where there is no figure)'),
        ('area_codes', 'areas_found = areas_named', 'one or more codes of dim_area with one space between'),
        ('measure', 'known_measure is not null', 'a measure of dim_measure'),
        ('other_measure', 'other_measure is null or known_other_measure is not null', 'a measure of dim_measure, or nothing'),
        ('worded_measure', "worded_measure is null or worded_measure in (measure, other_measure)",
            'measure or other_measure of the same row, or nothing'),
        ('basis', "coalesce(basis, '') in ('registration', 'occurrence', 'any')", 'registration, occurrence or any'),
        ('period', 'period is null or period_start_year is not null', 'a year such as 2014 or years such as 2012-2014'),
        ('period', 'period is not null or not coalesce(needs_period, false)', 'a period, since the statistic needs one'),
        ('comparison_period', 'comparison_period is null or comparison_start_year is not null',
            'a year such as 2013 or years such as 2010-2012'),
        ('comparison_period', 'comparison_period is not null or not coalesce(needs_comparison_period, false)',
            'a period to compare with, since the statistic needs one'),
        ('comparison_area_code', 'comparison_area_code is null or known_comparison_area is not null', 'a code of dim_area, or nothing'),
        ('comparison_area_code', 'comparison_area_code is not null or not coalesce(needs_comparison_area, false)',
            'an area to compare with, since the statistic needs one'),
        ('ranking_level', "ranking_level is null or ranking_level in ('region', 'upper_tier', 'lower_tier', 'clinical_commissioning_group')",
            'region, upper_tier, lower_tier or clinical_commissioning_group'),
        ('ranking_level', 'ranking_level is not null or not coalesce(needs_ranking_level, false)',
            'the level to rank in, since the statistic needs one'),
        ('nearest_area_code', 'nearest_area_code is null or known_nearest_area is not null', 'a code of dim_area, or nothing'),
        ('nearest_measure', 'nearest_measure is null or known_nearest_measure is not null', 'a measure of dim_measure, or nothing'),
        ('expected_verdict', "coalesce(expected_verdict, '') in ('reproduced', 'consistent', 'contradicted', 'not_checkable')",
            'reproduced, consistent, contradicted or not_checkable'),
    ] -%}
    case
        {% for column, condition, expected in checks -%}
        when not coalesce({{ condition }}, false)
            then 'column {{ column }}: ' || coalesce('"' || {{ column }} || '"', 'nothing') || ' stands where {{ expected }}'
        {% endfor -%}
    end
{%- endmacro %}
