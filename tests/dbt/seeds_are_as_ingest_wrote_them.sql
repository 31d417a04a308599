{{ config(enabled=target.type == 'duckdb') }}
-- Each seed that `python -m ingest` writes is, byte for byte, what it wrote: its digest stands in seed_digests, written in the same run.
-- Who means to change one changes what the command reads. Line ends do not count, which a checkout on Windows may change. DuckDB only,
-- which reads the files.
{%- set query -%}
with files as (

    select
        replace(replace(filename, chr(92), '/'), 'seeds/', '') as seed_file,
        len(string_split(rtrim(content, chr(13) || chr(10)), chr(10))) - 1 as line_count,
        sha256(replace(content, chr(13), '')) as digest
    from read_text('seeds/*/*.csv')

),

digests as (

    select * from {{ ref('seed_digests') }}

),

problems as (

    select
        'seeds/' || digests.seed_file || ' is not what `python -m ingest` wrote: '
        || case
            when files.seed_file is null then 'it is missing'
            when files.line_count <> digests.line_count
                then files.line_count || ' lines below its header where ' || digests.line_count || ' were written'
            else 'other contents in as many lines'
        end
        || '. Take the committed file back, or run the command.' as problem
    from digests
    left join files on digests.seed_file = files.seed_file
    where files.digest is distinct from digests.digest
        or files.line_count is distinct from digests.line_count
    union all
    select
        'seeds/published/seed_digests.csv has ' || count(*) || ' lines where '
        || coalesce(cast(max(files_written) as varchar), 'some') || ' files were written.' as problem
    from digests
    having count(*) is distinct from max(files_written)
        or count(*) is distinct from min(files_written)

)

select problem from problems
order by problem asc nulls last
{%- endset %}
{{ fail_with_sentences(query) }}
