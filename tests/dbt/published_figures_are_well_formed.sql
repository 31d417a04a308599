-- A row of seeds/published/published_figures.csv that cannot be checked is an error that names its line, column and value, and what was expected.
{%- set checks = [
    ('claim_code', "figures.claim_code is not null and translate(figures.claim_code, 'abcdefghijklmnopqrstuvwxyz0123456789_', '') = ''",
        'a code of small letters, digits and underscores'),
    ('claim_code', 'figures.same_claim_code = 1', 'a code that no other row has'),
    ('source', 'figures.source is not null', 'where the statement stands'),
    ('claim', 'figures.claim is not null', 'the statement, in words'),
    ('statistic', 'figures.known_statistic is not null', 'a statistic of seeds/published/claim_statistics.csv'),
    ('published_value', "figures.published_value is null or figures.decimals <= 3",
        'a plain number with at most three decimal places, such as 13.2 or -2.74'),
    ('published_value', 'figures.published_value is not null or not coalesce(figures.needs_published_value, false)',
        'the figure as printed, since the statistic needs one'),
    ('relation', "coalesce(figures.relation, '') in ('equals', 'more_than') or (figures.relation is null and figures.published_value is null)",
        'equals or more_than (empty only where there is no figure)'),
    ('unit', "coalesce(figures.unit, '') in ('per_1000', 'percent', 'deaths', 'births', 'rank') or (figures.unit is null and figures.published_value is null)",
        'per_1000, percent, deaths, births or rank (empty only where there is no figure)'),
    ('area_codes', 'figures.areas_found = figures.areas_named', 'one or more codes of dim_area with one space between'),
    ('measure', 'figures.known_measure is not null', 'a measure of dim_measure'),
    ('other_measure', 'figures.other_measure is null or figures.known_other_measure is not null', 'a measure of dim_measure, or nothing'),
    ('worded_measure', "figures.worded_measure is null or figures.worded_measure in (figures.measure, figures.other_measure)",
        'measure or other_measure of the same row, or nothing'),
    ('basis', "coalesce(figures.basis, '') in ('registration', 'occurrence', 'any')", 'registration, occurrence or any'),
    ('period', 'figures.period is null or figures.period_start_year is not null', 'a year such as 2014 or years such as 2012-2014'),
    ('period', 'figures.period is not null or not coalesce(figures.needs_period, false)', 'a period, since the statistic needs one'),
    ('comparison_period', 'figures.comparison_period is null or figures.comparison_start_year is not null',
        'a year such as 2013 or years such as 2010-2012'),
    ('comparison_period', 'figures.comparison_period is not null or not coalesce(figures.needs_comparison_period, false)',
        'a period to compare with, since the statistic needs one'),
    ('comparison_area_code', 'figures.comparison_area_code is null or figures.known_comparison_area is not null', 'a code of dim_area, or nothing'),
    ('comparison_area_code', 'figures.comparison_area_code is not null or not coalesce(figures.needs_comparison_area, false)',
        'an area to compare with, since the statistic needs one'),
    ('ranking_level', "figures.ranking_level is null or figures.ranking_level in ('region', 'upper_tier', 'lower_tier', 'clinical_commissioning_group')",
        'region, upper_tier, lower_tier or clinical_commissioning_group'),
    ('ranking_level', 'figures.ranking_level is not null or not coalesce(figures.needs_ranking_level, false)',
        'the level to rank in, since the statistic needs one'),
    ('nearest_area_code', 'figures.nearest_area_code is null or figures.known_nearest_area is not null', 'a code of dim_area, or nothing'),
    ('nearest_measure', 'figures.nearest_measure is null or figures.known_nearest_measure is not null', 'a measure of dim_measure, or nothing'),
    ('expected_verdict', "coalesce(figures.expected_verdict, '') in ('reproduced', 'consistent', 'contradicted', 'not_checkable')",
        'reproduced, consistent, contradicted or not_checkable'),
] -%}
{%- set query -%}
with published_figures as (

    select * from {{ ref('stg_published__published_figures') }}

),

statistics as (

    select * from {{ ref('stg_published__claim_statistics') }}

),

measures as (

    select * from {{ ref('dim_measure') }}

),

areas as (

    select * from {{ ref('dim_area') }}

),

areas_found as (

    select
        published_figures.source_line,
        count(*) as areas_found
    from published_figures
    inner join areas on ' ' || published_figures.area_codes || ' ' like '% ' || areas.area_code || ' %'
    group by published_figures.source_line

),

figures as (

    select
        published_figures.*,
        count(*) over (partition by published_figures.claim_code) as same_claim_code,
        coalesce(areas_found.areas_found, 0) as areas_found,
        1 + length(published_figures.area_codes) - length(replace(published_figures.area_codes, ' ', '')) as areas_named,
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
        nearest_areas.area_code as known_nearest_area
    from published_figures
    left join areas_found on published_figures.source_line = areas_found.source_line
    left join statistics on published_figures.statistic = statistics.statistic
    left join measures on published_figures.measure = measures.measure
    left join measures as other_measures on published_figures.other_measure = other_measures.measure
    left join measures as nearest_measures on published_figures.nearest_measure = nearest_measures.measure
    left join areas as comparison_areas on published_figures.comparison_area_code = comparison_areas.area_code
    left join areas as nearest_areas on published_figures.nearest_area_code = nearest_areas.area_code

),

problems as (

    {% for column, condition, expected in checks -%}
    select
        source_line,
        'seeds/published/published_figures.csv, line ' || cast(source_line as varchar) || ', column {{ column }}: '
        || coalesce('"' || {{ column }} || '"', 'nothing') || ' stands where {{ expected }} was expected.' as problem
    from figures
    where not coalesce({{ condition }}, false)
    {% if not loop.last %}union all
    {% endif %}
    {%- endfor %}

),

problems_in_order as (

    select problem from problems
    order by source_line asc nulls last, problem asc nulls last

)

select * from problems_in_order
{%- endset %}
{{ fail_with_sentences(query) }}
