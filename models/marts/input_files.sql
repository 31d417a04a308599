with files as (

    {{ from_files('int_incoming_headers_found', {
        'source_file': 'varchar', 'layout': 'varchar', 'header_line': 'bigint', 'reading_problem': 'varchar',
        'has_doubled_columns': 'boolean', 'first_line': 'bigint', 'first_line_text': 'varchar', 'columns_expected': 'varchar',
        'columns_missing': 'varchar',
    }) | indent(4) }}

),

lines_judged as (

    select * from {{ ref('int_incoming_lines_judged') }}

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

names_compared as (

    select * from {{ ref('int_incoming_names_compared') }}

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

names_in_order as (

    select
        *,
        row_number() over (partition by source_file order by source_line asc, area_code asc) as place
    from names_compared

),

-- The first name of a file that is not the known one, told even where every row is used.
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
        files.*,
        coalesce(lines_counted.rows_read, 0) as rows_read,
        coalesce(lines_counted.rows_rejected, 0) as rows_rejected,
        lines_counted.first_line_rejected,
        rejected_rows.column_name,
        rejected_rows.problem_value,
        rejected_rows.reason,
        case
            when files.reading_problem is not null then 'not_opened'
            when files.has_doubled_columns then 'column_doubled'
            when files.layout is null and files.columns_missing is not null then 'columns_missing'
            when files.layout is null then 'no_header'
            when coalesce(lines_counted.rows_read, 0) = 0 then 'no_rows'
            when lines_counted.first_line_rejected is not null then 'row_rejected'
        end as sentence_code
    from files
    left join lines_counted on files.source_file = lines_counted.source_file
    left join rejected_rows
        on lines_counted.source_file = rejected_rows.source_file
        and lines_counted.first_line_rejected = rejected_rows.source_line

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
