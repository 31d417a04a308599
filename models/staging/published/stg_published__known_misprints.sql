with misprints as (

    select * from {{ ref('known_misprints') }}

),

misprints_typed as (

    select
        publication,
        source_table,
        data_year,
        area_code,
        item,
        printed_value,
        {{ whole_number('implied_value') }} as implied_count,
        is_replaced,
        why
    from misprints

)

select * from misprints_typed
