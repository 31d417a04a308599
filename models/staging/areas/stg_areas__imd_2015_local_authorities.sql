with imd_2015_local_authorities as (

    select * from {{ ref('imd_2015_local_authorities') }}

)

select * from imd_2015_local_authorities
