{{ config(materialized='view') }}

-- The one place where the rules for records stand. A view: what is not asked for is not worked out.
with records as (

    select * from {{ ref('int_records_typed') }}

),

areas as (

    select * from {{ ref('int_record_areas_known') }}

),

-- The same again: of a table that is named twice DuckDB would make a copy first, and then work out columns that nobody asks for.
areas_spelled_otherwise as (

    select * from {{ ref('int_record_areas_known') }}

),

-- Plain comparisons, for each rule is worked out for every record. A rule may be NULL where a value is missing that another rule asks for,
-- so that all together they are true or false. Of a stillbirth below 20 weeks one thing is said, not two.
records_compared as (

    select
        records.*,
        coalesce(areas.area_code, areas_spelled_otherwise.area_code) as known_area_code,
        not records.has_id as lacks_id,
        records.birth_date is null
        or records.birth_date < cast('1900-01-01' as date)
        or records.birth_date > cast('{{ setting('records_latest_date') }}' as date) as lacks_birth_date,
        records.has_unreadable_death
        or (records.death_date is not null and records.death_date > cast('{{ setting('records_latest_date') }}' as date))
            as has_impossible_death_date,
        records.death_date is not null and records.death_date < records.birth_date as has_death_before_birth,
        records.birth_type = 'still' and (records.death_date is not null or records.has_unreadable_death)
            as is_stillbirth_with_death_date,
        records.birth_type = 'still' and records.gestation_weeks is not null and records.gestation_weeks between 20 and 23
            as is_stillbirth_too_early,
        areas.area_code is null and areas_spelled_otherwise.area_code is null as lacks_known_area,
        records.has_unreadable_weeks
        or (records.gestation_weeks is not null and (records.gestation_weeks < 20 or records.gestation_weeks > 45))
            as has_impossible_weeks,
        records.birth_type is null or (records.birth_type <> 'live' and records.birth_type <> 'still') as lacks_birth_type
    from records
    left join areas on records.area_code_text = areas.area_code_matched
    -- Nearly all codes stand as their areas have them. The others are matched trimmed and in capitals: doing so to the codes of all
    -- records of 20,000 areas took a quarter of the time.
    left join areas_spelled_otherwise
        on case when areas.area_code is null then upper(trim(records.area_code_text)) end = areas_spelled_otherwise.area_code_matched

),

records_explained as (

    select
        file_path,
        record_number,
        birth_id,
        birth_id_number,
        line_text,
        line_problem,
        line_problem is not null
        or lacks_id
        or lacks_birth_date
        or has_impossible_death_date
        or has_death_before_birth
        or is_stillbirth_with_death_date
        or is_stillbirth_too_early
        or lacks_known_area
        or has_impossible_weeks
        or lacks_birth_type as is_rejected,
        known_area_code as area_code,
        cast(extract(year from birth_date) as integer) as birth_year,
        -- Completed days and years at death. Who was born on 29 February is a year old on 1 March: month and day are compared as numbers.
        case
            when birth_type = 'still' then 'stillbirth'
            when death_date is null then 'alive_at_one_year'
            when {{ dbt.datediff('birth_date', 'death_date', 'day') }} <= 6 then 'early_neonatal_death'
            when {{ dbt.datediff('birth_date', 'death_date', 'day') }} <= 27 then 'late_neonatal_death'
            when extract(year from death_date) * 10000 + extract(month from death_date) * 100 + extract(day from death_date)
                < extract(year from birth_date) * 10000 + extract(month from birth_date) * 100 + extract(day from birth_date) + 10000
                then 'postneonatal_death'
            else 'alive_at_one_year'
        end as outcome,
        cast(extract(year from death_date) as integer) as death_year,
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
                when lacks_birth_date then 'a date of birth such as 2014-03-31, from 1900 to {{ setting('records_latest_date') }}, was expected'
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
    from records_compared

),

records_judged as (

    select
        file_path,
        record_number,
        birth_id,
        birth_id_number,
        is_rejected,
        area_code,
        birth_year,
        outcome,
        death_year,
        case when line_problem is not null then 'whole line' else nullif(columns_at_fault, '') end as problem_column,
        coalesce(line_text, nullif(values_at_fault, '')) as problem_value,
        coalesce(line_problem, nullif(reasons, '')) as problem
    from records_explained

)

select * from records_judged
