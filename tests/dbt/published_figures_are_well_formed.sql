-- A row of seeds/published/published_figures.csv that cannot be checked is an error that names its line, its column and its value, and what
-- was expected.
{%- set query -%}
with published_figures as (

    select * from {{ ref('stg_published__published_figures') }}

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

-- The first fault of each row.
problems as (

    select
        source_line,
        {{ published_figure_fault() }} as problem
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
