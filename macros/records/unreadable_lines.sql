{#- Statements that put the lines that DuckDB could not read among the records read, in their places: records after them move on by as many.
    A line with a field too many or too few is a rejected record, and no reason to stop. Nothing where every line was read. -#}
{% macro store_unreadable_lines() -%}
    {{ return(adapter.dispatch('store_unreadable_lines', 'infant_mortality')()) }}
{%- endmacro %}

{% macro default__store_unreadable_lines() -%}
{%- endmacro %}

{% macro duckdb__store_unreadable_lines() -%}
    {%- if not is_built(this) -%}
        {{ return('') }}
    {%- endif -%}
    {%- set noted = run_query("select count(*) from duckdb_tables() where table_name in ('record_rejects', 'record_scans')") -%}
    {%- if noted.columns[0].values()[0] < 2 -%}
        {{ return('') }}
    {%- endif -%}
create or replace temporary table record_lines_unreadable as
select
    record_scans.file_path,
    record_rejects.line - 1 as record_number,
    any_value(trim(record_rejects.csv_line, chr(10) || chr(13))) as line_text,
    case min(record_rejects.error_type)
        when 'MISSING COLUMNS' then 'fewer fields stand there than in the first line'
        when 'TOO MANY COLUMNS' then 'more fields stand there than in the first line'
        when 'INVALID ENCODING' then 'the line is no UTF-8 text'
        when 'UNQUOTED VALUE' then 'a quotation mark is not closed or is inside a field'
        else 'the line cannot be read'
    end as line_problem,
    row_number() over (partition by record_scans.file_path order by record_rejects.line asc nulls last) as place
from record_rejects
inner join record_scans
    on record_rejects.scan_id = record_scans.scan_id
    and record_rejects.file_id = record_scans.file_id
group by record_scans.file_path, record_rejects.line;

update {{ this }} as records
set record_number = records.record_number + moves.place
from (
    select
        file_path,
        place,
        record_number - place as records_before,
        lead(record_number - place) over (partition by file_path order by place asc nulls last) as records_before_next
    from record_lines_unreadable
) as moves
where records.file_path = moves.file_path
    and records.record_number > moves.records_before
    and (records.record_number <= moves.records_before_next or moves.records_before_next is null);

insert into {{ this }} (source_file, file_path, file_version, record_number, line_text, line_problem)
select
    files.source_file,
    files.file_path,
    files.file_version,
    unreadable.record_number,
    unreadable.line_text,
    unreadable.line_problem
from record_lines_unreadable as unreadable
inner join {{ ref('int_record_files') }} as files on unreadable.file_path = files.file_path;

drop table record_rejects;
drop table record_scans;
drop table record_lines_unreadable
{%- endmacro %}
