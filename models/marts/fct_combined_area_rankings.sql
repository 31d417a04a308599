with combined_areas as (

    select * from {{ ref('int_groups_ranked') }}

),

rank_intervals as (

    select * from {{ ref('int_group_rank_intervals_counted') }}

),

rates as (

    select * from {{ ref('int_rates_calculated') }}

),

member_ranks as (

    select * from {{ ref('int_rates_ranked') }}

),

members as (

    select * from {{ ref('stg_scenarios__area_groups') }}

),

areas as (

    select * from {{ ref('dim_area') }}

),

poisson_limits as (

    select * from {{ ref('poisson_limits') }}

),

groups_described as (

    select
        members.group_code,
        {{ dbt.listagg("areas.area_name || ' (' || areas.area_code || ')'", "', '", "order by areas.area_code") }} as members,
        case when count(*) = count(areas.county_code) and min(areas.county_code) = max(areas.county_code) then min(areas.county_code) end
            as county_code,
        case when count(*) = count(areas.region_code) and min(areas.region_code) = max(areas.region_code) then min(areas.region_code) end
            as region_code
    from members
    inner join areas on members.member_area_code = areas.area_code
    group by members.group_code

),

ranks_before as (

    select
        members.group_code,
        member_ranks.ranking_id,
        {{ dbt.listagg(
            "areas.area_name || ' ' || coalesce(cast(member_ranks.rank_highest_first as varchar), 'unranked')",
            "', '",
            "order by areas.area_code"
        ) }} as member_ranks_highest_first
    from members
    inner join member_ranks on members.member_area_code = member_ranks.area_code
    inner join areas on members.member_area_code = areas.area_code
    group by members.group_code, member_ranks.ranking_id

),

-- The areas that contain the whole group and whose own count is printed: the whole less the group is what is left of them.
remainders as (

    select
        combined_areas.group_rate_id,
        min(wholes.numerator - combined_areas.numerator) as smallest_remainder
    from combined_areas
    inner join groups_described on combined_areas.group_code = groups_described.group_code
    inner join rates as wholes
        on wholes.area_code in (groups_described.county_code, groups_described.region_code)
        and combined_areas.period = wholes.period
        and combined_areas.measure = wholes.measure
        and combined_areas.basis = wholes.basis
    where wholes.status = 'ok' and wholes.denominator > combined_areas.denominator
    group by combined_areas.group_rate_id

),

combined_area_rankings as (

    select
        combined_areas.group_code,
        combined_areas.group_name,
        combined_areas.period,
        combined_areas.period_start_year,
        combined_areas.period_end_year,
        combined_areas.years_in_period,
        combined_areas.measure,
        combined_areas.basis,
        combined_areas.ranking_level,
        combined_areas.status,
        combined_areas.numerator,
        combined_areas.denominator,
        combined_areas.rate_per_1000,
        {{ poisson_rate_limit(
            'lower', '95', 'combined_areas.numerator', 'combined_areas.denominator', 'poisson_limits.lower_95'
        ) }} as lower_95,
        {{ poisson_rate_limit(
            'upper', '95', 'combined_areas.numerator', 'combined_areas.denominator', 'poisson_limits.upper_95'
        ) }} as upper_95,
        {{ poisson_rate_limit(
            'lower', '99_8', 'combined_areas.numerator', 'combined_areas.denominator', 'poisson_limits.lower_99_8'
        ) }} as lower_99_8,
        {{ poisson_rate_limit(
            'upper', '99_8', 'combined_areas.numerator', 'combined_areas.denominator', 'poisson_limits.upper_99_8'
        ) }} as upper_99_8,
        {{ reliability_flag('combined_areas.numerator', 'combined_areas.status') }} as reliability_flag,
        combined_areas.rank_highest_first,
        combined_areas.rank_lowest_first,
        combined_areas.areas_ranked,
        rank_intervals.rank_interval_lower,
        rank_intervals.rank_interval_upper,
        rank_intervals.rank_pairwise_lower,
        rank_intervals.rank_pairwise_upper,
        groups_described.members,
        ranks_before.member_ranks_highest_first,
        -- Known of each member below three deaths is that it has 0, 1 or 2; their sum is the group less the others. It gives a
        -- count away where there is one such member, where the sum is below three, and where it is the most it can be.
        combined_areas.status = 'ok'
        and (
            (
                combined_areas.members_counted > 1
                and combined_areas.members_below_three > 0
                and (
                    combined_areas.members_below_three = 1
                    or combined_areas.deaths_of_members_below_three < 3
                    or combined_areas.deaths_of_members_below_three = 2 * combined_areas.members_below_three
                )
            )
            or coalesce(remainders.smallest_remainder < 3, false)
        ) as reveals_small_number
    from combined_areas
    inner join groups_described on combined_areas.group_code = groups_described.group_code
    inner join ranks_before
        on combined_areas.group_code = ranks_before.group_code
        and combined_areas.ranking_id = ranks_before.ranking_id
    left join remainders on combined_areas.group_rate_id = remainders.group_rate_id
    left join rank_intervals on combined_areas.group_rate_id = rank_intervals.group_rate_id
    left join poisson_limits on combined_areas.numerator = poisson_limits.event_count

)

select * from combined_area_rankings
