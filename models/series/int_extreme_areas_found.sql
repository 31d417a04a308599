with rates as (

    select * from {{ ref('int_rates_ranked') }}
    where is_ranked

),

-- Areas that share the highest rate share the first place; one of them, by its code, stands for all.
rates_in_order as (

    select
        *,
        greatest(1, cast(floor(areas_ranked / 10e0) as bigint)) as worst_places,
        row_number() over (partition by ranking_id order by rank_highest_first asc nulls last, area_code asc nulls last) as order_of_rank
    from rates

),

extreme_areas_found as (

    select
        ranking_id,
        max(case when order_of_rank = 1 then area_code end) as highest_area_code,
        max(case when order_of_rank = 1 then numerator end) as highest_numerator,
        max(case when order_of_rank = 1 then denominator end) as highest_denominator,
        cast(sum(case when rank_highest_first = 1 then 1 else 0 end) as integer) as areas_at_highest,
        cast(max(worst_places) as integer) as worst_places,
        cast(sum(case when rank_highest_first <= worst_places then 1 else 0 end) as integer) as worst_areas,
        cast(sum(case when rank_highest_first <= worst_places then numerator end) as bigint) as worst_deaths,
        cast(sum(case when rank_highest_first <= worst_places then denominator end) as bigint) as worst_births
    from rates_in_order
    group by ranking_id

)

select * from extreme_areas_found
