with digits as (

    {% for digit in range(10) -%}
    select {{ digit }} as digit
    {% if not loop.last %}union all
    {% endif %}
    {%- endfor %}

),

whole_numbers_generated as (

    select
        cast(
            10000 * ten_thousands.digit + 1000 * thousands.digit + 100 * hundreds.digit + 10 * tens.digit + ones.digit as bigint
        ) as whole_number
    from digits as ten_thousands
    cross join digits as thousands
    cross join digits as hundreds
    cross join digits as tens
    cross join digits as ones

)

select * from whole_numbers_generated
