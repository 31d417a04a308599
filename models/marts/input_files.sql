with fields as (

    {{ from_files('stg_incoming__fields', {
        'source_file': 'varchar', 'layout': 'varchar', 'source_line': 'bigint', 'line_text': 'varchar', 'problem': 'varchar',
        'has_doubled_columns': 'boolean', 'first_line': 'bigint', 'columns_expected': 'varchar', 'columns_missing': 'varchar',
    }) | indent(4) }}

),

lines_judged as (

    select * from {{ ref('int_incoming_lines') }}

),

record_files as (

    select * from {{ ref('int_record_files_counted') }}

),

rejected_rows as (

    select
        file_rows.{{ adapter.quote('file') }} as source_file,
        file_rows.{{ adapter.quote('line') }} as source_line,
        file_rows.{{ adapter.quote('column') }} as column_name,
        file_rows.{{ adapter.quote('value') }} as problem_value,
        file_rows.reason
    from {{ ref('rejected_rows') }} as file_rows

),

counts as (

    select * from {{ ref('int_incoming_counts') }}

),

areas as (

    select * from {{ ref('int_areas') }}

),

sentences as (

    select * from {{ ref('incoming_file_sentences') }}

),

lines_counted as (

    select
        lines_judged.source_file,
        count(*) as rows_read,
        count(rejected_rows.source_line) as rows_rejected,
        min(rejected_rows.source_line) as first_line_rejected
    from lines_judged
    left join rejected_rows
        on lines_judged.source_file = rejected_rows.source_file
        and lines_judged.source_line = rejected_rows.source_line
    group by lines_judged.source_file

),

-- Of records not all are listed: line 0 of a file says how many are not.
records_listed as (

    select
        source_file,
        min(source_line) as first_line_rejected
    from rejected_rows
    where source_line > 0
    group by source_file

),

files_counted as (

    select
        files.source_file,
        files.layout,
        files.problem as reading_problem,
        files.has_doubled_columns,
        files.first_line,
        {{ printable_text('files.line_text', 120) }} as first_line_text,
        files.columns_expected,
        files.columns_missing,
        coalesce(lines_counted.rows_read, 0) as rows_read,
        coalesce(lines_counted.rows_rejected, 0) as rows_rejected,
        lines_counted.first_line_rejected
    from fields as files
    left join lines_counted on files.source_file = lines_counted.source_file
    where files.source_line is null
    union all
    select
        record_files.source_file,
        case when record_files.reading_problem is null then 'births' end as layout,
        record_files.reading_problem,
        false as has_doubled_columns,
        cast(null as bigint) as first_line,
        cast(null as varchar) as first_line_text,
        cast(null as varchar) as columns_expected,
        cast(null as varchar) as columns_missing,
        record_files.rows_read,
        record_files.rows_rejected,
        records_listed.first_line_rejected
    from record_files
    left join records_listed on record_files.source_file = records_listed.source_file

),

-- The name belongs to the code: another one beside it may be a slip of the code, and is told even where every row is used.
names_in_order as (

    select
        counts.source_file,
        counts.source_line,
        counts.area_code,
        min(counts.area_name) as area_name,
        min(areas.area_name) as area_name_known,
        row_number() over (partition by counts.source_file order by counts.source_line asc, counts.area_code asc) as place
    from counts
    inner join areas on counts.area_code = areas.area_code
    where lower(counts.area_name) <> lower(areas.area_name)
    group by counts.source_file, counts.source_line, counts.area_code

),

-- Of a file the first such name.
names_told as (

    select
        names_in_order.source_file,
        {{ filled_template('sentences.template', {
            'line': 'cast(names_in_order.source_line as varchar)',
            'area_code': 'names_in_order.area_code',
            'area_name_known': 'names_in_order.area_name_known',
            'area_name': 'names_in_order.area_name',
        }) }} as sentence
    from names_in_order
    inner join sentences on sentences.sentence_code = 'name_differs'
    where names_in_order.place = 1

),

files_judged as (

    select
        files_counted.*,
        rejected_rows.column_name,
        rejected_rows.problem_value,
        rejected_rows.reason,
        case
            when files_counted.reading_problem is not null then 'not_opened'
            when files_counted.has_doubled_columns then 'column_doubled'
            when files_counted.layout is null and files_counted.columns_missing is not null then 'columns_missing'
            when files_counted.layout is null then 'no_header'
            when files_counted.rows_read = 0 then 'no_rows'
            when files_counted.first_line_rejected is not null then 'row_rejected'
        end as sentence_code
    from files_counted
    left join rejected_rows
        on files_counted.source_file = rejected_rows.source_file
        and files_counted.first_line_rejected = rejected_rows.source_line

),

files_described as (

    select
        files_judged.source_file as {{ adapter.quote('file') }},
        coalesce(files_judged.layout, 'not_read') as kind,
        files_judged.rows_read,
        files_judged.rows_read - files_judged.rows_rejected as rows_used,
        files_judged.rows_rejected,
        nullif(concat_ws('; ', {{ filled_template('sentences.template', {
            'reading_problem': 'files_judged.reading_problem',
            'first_line': 'cast(files_judged.first_line as varchar)',
            'first_line_text': 'files_judged.first_line_text',
            'columns_expected': 'files_judged.columns_expected',
            'columns_missing': 'files_judged.columns_missing',
            'line': 'cast(files_judged.first_line_rejected as varchar)',
            'column': 'files_judged.column_name',
            'value': "coalesce(files_judged.problem_value, '')",
            'reason': 'files_judged.reason',
        }) }}, names_told.sentence), '') as problem
    from files_judged
    left join sentences on files_judged.sentence_code = sentences.sentence_code
    left join names_told on files_judged.source_file = names_told.source_file

)

select * from files_described
