{%- set fields = [
    'area_code', 'area_name', 'period', 'basis', 'item', 'count', 'indicator', 'sex', 'category', 'value_note',
    'numerator', 'denominator', 'live_births', 'stillbirths', 'neonatal_deaths',
    'area_level', 'parent_area_code', 'longitude', 'latitude', 'first_year', 'last_year',
] -%}
with lines as (

    select * from {{ ref('stg_incoming__lines') }}

),

headers as (

    select * from {{ ref('int_incoming_headers_found') }}
    where layout is not null

),

layouts as (

    select * from {{ ref('incoming_layouts') }}

),

layout_columns as (

    select * from {{ ref('incoming_layout_columns') }}

),

header_cells as (

    select
        headers.source_file,
        headers.layout,
        generate_subscripts(lines.cells, 1) as column_place,
        regexp_replace(lower(unnest(lines.cells)), '[^a-z0-9]', '', 'g') as heading
    from headers
    inner join lines
        on headers.source_file = lines.source_file
        and headers.sheet_place = lines.sheet_place
        and headers.header_line = lines.source_line

),

-- Where a sheet has the columns of several areas side by side, each time that the first of them comes again a block begins.
columns_in_blocks as (

    select
        header_cells.source_file,
        header_cells.layout,
        header_cells.column_place,
        header_cells.heading,
        sum(case when header_cells.heading = layouts.repeated_header then 1 else 0 end) over (
            partition by header_cells.source_file
            order by header_cells.column_place asc
        ) as block
    from header_cells
    inner join layouts on header_cells.layout = layouts.layout

),

widths as (

    select
        source_file,
        max(column_place) as columns_headed
    from columns_in_blocks
    where heading <> ''
    group by source_file

),

blocks as (

    select
        source_file,
        block
    from columns_in_blocks
    where block > 0
    group by source_file, block

),

-- What stands before the first block (the year) is said of every block.
columns_named as (

    select
        columns_in_blocks.source_file,
        columns_in_blocks.column_place,
        layout_columns.field,
        coalesce(blocks.block, columns_in_blocks.block) as block
    from columns_in_blocks
    inner join layout_columns
        on columns_in_blocks.layout = layout_columns.layout
        and columns_in_blocks.heading = layout_columns.header
    left join blocks
        on columns_in_blocks.source_file = blocks.source_file
        and columns_in_blocks.block = 0

),

lines_of_table as (

    select
        headers.source_file,
        headers.layout,
        lines.source_line,
        lines.cells,
        lines.is_malformed,
        trim(coalesce(array_to_string(lines.cells[widths.columns_headed + 1:], ''), '')) <> '' as has_more_fields_than_header
    from headers
    inner join widths on headers.source_file = widths.source_file
    inner join lines
        on headers.source_file = lines.source_file
        and headers.sheet_place = lines.sheet_place
        and headers.header_line < lines.source_line
    where {{ cleaned_text("array_to_string(lines.cells, '')") }} is not null

),

cells_named as (

    select
        lines_of_table.source_file,
        lines_of_table.layout,
        lines_of_table.source_line,
        columns_named.block,
        columns_named.field,
        {{ cleaned_text('lines_of_table.cells[columns_named.column_place]') }} as cell
    from lines_of_table
    inner join columns_named on lines_of_table.source_file = columns_named.source_file

),

-- The first character that a field may not hold: in a code all but letters, digits and a few marks; elsewhere what cannot be seen.
cells_inspected as (

    select
        source_file,
        layout,
        source_line,
        block,
        field,
        case when field in ('area_code', 'parent_area_code') then upper(cell) else cell end as cell,
        case
            when field in ('area_code', 'parent_area_code') then nullif(regexp_extract(upper(cell), '[^A-Z0-9_.+-]'), '')
            when field in ('period', 'count', 'numerator', 'denominator', 'live_births', 'stillbirths', 'neonatal_deaths', 'basis', 'item')
                then nullif(regexp_extract(cell, '[^ -~–−]'), '')
            else nullif(regexp_extract(cell, '[\p{C}]'), '')
        end as character_refused
    from cells_named

),

fields_gathered as (

    select
        source_file,
        layout,
        source_line,
        block,
        {%- for field in fields %}
        max(case when field = '{{ field }}' then cell end) as {{ field }}_text,
        {%- endfor %}
        min(case when character_refused is not null then field end) as field_with_character,
        min_by(character_refused, field) filter (where character_refused is not null) as character_refused,
        min_by(cell, field) filter (where character_refused is not null) as cell_with_character
    from cells_inspected
    group by source_file, layout, source_line, block

),

fields_read as (

    select
        fields_gathered.source_file,
        fields_gathered.layout,
        fields_gathered.source_line,
        cast(fields_gathered.block as integer) as block,
        {%- for field in fields %}
        {{ printable_text('fields_gathered.' ~ field ~ '_text') }} as {{ field }}_text,
        {%- endfor %}
        {{ plain_number_text('fields_gathered.count_text') }} as count_digits,
        {{ plain_number_text('fields_gathered.numerator_text') }} as numerator_digits,
        {{ plain_number_text('fields_gathered.denominator_text') }} as denominator_digits,
        {{ plain_number_text('fields_gathered.live_births_text') }} as live_births_digits,
        {{ plain_number_text('fields_gathered.stillbirths_text') }} as stillbirths_digits,
        {{ plain_number_text('fields_gathered.neonatal_deaths_text') }} as neonatal_deaths_digits,
        {{ plain_number_text("regexp_extract(fields_gathered.period_text, '^([0-9]+(\.0+)?)', 1)") }} as first_year_digits,
        regexp_extract(fields_gathered.period_text, '^[0-9]{4} ?[-–] ?([0-9]{2}|[0-9]{4})$', 1) as last_year_digits,
        regexp_full_match(fields_gathered.period_text, '[0-9]+(\.0+)?|[0-9]{4} ?[-–] ?([0-9]{2}|[0-9]{4})') as is_period_well_formed,
        fields_gathered.field_with_character,
        'U+' || printf('%04X', unicode(fields_gathered.character_refused)) as code_point_refused,
        {{ printable_text('fields_gathered.cell_with_character') }} as cell_with_character,
        lines_of_table.is_malformed,
        lines_of_table.has_more_fields_than_header,
        {{ printable_text(cleaned_text("array_to_string(lines_of_table.cells, ',')")) }} as line_text
    from fields_gathered
    inner join lines_of_table
        on fields_gathered.source_file = lines_of_table.source_file
        and fields_gathered.source_line = lines_of_table.source_line

)

select * from fields_read
