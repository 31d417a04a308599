{%- set peers = 10 -%}
with areas_in_levels as (

    select * from {{ ref('int_area_levels') }}

),

births_counted as (

    select * from {{ ref('int_denominators') }}
    where item = 'live_births' and count_value > 0 and years_in_count = 1 and offered_by = 'all'

),

areas as (

    select * from {{ ref('dim_area') }}

),

deprivation as (

    select * from {{ ref('dim_area_deprivation') }}

),

-- Where two publications print births of a year they differ by a few in ten thousand.
births_by_year as (

    select
        area_code,
        data_year,
        max(count_value) as births
    from births_counted
    group by area_code, data_year

),

areas_by_year as (

    select
        areas_in_levels.ranking_level,
        births_by_year.data_year as births_year,
        areas_in_levels.area_code,
        births_by_year.births,
        ln(cast(births_by_year.births as double precision)) as log_births,
        deprivation.deprivation_index,
        deprivation.deprivation_score,
        max(births_by_year.data_year) over (partition by areas_in_levels.ranking_level, areas_in_levels.area_code) as latest_year
    from areas_in_levels
    inner join births_by_year
        on areas_in_levels.area_code = births_by_year.area_code
        and births_by_year.data_year >= coalesce(areas_in_levels.exists_from_year, births_by_year.data_year)
        and births_by_year.data_year <= coalesce(areas_in_levels.exists_to_year, births_by_year.data_year)
    left join deprivation
        on areas_in_levels.area_code = deprivation.area_code
        and births_by_year.data_year between deprivation.first_year and coalesce(deprivation.last_year, births_by_year.data_year)

),

-- The unit of each scale is its standard deviation: among the areas that one index scores, or of births alone among all. Ten areas lie
-- between an area and the births of the tenth above and below it, so that of many areas not every pair has to be looked at.
areas_with_units as (

    select
        *,
        nullif(stddev_samp(deprivation_score) over of_one_kind, 0e0) as score_unit,
        nullif(stddev_samp(log_births) over of_one_kind, 0e0) as births_unit_of_kind,
        nullif(stddev_samp(log_births) over whole_level, 0e0) as births_unit,
        lead(births, {{ peers }}) over by_births as births_above,
        lag(births, {{ peers }}) over by_births as births_below
    from areas_by_year
    window
        of_one_kind as (partition by ranking_level, births_year, deprivation_index),
        whole_level as (partition by ranking_level, births_year),
        by_births as (partition by ranking_level, births_year order by births asc nulls last)

),

pairs_by_deprivation_and_births as (

    select
        areas.ranking_level,
        areas.area_code,
        candidates.area_code as peer_area_code,
        areas.births_year,
        areas.births,
        candidates.births as peer_births,
        areas.deprivation_index,
        areas.deprivation_score,
        candidates.deprivation_score as peer_deprivation_score,
        'deprivation_and_births' as compared_by,
        sqrt(
            power(coalesce((areas.deprivation_score - candidates.deprivation_score) / areas.score_unit, 0e0), 2)
            + power(coalesce((areas.log_births - candidates.log_births) / areas.births_unit_of_kind, 0e0), 2)
        ) as distance
    from areas_with_units as areas
    inner join areas_with_units as candidates
        on areas.ranking_level = candidates.ranking_level
        and areas.births_year = candidates.births_year
        and areas.deprivation_index = candidates.deprivation_index
        and areas.area_code <> candidates.area_code
    where areas.births_year = areas.latest_year

),

pairs_by_births as (

    select
        areas.ranking_level,
        areas.area_code,
        candidates.area_code as peer_area_code,
        areas.births_year,
        areas.births,
        candidates.births as peer_births,
        areas.deprivation_index,
        areas.deprivation_score,
        candidates.deprivation_score as peer_deprivation_score,
        'births' as compared_by,
        abs(coalesce((areas.log_births - candidates.log_births) / areas.births_unit, 0e0)) as distance
    from areas_with_units as areas
    inner join areas_with_units as candidates
        on areas.ranking_level = candidates.ranking_level
        and areas.births_year = candidates.births_year
        and candidates.births >= coalesce(areas.births_below, candidates.births)
        and candidates.births <= coalesce(areas.births_above, candidates.births)
        and areas.area_code <> candidates.area_code
    where areas.births_year = areas.latest_year and areas.deprivation_index is null

),

pairs_unioned as (

    select * from pairs_by_deprivation_and_births
    union all
    select * from pairs_by_births

),

pairs_ranked as (

    select
        *,
        row_number() over (
            partition by ranking_level, area_code
            order by distance asc nulls last, peer_area_code asc nulls last
        ) as peer_rank
    from pairs_unioned

),

peers_named as (

    select
        pairs_ranked.area_code,
        pairs_ranked.ranking_level,
        cast(pairs_ranked.peer_rank as smallint) as peer_rank,
        pairs_ranked.peer_area_code,
        areas.area_name as peer_area_name,
        pairs_ranked.compared_by,
        pairs_ranked.distance,
        cast(pairs_ranked.births_year as smallint) as births_year,
        cast(pairs_ranked.births as bigint) as births,
        cast(pairs_ranked.peer_births as bigint) as peer_births,
        pairs_ranked.deprivation_index,
        pairs_ranked.deprivation_score,
        pairs_ranked.peer_deprivation_score
    from pairs_ranked
    inner join areas on pairs_ranked.peer_area_code = areas.area_code
    where pairs_ranked.peer_rank <= {{ peers }}

)

select * from peers_named
