{{ config(materialized='view') }}

with records as (

    {{ record_rows(ref('int_record_lines_read')) | indent(4) }}

)

select * from records
