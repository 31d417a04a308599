with counted as (

    select * from {{ counted_records('int_record_counts') }}

),

areas as (

    {{ record_areas() | indent(4) }}

),

-- Of two codes that differ only in capitals the first is taken.
areas_in_capitals as (

    select
        upper(area_code) as area_code_upper,
        min(area_code) as area_code
    from areas
    group by upper(area_code)

),

texts as (

    select distinct area_code_text
    from counted

),

areas_of_texts as (

    select
        texts.area_code_text,
        areas_in_capitals.area_code
    from texts
    inner join areas_in_capitals on upper(trim(texts.area_code_text)) = areas_in_capitals.area_code_upper

)

select * from areas_of_texts
