{%- set listed = setting('rejected_records_listed') %}

with files as (

    select * from {{ counted_records('int_record_files') }}

),

files_counted as (

    select * from {{ ref('int_record_files_counted') }}

),

lines as (

    select * from {{ ref('int_record_lines') }}

),

rejected as (

    select * from {{ counted_records('int_records_rejected') }}

),

repeated as (

    select * from {{ counted_records('int_record_ids_repeated') }}

),

-- Of a file of which no record is rejected any more, since its areas are known now, what was listed before stays in the other step.
rejected_of_files as (

    select
        rejected.source_file,
        rejected.record_number,
        rejected.problem_column,
        rejected.problem_value,
        rejected.problem
    from rejected
    inner join files
        on rejected.source_file = files.source_file
        and rejected.file_version = files.file_version
    inner join files_counted on rejected.source_file = files_counted.source_file
    where files_counted.rows_with_faults > 0

),

-- A record that repeats an id and has faults of its own is one row with all reasons. The other step lists as many of a file as are listed
-- here, so that it has the faults of every repeat that comes to be listed.
repeated_with_faults as (

    select
        repeated.source_file,
        repeated.record_number,
        concat_ws(', ', 'birth_id', rejected_of_files.problem_column) as problem_column,
        concat_ws(', ', repeated.birth_id, rejected_of_files.problem_value) as problem_value,
        concat_ws(
            '; ',
            'the birth_id stands in an earlier record, ' || cast(repeated.first_record_number as varchar) || ' of '
            || repeated.first_source_file,
            rejected_of_files.problem
        ) as problem
    from repeated
    left join rejected_of_files
        on repeated.source_file = rejected_of_files.source_file
        and repeated.record_number = rejected_of_files.record_number

),

records_unioned as (

    select
        rejected_of_files.source_file,
        rejected_of_files.record_number,
        rejected_of_files.problem_column,
        rejected_of_files.problem_value,
        rejected_of_files.problem
    from rejected_of_files
    left join repeated
        on rejected_of_files.source_file = repeated.source_file
        and rejected_of_files.record_number = repeated.record_number
    where repeated.source_file is null
    union all
    select * from repeated_with_faults

),

records_in_order as (

    select
        *,
        row_number() over (partition by source_file order by record_number asc nulls last) as place
    from records_unioned

),

csv_files as (

    select
        files.source_file,
        files.lines_in_file,
        count(*) + 1 as lines_expected
    from files
    inner join lines
        on files.file_path = lines.file_path
        and files.file_version = lines.file_version
    group by files.source_file, files.lines_in_file

),

records_listed as (

    select
        records_in_order.source_file,
        -- A record of a CSV file stands one line below its number, for the first line names the columns.
        records_in_order.record_number + case when csv_files.source_file is null then 0 else 1 end as source_line,
        records_in_order.problem_column,
        {{ printable_text('records_in_order.problem_value') }} as problem_value,
        records_in_order.problem || case
            when csv_files.lines_in_file <> csv_files.lines_expected
                then ' (record ' || cast(records_in_order.record_number as varchar)
                    || ' of the file; empty lines, or line breaks in fields, may have moved its line)'
            else ''
        end as problem,
        cast(1 as bigint) as input_rows
    from records_in_order
    left join csv_files on records_in_order.source_file = csv_files.source_file
    where records_in_order.place <= {{ listed }}

),

files_listed_in_part as (

    select
        source_file,
        cast(0 as bigint) as source_line,
        'whole file' as problem_column,
        cast(rows_rejected - {{ listed }} as varchar) as problem_value,
        'so many more records of this file are not used, ' || cast(rows_rejected as varchar)
        || ' in all; the variable rejected_records_listed says how many are listed' as problem,
        rows_rejected - {{ listed }} as input_rows
    from files_counted
    where rows_rejected > {{ listed }}

),

rows_listed as (

    select * from records_listed
    union all
    select * from files_listed_in_part

)

select * from rows_listed
