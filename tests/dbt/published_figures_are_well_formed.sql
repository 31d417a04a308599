-- A row of seeds/published/published_figures.csv that cannot be checked is an error that names its line, its column and its value, and what
-- was expected: the first fault of the row. Each check is a column, the condition that its value must meet, and what was expected.
{%- set checks = [
    ('claim_code', "claim_code similar to '[a-z0-9_]+'", 'a code of small letters, digits and underscores'),
    ('claim_code', 'same_claim_code = 1', 'a code that no other row has'),
    ('source', 'source is not null', 'where the statement stands'),
    ('claim', 'claim is not null', 'the statement, in words'),
    ('statistic', 'known_statistic is not null', 'a statistic of seeds/claims/claim_statistics.csv'),
    ('published_value', 'published_value is null or decimals <= 3',
        'a plain number with at most three decimal places, such as 13.2 or -2.74'),
    ('published_value', 'published_value is not null or not needs_published_value', 'the figure as printed, since the statistic needs one'),
    ('relation', "relation in ('equals', 'more_than') or (relation is null and published_value is null)",
        'equals or more_than (empty only where there is no figure)'),
    ('unit', "unit in ('per_1000', 'percent', 'deaths', 'births', 'rank') or (unit is null and published_value is null)",
        'per_1000, percent, deaths, births or rank (empty only where there is no figure)'),
    ('area_codes', 'areas_found = areas_named', 'one or more codes of dim_area with one space between'),
    ('area_codes', "statistic <> 'rank_highest_first' or areas_named = 1 or known_group is not null",
        'the members of a group of seeds/scenarios/area_groups.csv, since several areas are ranked as one'),
    ('measure', 'known_measure is not null', 'a measure of dim_measure'),
    ('other_measure', 'other_measure is null or known_other_measure is not null', 'a measure of dim_measure, or nothing'),
    ('worded_measure', 'worded_measure is null or worded_measure in (measure, other_measure)',
        'measure or other_measure of the same row, or nothing'),
    ('basis', "basis in ('registration', 'occurrence', 'any')", 'registration, occurrence or any'),
    ('period', 'period is null or period_start_year is not null', 'a year such as 2014 or years such as 2012-2014'),
    ('period', 'period is not null or not needs_period', 'a period, since the statistic needs one'),
    ('comparison_period', 'comparison_period is null or comparison_start_year is not null',
        'a year such as 2013 or years such as 2010-2012'),
    ('comparison_period', 'comparison_period is not null or not needs_comparison_period',
        'a period to compare with, since the statistic needs one'),
    ('comparison_area_code', 'comparison_area_code is null or known_comparison_area is not null', 'a code of dim_area, or nothing'),
    ('comparison_area_code', 'comparison_area_code is not null or not needs_comparison_area',
        'an area to compare with, since the statistic needs one'),
    ('ranking_level', 'ranking_level is null or known_ranking_level is not null',
        'a level of seeds/areas/ranking_levels.csv (its first column), or nothing'),
    ('ranking_level', 'ranking_level is not null or not needs_ranking_level', 'the level to rank in, since the statistic needs one'),
    ('nearest_area_code', 'nearest_area_code is null or known_nearest_area is not null', 'a code of dim_area, or nothing'),
    ('nearest_measure', 'nearest_measure is null or known_nearest_measure is not null', 'a measure of dim_measure, or nothing'),
    ('expected_verdict', "expected_verdict in ('reproduced', 'consistent', 'contradicted', 'not_checkable')",
        'reproduced, consistent, contradicted or not_checkable'),
] -%}
{%- set query -%}
with statements as (

    select * from {{ ref('stg_claims__statements') }}

),

statistics as (

    select * from {{ ref('claim_statistics') }}

),

measures as (

    select * from {{ ref('dim_measure') }}

),

areas as (

    select * from {{ ref('dim_area') }}

),

ranking_levels as (

    select * from {{ ref('dim_ranking_level') }}

),

areas_found as (

    select
        statements.source_line,
        count(*) as areas_found
    from statements
    inner join areas on ' ' || statements.area_codes || ' ' like '% ' || areas.area_code || ' %'
    group by statements.source_line

),

members as (

    select
        trim(group_code) as group_code,
        trim(member_area_code) as area_code,
        count(*) over (partition by trim(group_code)) as members
    from {{ ref('area_groups') }}

),

groups_found as (

    select
        statements.source_line,
        members.group_code as known_group
    from statements
    inner join members on ' ' || statements.area_codes || ' ' like '% ' || members.area_code || ' %'
    group by statements.source_line, statements.area_codes, members.group_code, members.members
    having count(*) = members.members
        and count(*) = 1 + length(statements.area_codes) - length(replace(statements.area_codes, ' ', ''))

),

one_group_each as (

    select
        source_line,
        min(known_group) as known_group
    from groups_found
    group by source_line

),

figures as (

    select
        statements.*,
        count(*) over (partition by statements.claim_code) as same_claim_code,
        coalesce(areas_found.areas_found, 0) as areas_found,
        one_group_each.known_group,
        1 + length(statements.area_codes) - length(replace(statements.area_codes, ' ', '')) as areas_named,
        statistics.statistic as known_statistic,
        statistics.needs_published_value,
        statistics.needs_period,
        statistics.needs_comparison_period,
        statistics.needs_comparison_area,
        statistics.needs_ranking_level,
        measures.measure as known_measure,
        other_measures.measure as known_other_measure,
        nearest_measures.measure as known_nearest_measure,
        comparison_areas.area_code as known_comparison_area,
        nearest_areas.area_code as known_nearest_area,
        ranking_levels.ranking_level as known_ranking_level
    from statements
    left join areas_found on statements.source_line = areas_found.source_line
    left join one_group_each on statements.source_line = one_group_each.source_line
    left join statistics on statements.statistic = statistics.statistic
    left join measures on statements.measure = measures.measure
    left join measures as other_measures on statements.other_measure = other_measures.measure
    left join measures as nearest_measures on statements.nearest_measure = nearest_measures.measure
    left join areas as comparison_areas on statements.comparison_area_code = comparison_areas.area_code
    left join areas as nearest_areas on statements.nearest_area_code = nearest_areas.area_code
    left join ranking_levels on statements.ranking_level = ranking_levels.ranking_level

),

problems as (

    select
        source_line,
        case
            {% for column, condition, expected in checks -%}
when not coalesce({{ condition }}, false)
                then 'column {{ column }}: ' || coalesce('"' || {{ column }} || '"', 'nothing') || ' stands where {{ expected }}'
            {% endfor -%}
        end as problem
    from figures

),

problems_with_line as (

    select
        'seeds/published/published_figures.csv, line ' || cast(source_line as varchar) || ', ' || problem || ' was expected.' as problem
    from problems
    where problem is not null

)

select problem from problems_with_line
order by problem asc nulls last
{%- endset %}
{{ fail_with_sentences(query) }}
