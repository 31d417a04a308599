with fields as (

    {{ from_files('int_incoming_fields_read', {
        'source_file': 'varchar', 'layout': 'varchar', 'source_line': 'bigint', 'area_code_text': 'varchar', 'area_name_text': 'varchar',
        'area_level_text': 'varchar', 'parent_area_code_text': 'varchar', 'longitude_text': 'varchar', 'latitude_text': 'varchar',
        'first_year_text': 'varchar', 'last_year_text': 'varchar', 'field_with_character': 'varchar', 'code_point_refused': 'varchar',
        'cell_with_character': 'varchar', 'is_malformed': 'boolean', 'has_more_fields_than_header': 'boolean', 'line_text': 'varchar',
    }) | indent(4) }}

),

areas_listed as (

    select
        source_file,
        source_line,
        area_code_text as area_code,
        area_name_text as area_name,
        lower(area_level_text) as area_level,
        -- An area that is its own parent is the top of its chain, as one without.
        nullif(parent_area_code_text, area_code_text) as parent_area_code,
        longitude_text,
        latitude_text,
        {% for place in ('longitude', 'latitude') -%}
        case when {{ place }}_text similar to '-?[0-9]{1,3}([.][0-9]+)?' then cast({{ place }}_text as double precision) end as {{ place }},
        {% endfor -%}
        first_year_text,
        last_year_text,
        {{ whole_number('first_year_text') }} as first_year,
        {{ whole_number('last_year_text') }} as last_year,
        field_with_character,
        code_point_refused,
        cell_with_character,
        is_malformed,
        has_more_fields_than_header,
        line_text
    from fields
    where layout = 'areas'

)

select * from areas_listed
