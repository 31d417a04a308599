with scores as (

    select * from {{ ref('stg_areas__deprivation_scores') }}

),

editions as (

    select * from {{ ref('deprivation_index_editions') }}
    where used_for = 'areas'

),

areas as (

    select * from {{ ref('stg_areas__areas') }}

),

lineage as (

    select * from {{ ref('area_lineage') }}
    where change_type = 'split_combination'

),

births_counted as (

    select * from {{ ref('int_denominators') }}
    where item = 'live_births' and count_value > 0 and years_in_count = 1 and offered_by = 'published'

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

years_with_births as (

    select distinct data_year from births_by_year

),

-- The index scores districts. A county is made of its districts, and areas that were published as one are made of those.
parts as (

    select
        wholes.area_code,
        wholes.last_year as last_year_of_whole,
        districts.area_code as part_code,
        districts.first_year,
        districts.last_year
    from areas as wholes
    inner join areas as districts
        on wholes.area_code = districts.county_code
        and wholes.area_code <> districts.area_code
        and districts.is_lower_tier
    where wholes.is_upper_tier
    union all
    select
        wholes.area_code,
        wholes.last_year as last_year_of_whole,
        districts.area_code as part_code,
        districts.first_year,
        districts.last_year
    from lineage
    inner join areas as wholes on lineage.predecessor_code = wholes.area_code
    inner join areas as districts on lineage.successor_code = districts.area_code

),

-- Parts come and go: the mean is of a year in which each part that there was has births and a score.
wholes_by_year as (

    select
        parts.area_code,
        editions.edition as deprivation_index,
        years_with_births.data_year,
        max(years_with_births.data_year) over (partition by parts.area_code, editions.edition) as latest_year,
        cast(sum(births_by_year.births * scores.average_score) as double precision) / sum(births_by_year.births) as deprivation_score
    from parts
    inner join years_with_births on years_with_births.data_year between parts.first_year and parts.last_year
    inner join editions
        on years_with_births.data_year between editions.first_year and editions.last_year
        and parts.last_year_of_whole >= editions.first_year
    left join scores
        on parts.part_code = scores.area_code
        and editions.edition = scores.deprivation_index
    left join births_by_year
        on parts.part_code = births_by_year.area_code
        and years_with_births.data_year = births_by_year.data_year
    group by parts.area_code, editions.edition, years_with_births.data_year
    having count(*) = count(births_by_year.births) and count(*) = count(scores.average_score)

),

scores_unioned as (

    select
        deprivation_index,
        area_code,
        average_score as deprivation_score,
        cast(null as smallint) as births_year
    from scores
    union all
    select
        deprivation_index,
        area_code,
        deprivation_score,
        cast(data_year as smallint) as births_year
    from wholes_by_year
    where data_year = latest_year

),

-- An area keeps an index until the next one that scores it: commissioning groups have that of 2015 alone.
indices_in_order as (

    select
        scores_unioned.area_code,
        areas.area_name,
        scores_unioned.deprivation_index,
        case
            when lag(editions.first_year) over by_area is null then min(editions.first_year) over ()
            else editions.first_year
        end as first_year,
        lead(editions.first_year) over by_area - 1 as last_year,
        scores_unioned.deprivation_score,
        scores_unioned.births_year
    from scores_unioned
    inner join editions on scores_unioned.deprivation_index = editions.edition
    inner join areas on scores_unioned.area_code = areas.area_code
    window by_area as (partition by scores_unioned.area_code order by editions.first_year asc nulls last)

),

deprivation as (

    select
        area_code,
        area_name,
        deprivation_index,
        cast(first_year as smallint) as first_year,
        cast(last_year as smallint) as last_year,
        last_year is null as is_newest,
        deprivation_score,
        births_year
    from indices_in_order

)

select * from deprivation
