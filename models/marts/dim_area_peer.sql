with peers as (

    select * from {{ ref('int_area_peers_ranked') }}

),

areas as (

    select * from {{ ref('dim_area') }}

),

peers_named as (

    select
        peers.area_code,
        peers.ranking_level,
        peers.peer_rank,
        peers.peer_area_code,
        areas.area_name as peer_area_name,
        peers.compared_by,
        peers.distance,
        peers.births_year,
        peers.births,
        peers.peer_births,
        peers.imd_2015_score,
        peers.peer_imd_2015_score
    from peers
    inner join areas on peers.peer_area_code = areas.area_code

)

select * from peers_named
