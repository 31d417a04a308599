with recursive supplied as (

    select * from {{ ref('int_incoming_areas') }}

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

-- From each area upwards, as far as there can be levels.
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

-- A chain that does not end within them goes round if an area stands in it twice.
chains_without_end as (

    select
        area_code,
        count(distinct parent_area_code) < 30 as is_circle
    from ancestors
    group by area_code
    having max(steps) = 30

),

-- What a check asks of other tables is joined first: a check may hold no query of its own.
areas_beside_lists as (

    select
        supplied.*,
        areas.area_name as area_name_known,
        mentions_in_order.rows_of_code,
        mentions_in_order.mention > 1 or mentions_in_order.versions > 1 as is_repeated,
        supplied.parent_area_code is not null and parents.area_code is null and parents_supplied.area_code is null as lacks_parent,
        coalesce(chains_without_end.is_circle, false) as is_in_circle,
        coalesce(not chains_without_end.is_circle, false) as has_too_many_parents,
        supplied.code_point_refused || coalesce(' ' || character_names.character_name, '') as character_told
    from supplied
    left join areas on supplied.area_code = areas.area_code
    left join mentions_in_order
        on supplied.source_file = mentions_in_order.source_file
        and supplied.source_line = mentions_in_order.source_line
    left join areas as parents on supplied.parent_area_code = parents.area_code
    left join mentions as parents_supplied on supplied.parent_area_code = parents_supplied.area_code
    left join chains_without_end on supplied.area_code = chains_without_end.area_code
    left join character_names on supplied.code_point_refused = character_names.code_point

),

faults_found as (

    select
        supplied.source_file,
        supplied.source_line,
        checks.fault_code,
        checks.column_name,
        checks.problem_value,
        checks.detail
    from areas_beside_lists as supplied
    cross join
        lateral (
            values
            (supplied.is_malformed, 'quotation_mark_astray', 'whole line', supplied.line_text, cast(null as varchar)),
            (supplied.has_more_fields_than_header, 'more_fields_than_header', 'whole line', supplied.line_text, null),
            (
                supplied.field_with_character is not null,
                'character_refused', supplied.field_with_character, supplied.cell_with_character, supplied.character_told
            ),
            (supplied.area_code is null, 'area_code_missing', 'area_code', null, null),
            (length(supplied.area_code) > 40, 'area_code_too_long', 'area_code', supplied.area_code, null),
            (supplied.area_code similar to '[^A-Z0-9].*', 'area_code_ill_begun', 'area_code', supplied.area_code, null),
            (supplied.area_name is null, 'area_name_missing', 'area_name', null, null),
            (supplied.area_level is null, 'area_level_missing', 'area_level', null, null),
            (supplied.area_name_known is not null, 'area_known', 'area_code', supplied.area_code, supplied.area_name_known),
            (
                supplied.is_repeated,
                'area_repeated', 'area_code', supplied.area_code, cast(supplied.rows_of_code as varchar) || ' in all'
            ),
            (supplied.lacks_parent, 'parent_unknown', 'parent_area_code', supplied.parent_area_code, null),
            (supplied.is_in_circle, 'parents_in_circle', 'parent_area_code', supplied.parent_area_code, null),
            (supplied.has_too_many_parents, 'parents_too_many', 'parent_area_code', supplied.parent_area_code, null),
            (
                supplied.longitude_text is not null and coalesce(supplied.longitude, 999) not between -180 and 180,
                'place_ill_formed', 'longitude', supplied.longitude_text, null
            ),
            (
                supplied.latitude_text is not null and coalesce(supplied.latitude, 999) not between -90 and 90,
                'place_ill_formed', 'latitude', supplied.latitude_text, null
            ),
            (
                (supplied.first_year_text is not null and coalesce(supplied.first_year, 0) not between 1900 and 2099)
                or supplied.first_year > supplied.last_year,
                'years_ill_formed', 'first_year', supplied.first_year_text, null
            ),
            (
                supplied.last_year_text is not null and coalesce(supplied.last_year, 0) not between 1900 and 2099,
                'years_ill_formed', 'last_year', supplied.last_year_text, null
            )
        ) as checks (is_fault, fault_code, column_name, problem_value, detail)
    where checks.is_fault

)

select * from faults_found
