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
        {{ filled_template('sentences.template', {
            'reading_problem': 'files_judged.reading_problem',
            'first_line': 'cast(files_judged.first_line as varchar)',
            'first_line_text': 'files_judged.first_line_text',
            'columns_expected': 'files_judged.columns_expected',
            'columns_missing': 'files_judged.columns_missing',
            'line': 'cast(files_judged.first_line_rejected as varchar)',
            'column': 'files_judged.column_name',
            'value': "coalesce(files_judged.problem_value, '')",
            'reason': 'files_judged.reason',
        }) }} as problem
    from files_judged
    left join sentences on files_judged.sentence_code = sentences.sentence_code

)

select * from files_described
