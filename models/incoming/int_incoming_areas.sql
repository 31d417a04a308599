{%- set texts = [
    'area_code', 'area_name', 'area_level', 'parent_area_code', 'longitude', 'latitude', 'first_year', 'last_year',
] -%}

with fields as (

    {{ from_files('stg_incoming__fields', {
        'source_file': 'varchar', 'layout': 'varchar', 'source_line': 'bigint', 'is_malformed': 'boolean',
        'has_more_fields_than_header': 'boolean', 'line_text': 'varchar',
    }, texts) | indent(4) }}

),

fields_inspected as (

    select
        *,
        {{ character_refused(texts, 'field') | indent(8) }} as field_with_character,
        {{ character_refused(texts, 'cell') | indent(8) }} as cell_with_character,
        {{ character_refused(texts, 'character') | indent(8) }} as character_refused
    from fields
    where source_line is not null and layout = 'areas'

),

areas_listed as (

    select
        source_file,
        source_line,
        {{ printable_text('upper(area_code_text)') }} as area_code,
        {{ printable_text('area_name_text') }} as area_name,
        lower({{ printable_text('area_level_text') }}) as area_level,
        -- An area that is its own parent is the top of its chain, as one without.
        nullif({{ printable_text('upper(parent_area_code_text)') }}, {{ printable_text('upper(area_code_text)') }}) as parent_area_code,
        {%- for place in ('longitude', 'latitude') %}
        {{ printable_text(place ~ '_text') }} as {{ place }}_text,
        case when {{ place }}_text similar to '-?[0-9]{1,3}([.][0-9]+)?' then cast({{ place }}_text as double precision) end as {{ place }},
        {%- endfor %}
        {%- for year in ('first_year', 'last_year') %}
        {{ printable_text(year ~ '_text') }} as {{ year }}_text,
        {{ whole_number("regexp_replace(" ~ year ~ "_text, '[.]0+$', '')") }} as {{ year }},
        {%- endfor %}
        field_with_character,
        {{ code_point('character_refused') }} as code_point_refused,
        {{ printable_text('cell_with_character') }} as cell_with_character,
        is_malformed,
        has_more_fields_than_header,
        {{ printable_text('line_text') }} as line_text
    from fields_inspected

)

select * from areas_listed
