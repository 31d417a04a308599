with recursive supplied as (

    select * from {{ ref('int_incoming_areas_listed') }}

),

areas as (

    select * from {{ ref('stg_areas__areas') }}

),

character_names as (

    select * from {{ ref('character_names') }}

),

mentions as (

    select
        area_code,
        count(*) as rows_of_code,
        count(distinct coalesce(area_name, '') || '/' || coalesce(area_level, '') || '/' || coalesce(parent_area_code, '')) as versions
    from supplied
    group by area_code

),

codes_supplied as (

    select area_code
    from mentions
    where area_code is not null

),

mentions_in_order as (

    select
        supplied.source_file,
        supplied.source_line,
        supplied.area_code,
        mentions.versions,
        mentions.rows_of_code,
        row_number() over (partition by supplied.area_code order by supplied.source_file asc, supplied.source_line asc) as mention
    from supplied
    inner join mentions on supplied.area_code = mentions.area_code

),

-- From each area upwards; a chain longer than there can be levels goes round.
ancestors as (

    select
        area_code,
        parent_area_code,
        1 as steps
    from supplied
    where parent_area_code is not null
    union
    select
        ancestors.area_code,
        supplied.parent_area_code,
        ancestors.steps + 1 as steps
    from ancestors
    inner join supplied on ancestors.parent_area_code = supplied.area_code
    where supplied.parent_area_code is not null and ancestors.steps < 30

),

areas_in_circles as (

    select area_code
    from ancestors
    where steps = 30
    group by area_code

),

faults_found as (

    select
        source_file,
        source_line,
        'quotation_mark_astray' as fault_code,
        'whole line' as column_name,
        line_text as problem_value,
        cast(null as varchar) as detail
    from supplied
    where is_malformed
    union all
    select
        source_file,
        source_line,
        'more_fields_than_header' as fault_code,
        'whole line' as column_name,
        line_text as problem_value,
        cast(null as varchar) as detail
    from supplied
    where has_more_fields_than_header
    union all
    select
        supplied.source_file,
        supplied.source_line,
        'character_refused' as fault_code,
        supplied.field_with_character as column_name,
        supplied.cell_with_character as problem_value,
        supplied.code_point_refused || coalesce(' ' || character_names.character_name, '') as detail
    from supplied
    left join character_names on supplied.code_point_refused = character_names.code_point
    where supplied.field_with_character is not null
    union all
    select
        source_file,
        source_line,
        'area_code_missing' as fault_code,
        'area_code' as column_name,
        cast(null as varchar) as problem_value,
        cast(null as varchar) as detail
    from supplied
    where area_code is null
    union all
    select
        source_file,
        source_line,
        'area_code_too_long' as fault_code,
        'area_code' as column_name,
        area_code as problem_value,
        cast(null as varchar) as detail
    from supplied
    where length(area_code) > 40
    union all
    select
        source_file,
        source_line,
        'area_code_ill_begun' as fault_code,
        'area_code' as column_name,
        area_code as problem_value,
        cast(null as varchar) as detail
    from supplied
    where area_code similar to '[^A-Z0-9].*'
    union all
    select
        source_file,
        source_line,
        'area_name_missing' as fault_code,
        'area_name' as column_name,
        cast(null as varchar) as problem_value,
        cast(null as varchar) as detail
    from supplied
    where area_name is null
    union all
    select
        source_file,
        source_line,
        'area_level_missing' as fault_code,
        'area_level' as column_name,
        cast(null as varchar) as problem_value,
        cast(null as varchar) as detail
    from supplied
    where area_level is null
    union all
    select
        supplied.source_file,
        supplied.source_line,
        'area_known' as fault_code,
        'area_code' as column_name,
        supplied.area_code as problem_value,
        areas.area_name as detail
    from supplied
    inner join areas on supplied.area_code = areas.area_code
    union all
    select
        supplied.source_file,
        supplied.source_line,
        'area_repeated' as fault_code,
        'area_code' as column_name,
        supplied.area_code as problem_value,
        cast(supplied.rows_of_code as varchar) || ' in all' as detail
    from mentions_in_order as supplied
    where supplied.mention > 1 or supplied.versions > 1
    union all
    select
        source_file,
        source_line,
        'parent_unknown' as fault_code,
        'parent_area_code' as column_name,
        parent_area_code as problem_value,
        cast(null as varchar) as detail
    from supplied
    where parent_area_code not in (select area_code from areas)
        and parent_area_code not in (select codes_supplied.area_code from codes_supplied)
    union all
    select
        source_file,
        source_line,
        'parents_in_circle' as fault_code,
        'parent_area_code' as column_name,
        parent_area_code as problem_value,
        cast(null as varchar) as detail
    from supplied
    where area_code in (select area_code from areas_in_circles)
    union all
    select
        source_file,
        source_line,
        'place_ill_formed' as fault_code,
        'longitude' as column_name,
        longitude_text as problem_value,
        cast(null as varchar) as detail
    from supplied
    where (longitude_text is not null and coalesce(longitude, 999) not between -180 and 180)
        or (latitude_text is not null and coalesce(latitude, 999) not between -90 and 90)
    union all
    select
        source_file,
        source_line,
        'years_ill_formed' as fault_code,
        'first_year' as column_name,
        first_year_text as problem_value,
        cast(null as varchar) as detail
    from supplied
    where (first_year_text is not null and coalesce(first_year, 0) not between 1900 and 2099)
        or (last_year_text is not null and coalesce(last_year, 0) not between 1900 and 2099)
        or first_year > last_year

)

select * from faults_found
