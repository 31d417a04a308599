{{ config(materialized='view') }}

-- The one place where the rules for records are written. A view: what is not asked for is not worked out.
with lines as (

    select * from {{ ref('int_record_lines') }}

),

files as (

    select * from {{ ref('int_record_files') }}

),

-- The lines of a file that is gone, or has changed since, are not read any more.
current_lines as (

    select lines.*
    from lines
    inner join files
        on lines.file_path = files.file_path
        and lines.file_version = files.file_version

),

records_typed as (

    {{ record_rows('current_lines') | indent(4) }}

),

-- Most children are born alive and live. Rules that cannot concern them are worked out for the others alone.
records_told_apart as (

    select
        *,
        birth_type = 'live' and death_date is null and not has_unreadable_death as is_living
    from records_typed

),

-- Plain comparisons. A rule may be NULL where a value is missing that another rule asks for, so that all together they are true or false. A
-- stillbirth below 20 weeks breaks one rule, not two.
records_compared as (

    select
        *,
        not has_id as lacks_id,
        birth_date is null
        or birth_date < cast('1900-01-01' as date)
        or birth_date > cast('{{ setting('records_latest_date') }}' as date) as lacks_birth_date,
        case
            when is_living then false
            else has_unreadable_death
                or (death_date is not null and death_date > cast('{{ setting('records_latest_date') }}' as date))
        end as has_impossible_death_date,
        case when is_living then false else death_date is not null and death_date < birth_date end as has_death_before_birth,
        case
            when is_living then false else birth_type = 'still' and (death_date is not null or has_unreadable_death)
        end as is_stillbirth_with_death_date,
        case
            when is_living then false
            else birth_type = 'still' and gestation_weeks is not null and gestation_weeks between 20 and 23
        end as is_stillbirth_too_early,
        has_unreadable_weeks
        or (gestation_weeks is not null and (gestation_weeks < 20 or gestation_weeks > 45)) as has_impossible_weeks,
        case
            when is_living then false else birth_type is null or (birth_type <> 'live' and birth_type <> 'still')
        end as lacks_birth_type
    from records_told_apart

),

records_judged as (

    select
        *,
        line_problem is not null
        or lacks_id
        or lacks_birth_date
        or has_impossible_death_date
        or has_death_before_birth
        or is_stillbirth_with_death_date
        or is_stillbirth_too_early
        or has_impossible_weeks
        or lacks_birth_type as is_rejected,
        cast(extract(year from birth_date) as integer) as birth_year,
        -- Completed days and years at death. Who was born on 29 February is a year old on 1 March: month and day are compared as numbers.
        case
            when is_living then 'alive_at_one_year'
            when birth_type = 'still' then 'stillbirth'
            when {{ dbt.datediff('birth_date', 'death_date', 'day') }} <= 6 then 'early_neonatal_death'
            when {{ dbt.datediff('birth_date', 'death_date', 'day') }} <= 27 then 'late_neonatal_death'
            when extract(year from death_date) * 10000 + extract(month from death_date) * 100 + extract(day from death_date)
                < extract(year from birth_date) * 10000 + extract(month from birth_date) * 100 + extract(day from birth_date) + 10000
                then 'postneonatal_death'
            else 'alive_at_one_year'
        end as outcome,
        cast(extract(year from death_date) as integer) as death_year
    from records_compared

)

select * from records_judged
