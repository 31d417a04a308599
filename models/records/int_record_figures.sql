{%- set cohort = setting('records_cohort') -%}

with files as (

    select * from {{ counted_records('int_record_files') }}

),

counted as (

    select * from {{ counted_records('int_record_counts') }}
    where not is_rejected

),

repeated as (

    select * from {{ counted_records('int_record_ids_repeated') }}
    where not is_rejected

),

areas as (

    select * from {{ ref('int_record_areas') }}

),

outcome_items as (

    select * from {{ ref('record_outcome_items') }}

),

publication_tables as (

    select * from {{ ref('publication_tables') }}

),

-- Records are counted file by file, before anybody knows which ids stand in another file too: those are taken off here.
records_unioned as (

    select
        counted.area_code_text,
        counted.birth_year,
        counted.outcome,
        counted.death_year,
        counted.records
    from counted
    inner join files
        on counted.source_file = files.source_file
        and counted.file_version = files.file_version
    union all
    select
        area_code_text,
        birth_year,
        outcome,
        death_year,
        -1 as records
    from repeated

),

records_summed as (

    select
        areas.area_code,
        records_unioned.birth_year,
        records_unioned.outcome,
        records_unioned.death_year,
        sum(records_unioned.records) as records
    from records_unioned
    inner join areas on records_unioned.area_code_text = areas.area_code_text
    group by areas.area_code, records_unioned.birth_year, records_unioned.outcome, records_unioned.death_year

),

records_as_items as (

    select
        records_summed.area_code,
        {% if cohort == 'death' -%}
        case when outcome_items.is_death then records_summed.death_year else records_summed.birth_year end as data_year,
        {%- else -%}
        records_summed.birth_year as data_year,
        {%- endif %}
        outcome_items.item,
        records_summed.records
    from records_summed
    inner join outcome_items on records_summed.outcome = outcome_items.outcome

),

items_summed as (

    select
        area_code,
        data_year,
        item,
        sum(records) as count_value
    from records_as_items
    group by area_code, data_year, item

),

years_with_births as (

    select distinct birth_year as data_year
    from records_summed
    where records > 0

),

items as (

    select
        item,
        cast(row_number() over (order by item asc nulls last) as integer) as source_place
    from outcome_items
    group by item

),

-- Where there is a record of an area and year, an item without any is 0. Deaths in a year of which no birth is known make no count.
area_years as (

    select distinct
        items_summed.area_code,
        items_summed.data_year
    from items_summed
    inner join years_with_births on items_summed.data_year = years_with_births.data_year
    where items_summed.count_value > 0

),

-- As if each area and year were a line, and each item a place in it.
area_years_numbered as (

    select
        *,
        row_number() over (order by area_code asc nulls last, data_year asc nulls last) as source_line
    from area_years

),

area_year_items as (

    select
        area_years_numbered.area_code,
        area_years_numbered.data_year,
        area_years_numbered.source_line,
        items.item,
        items.source_place
    from area_years_numbered
    cross join items

),

figures_counted as (

    select
        publication_tables.source_file as publication,
        cast(area_year_items.data_year as smallint) as data_year,
        cast(1 as smallint) as years_in_count,
        'records by {{ cohort }} cohort' as source_table,
        publication_tables.basis,
        cast(publication_tables.precedence as integer) as precedence,
        area_year_items.area_code,
        cast(null as varchar) as area_name_printed,
        area_year_items.item,
        cast(coalesce(items_summed.count_value, 0) as bigint) as count_value,
        'ok' as count_status,
        cast(cast(coalesce(items_summed.count_value, 0) as bigint) as varchar) as count_as_printed,
        cast(null as varchar) as count_mark,
        'births' as source_file,
        area_year_items.source_line,
        area_year_items.source_place
    from area_year_items
    inner join publication_tables on publication_tables.source_file = 'supplied/births'
    left join items_summed
        on area_year_items.area_code = items_summed.area_code
        and area_year_items.data_year = items_summed.data_year
        and area_year_items.item = items_summed.item

)

select * from figures_counted
