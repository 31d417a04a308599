{{ config(
    materialized='incremental',
    unique_key='source_file',
    partition_by='source_file',
    on_schema_change='fail'
) }}

{#- Of each file its codes that mean no area, and one row more where it has records with other faults. -#}
{%- set codes_not_used -%}
select distinct
    counted.source_file,
    counted.file_path,
    counted.file_version,
    counted.area_code_text
from {{ ref('int_record_counts') }} as counted
inner join {{ ref('int_record_files') }} as files
    on counted.source_file = files.source_file
    and counted.file_version = files.file_version
left join {{ ref('int_record_areas') }} as areas on counted.area_code_text = areas.area_code_text
where areas.area_code is null
{%- endset -%}

{#- A file without rejected records is not read a second time; another is when it has changed, or other codes in it mean no area. -#}
{%- set files_with_rejected -%}
select
    source_file,
    file_path,
    file_version,
    coalesce({{ codes_as_text('area_code_text') }}, '') as unknown_codes
from codes_not_used
group by source_file, file_path, file_version
{%- endset -%}

{%- set changed = changed_record_files(
    "with codes_not_used as (" ~ codes_not_used ~ "), found as (" ~ files_with_rejected ~ ") select file_path from found"
    ~ " where not exists (select 1 from " ~ this ~ " as kept where kept.source_file = found.source_file"
    ~ " and kept.file_version = found.file_version and kept.unknown_codes = found.unknown_codes)"
) %}

{#- No file has to be read beyond the record by which as many with faults have come as are listed. A line that cannot be read may have a
    number above that of all records, for it is counted in lines. -#}
{%- set last_record_to_read -%}
with parts as (

    select
        source_file,
        last_record_number,
        sum(records) as records,
        sum(sum(records)) over (partition by source_file order by last_record_number asc nulls last) as records_so_far
    from {{ ref('int_record_counts') }}
    where source_file in (select source_file from ({{ codes_not_used }}) as codes_not_used)
        and {{ record_path_is_among(changed) }}
    group by source_file, last_record_number

),

files_read as (

    select coalesce(
        min(case when records_so_far >= {{ setting('rejected_records_listed') }} then last_record_number end),
        greatest(sum(records), max(last_record_number))
    ) as last_record_number
    from parts
    group by source_file

)

select max(last_record_number) from files_read
{%- endset %}

with codes_not_used as (

    {{ codes_not_used | indent(4) }}

),

files as (

    {{ files_with_rejected | indent(4) }}

),

records as (

    select * from {{ ref('int_records') }}
    where {{ record_path_is_among(changed) }}
        and {{ record_number_is_up_to(last_record_to_read, ref('int_record_counts')) }}

),

records_not_used as (

    select
        records.*,
        records.area_code_text is null or codes_not_used.area_code_text is not null as lacks_known_area
    from records
    left join codes_not_used
        on records.file_path = codes_not_used.file_path
        and records.area_code_text = codes_not_used.area_code_text
    where records.is_rejected
        or records.area_code_text is null
        or codes_not_used.area_code_text is not null

),

records_in_order as (

    select
        *,
        row_number() over (partition by file_path order by record_number asc nulls last) as place
    from records_not_used

),

reasons_told as (

    select
        file_path,
        record_number,
        line_text,
        line_problem,
        concat_ws(
            ', ',
            case when lacks_id then 'birth_id' end,
            case when lacks_birth_date then 'birth_date' end,
            case when has_impossible_death_date or has_death_before_birth or is_stillbirth_with_death_date then 'death_date' end,
            case when lacks_known_area then 'area_code' end,
            case when has_impossible_weeks or is_stillbirth_too_early then 'gestation_weeks' end,
            case when lacks_birth_type then 'birth_type' end
        ) as columns_at_fault,
        concat_ws(
            ', ',
            case when lacks_birth_date then coalesce(birth_date_text, cast(birth_date as {{ dbt.type_string() }})) end,
            case
                when has_impossible_death_date or has_death_before_birth or is_stillbirth_with_death_date
                    then coalesce(death_date_text, cast(death_date as {{ dbt.type_string() }}))
            end,
            case when lacks_known_area then {{ record_text('area_code_text') }} end,
            case
                when has_impossible_weeks or is_stillbirth_too_early
                    then coalesce(gestation_weeks_text, cast(gestation_weeks as {{ dbt.type_string() }}))
            end,
            case when lacks_birth_type then {{ record_text('birth_type_text') }} end
        ) as values_at_fault,
        concat_ws(
            '; ',
            case when lacks_id then 'a birth_id was expected' end,
            case
                when lacks_birth_date
                    then 'a date of birth such as 2014-03-31, from 1900 to {{ setting('records_latest_date') }}, was expected'
            end,
            case
                when has_impossible_death_date
                    then 'a date of death such as 2014-03-31, to {{ setting('records_latest_date') }}, or nothing, was expected'
            end,
            case when has_death_before_birth then 'the death comes before the birth' end,
            case when is_stillbirth_with_death_date then 'a stillbirth has no date of death' end,
            case when is_stillbirth_too_early then 'a stillbirth is of 24 weeks or more' end,
            case when lacks_known_area then 'the code of an area of dim_area was expected' end,
            case when has_impossible_weeks then 'a whole number of weeks from 20 to 45, or nothing, was expected' end,
            case when lacks_birth_type then 'live or still was expected' end
        ) as reasons
    from records_in_order
    where place <= {{ setting('rejected_records_listed') }}

),

records_rejected as (

    select
        files.source_file,
        files.file_version,
        files.unknown_codes,
        reasons_told.record_number,
        case when reasons_told.line_problem is not null then 'whole line' else reasons_told.columns_at_fault end as problem_column,
        coalesce(reasons_told.line_text, nullif(reasons_told.values_at_fault, '')) as problem_value,
        coalesce(reasons_told.line_problem, reasons_told.reasons) as problem
    from reasons_told
    inner join files on reasons_told.file_path = files.file_path

)

select * from records_rejected
