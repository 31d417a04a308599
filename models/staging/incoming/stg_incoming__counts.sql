{{ config(materialized='table') }}

with incoming as (

    {{ incoming_rows() | indent(4) }}

)

select * from incoming
