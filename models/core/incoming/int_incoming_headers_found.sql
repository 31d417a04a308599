{#- A folder that was named and is not there is a mistake of the person who runs the build, and told before anything is made. -#}
{{ stop_where_folder_is_missing(ref('stg_incoming__lines')) }}
with lines as (

    select * from {{ ref('stg_incoming__lines') }}

),

layouts as (

    select * from {{ ref('incoming_layouts') }}

),

layout_columns as (

    select * from {{ ref('incoming_layout_columns') }}

),

files as (

    select
        source_file,
        problem
    from lines
    where source_line is null

),

columns_required as (

    select
        layout,
        count(*) as columns_required
    from layout_columns
    where is_required
    group by layout

),

lines_written as (

    select
        *,
        row_number() over (partition by source_file, sheet_place order by source_line asc) as place
    from lines
    where trim(array_to_string(cells, '')) <> ''

),

-- A header may stand below a title and notes, not below a table.
header_cells as (

    select
        source_file,
        sheet,
        sheet_place,
        source_line,
        generate_subscripts(cells, 1) as column_place,
        -- Neither case nor what stands between the words matters.
        regexp_replace(lower(unnest(cells)), '[^a-z0-9]', '', 'g') as heading
    from lines_written
    where place <= 60

),

columns_matched as (

    select
        header_cells.source_file,
        header_cells.sheet,
        header_cells.sheet_place,
        header_cells.source_line,
        layout_columns.layout,
        count(distinct case when layout_columns.is_required then layout_columns.header end) as columns_found,
        count(*) - count(distinct layout_columns.header) as columns_doubled
    from header_cells
    inner join layout_columns on header_cells.heading = layout_columns.header
    group by
        header_cells.source_file,
        header_cells.sheet,
        header_cells.sheet_place,
        header_cells.source_line,
        layout_columns.layout

),

-- Of several lines and sheets that a layout fits, the first; of several layouts, the one listed first.
headers_in_order as (

    select
        columns_matched.*,
        layouts.repeated_header,
        row_number() over (
            partition by columns_matched.source_file
            order by columns_matched.sheet_place asc, columns_matched.source_line asc, layouts.display_order asc
        ) as choice
    from columns_matched
    inner join columns_required on columns_matched.layout = columns_required.layout
    inner join layouts on columns_matched.layout = layouts.layout
    where columns_matched.columns_found = columns_required.columns_required

),

first_lines as (

    select
        source_file,
        min_by(source_line, sheet_place * 10000000 + source_line) as source_line,
        min_by(array_to_string(cells, ','), sheet_place * 10000000 + source_line) as line_text
    from lines_written
    group by source_file

),

-- What stands where the header should, and what it lacks of the layout that it is most like.
nearest_layouts as (

    select
        columns_matched.source_file,
        columns_matched.source_line,
        columns_matched.layout,
        row_number() over (
            partition by columns_matched.source_file
            order by
                columns_matched.columns_found desc,
                columns_matched.sheet_place asc,
                columns_matched.source_line asc,
                layouts.display_order asc
        ) as choice
    from columns_matched
    inner join layouts on columns_matched.layout = layouts.layout

),

columns_missing as (

    select
        nearest_layouts.source_file,
        string_agg(layout_columns.header, ', ' order by layout_columns.header asc) as columns_missing
    from nearest_layouts
    inner join layout_columns
        on nearest_layouts.layout = layout_columns.layout
        and layout_columns.is_required
    left join header_cells
        on nearest_layouts.source_file = header_cells.source_file
        and nearest_layouts.source_line = header_cells.source_line
        and layout_columns.header = header_cells.heading
    where nearest_layouts.choice = 1
        and header_cells.heading is null
    group by nearest_layouts.source_file

),

headers_found as (

    select
        files.source_file,
        case when headers.columns_doubled = 0 or headers.repeated_header is not null then headers.layout end as layout,
        headers.sheet,
        headers.sheet_place,
        headers.source_line as header_line,
        files.problem as reading_problem,
        headers.layout is not null and headers.columns_doubled > 0 and headers.repeated_header is null as has_doubled_columns,
        first_lines.source_line as first_line,
        {{ printable_text(cleaned_text('first_lines.line_text'), 120) }} as first_line_text,
        layouts.columns_in_words as columns_expected,
        columns_missing.columns_missing
    from files
    left join headers_in_order as headers
        on files.source_file = headers.source_file
        and headers.choice = 1
    left join first_lines on files.source_file = first_lines.source_file
    left join nearest_layouts
        on files.source_file = nearest_layouts.source_file
        and nearest_layouts.choice = 1
    left join layouts on layouts.layout = coalesce(nearest_layouts.layout, 'own')
    left join columns_missing on files.source_file = columns_missing.source_file

)

select * from headers_found
