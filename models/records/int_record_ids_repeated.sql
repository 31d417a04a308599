-- After the steps that read all records too, though it needs nothing of them: each takes the cores and the memory there are.
-- depends_on: {{ ref('int_records_rejected') }}
{%- set ids_are_unique = setting('record_ids_are_unique') %}

with record_ids as (

    select birth_id_number from {{ ref('int_records') }}
    {%- if ids_are_unique %}
    where 1 = 0
    {%- endif %}

),

-- No more columns than are needed: they are worked out for every record before it is known whose ids stand twice.
records as (

    select
        file_path,
        record_number,
        birth_id,
        birth_id_number,
        is_rejected,
        area_code_text,
        birth_year,
        outcome,
        death_year
    from {{ ref('int_records') }}
    {%- if ids_are_unique %}
    where 1 = 0
    {%- endif %}

),

files as (

    select * from {{ ref('int_record_files') }}

),

-- Only the ids are put in order, as numbers of eight bytes, which is quicker than to group them; the few records that may share one are
-- looked at whole. Spark, which would put all in order on one core, takes them in parts.
numbers_in_order as (

    select
        birth_id_number,
        lag(birth_id_number) over (
            {{ 'partition by birth_id_number % 1000 ' if target.type == 'spark' -}} order by birth_id_number asc nulls last
        ) as number_before
    from record_ids
    where birth_id_number is not null

),

numbers_repeated as (

    select distinct birth_id_number
    from numbers_in_order
    where birth_id_number = number_before

),

records_suspected as (

    select
        files.source_file,
        records.*
    from records
    inner join files on records.file_path = files.file_path
    where records.birth_id_number in (select birth_id_number from numbers_repeated)

),

records_in_order as (

    select
        *,
        row_number() over same_id as place,
        first_value(source_file) over same_id as first_source_file,
        first_value(record_number) over same_id as first_record_number
    from records_suspected
    window same_id as (partition by birth_id order by source_file asc nulls last, record_number asc nulls last)

),

-- The first record of an id is used, faulty or not; all others are not.
records_repeated as (

    select
        source_file,
        record_number,
        birth_id,
        is_rejected,
        area_code_text,
        birth_year,
        outcome,
        case when outcome <> 'alive_at_one_year' then death_year end as death_year,
        first_source_file,
        first_record_number
    from records_in_order
    where place > 1

)

select * from records_repeated
