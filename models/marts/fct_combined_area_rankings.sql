with members as (

    select * from {{ ref('stg_areas__groups') }}

),

ranked_rates as (

    select * from {{ ref('int_ranked_rates') }}

),

rates as (

    select * from {{ ref('int_rates') }}

),

spreads as (

    select * from {{ ref('int_spreads') }}

),

posteriors as (

    select * from {{ ref('int_posteriors') }}

),

rank_levels as (

    select * from {{ ref('int_rank_levels') }}

),

areas as (

    select * from {{ ref('dim_area') }}

),

measures as (

    select * from {{ ref('dim_measure') }}

),

poisson_limits as (

    select * from {{ ref('poisson_limits') }}

),

group_sizes as (

    select
        group_code,
        count(*) as member_count
    from members
    group by group_code

),

member_rates as (

    select
        members.group_code,
        members.group_name,
        group_sizes.member_count,
        ranked_rates.*
    from members
    inner join group_sizes on members.group_code = group_sizes.group_code
    inner join ranked_rates on members.member_area_code = ranked_rates.area_code

),

-- A level fits a group if each of its members stands at that level.
fitting_levels as (

    select
        group_code,
        ranking_level
    from member_rates
    group by group_code, ranking_level, member_count
    having count(distinct area_code) = member_count

),

counts_added as (

    select
        member_rates.group_code,
        member_rates.group_name,
        member_rates.ranking_id,
        member_rates.ranking_level,
        member_rates.period,
        member_rates.period_start_year,
        member_rates.period_end_year,
        member_rates.years_in_period,
        member_rates.measure,
        member_rates.basis,
        case when count(*) < member_rates.member_count then 'missing' else {{ worst_status('member_rates.status') }} end as parts_status,
        cast(sum(member_rates.numerator) as bigint) as members_numerator,
        cast(sum(member_rates.denominator) as bigint) as members_denominator,
        count(member_rates.numerator) as members_counted,
        cast(sum(case when member_rates.numerator < 3 then 1 else 0 end) as bigint) as members_below_three,
        cast(sum(case when member_rates.numerator < 3 then member_rates.numerator else 0 end) as bigint) as deaths_of_members_below_three
    from member_rates
    inner join fitting_levels
        on member_rates.group_code = fitting_levels.group_code
        and member_rates.ranking_level = fitting_levels.ranking_level
    group by
        member_rates.group_code, member_rates.group_name, member_rates.member_count, member_rates.ranking_id,
        member_rates.ranking_level, member_rates.period, member_rates.period_start_year, member_rates.period_end_year,
        member_rates.years_in_period, member_rates.measure, member_rates.basis

),

groups_rated as (

    select
        *,
        row_number() over (order by group_code asc nulls last, ranking_id asc nulls last) as group_rate_id,
        case
            when parts_status <> 'ok' then parts_status
            when members_denominator = 0 then 'no_births'
            else 'ok'
        end as status
    from counts_added

),

counts_kept as (

    select
        *,
        case when parts_status = 'ok' then members_numerator end as numerator,
        case when parts_status = 'ok' then members_denominator end as denominator,
        case when status = 'ok' then cast(members_numerator as double precision) end as event_count,
        case when status = 'ok' then cast(members_denominator as double precision) end as births,
        case when status = 'ok' then {{ rate_per_1000('members_numerator', 'members_denominator') }} end as rate_per_1000
    from groups_rated

),

other_areas_counted as (

    select
        counts_kept.group_rate_id,
        count(*) as other_areas,
        count(case when ranked_rates.rate_per_1000 > counts_kept.rate_per_1000 then 1 end) as areas_higher,
        count(case when ranked_rates.rate_per_1000 < counts_kept.rate_per_1000 then 1 end) as areas_lower
    from counts_kept
    inner join ranked_rates on counts_kept.ranking_id = ranked_rates.ranking_id
    left join members
        on counts_kept.group_code = members.group_code
        and ranked_rates.area_code = members.member_area_code
    where ranked_rates.is_ranked and members.group_code is null
    group by counts_kept.group_rate_id

),

groups_ranked as (

    select
        counts_kept.*,
        case when counts_kept.status = 'ok' then 1 + coalesce(other_areas_counted.areas_higher, 0) end as rank_highest_first,
        case when counts_kept.status = 'ok' then 1 + coalesce(other_areas_counted.areas_lower, 0) end as rank_lowest_first,
        case when counts_kept.status = 'ok' then 1 + coalesce(other_areas_counted.other_areas, 0) end as areas_ranked
    from counts_kept
    left join other_areas_counted on counts_kept.group_rate_id = other_areas_counted.group_rate_id

),

groups_with_rate as (

    select * from groups_ranked
    where status = 'ok'

),

group_distributions as (

    {{ gamma_posteriors('groups_with_rate', 'spreads', 'group_rate_id') }}

),

-- How much the rates of the ranking may differ is taken from its areas as they are, members included.
group_posteriors as (

    select
        groups_with_rate.group_rate_id,
        groups_with_rate.ranking_id,
        groups_with_rate.areas_ranked,
        group_distributions.root_of_mean,
        group_distributions.cube_root_mean,
        group_distributions.cube_root_deviation
    from groups_with_rate
    inner join group_distributions on groups_with_rate.group_rate_id = group_distributions.group_rate_id

),

members_left_out as (

    select
        groups_with_rate.group_rate_id,
        posteriors.root_of_mean,
        posteriors.cube_root_mean,
        posteriors.cube_root_deviation
    from groups_with_rate
    inner join members on groups_with_rate.group_code = members.group_code
    inner join ranked_rates
        on groups_with_rate.ranking_id = ranked_rates.ranking_id
        and members.member_area_code = ranked_rates.area_code
    inner join posteriors on ranked_rates.ranked_rate_id = posteriors.ranked_rate_id

),

group_rank_ranges as (

    {{ rank_ranges('group_posteriors', 'rank_levels', 'group_rate_id', left_out='members_left_out') }}

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
        ranked_rates.ranking_id,
        {{ dbt.listagg(
            "areas.area_name || ' ' || coalesce(cast(ranked_rates.rank_highest_first as varchar), 'unranked')",
            "', '",
            "order by areas.area_code"
        ) }} as member_ranks_highest_first
    from members
    inner join ranked_rates on members.member_area_code = ranked_rates.area_code
    inner join areas on members.member_area_code = areas.area_code
    group by members.group_code, ranked_rates.ranking_id

),

-- The areas that contain the whole group and whose own count is printed: the whole less the group is what is left of them.
remainders as (

    select
        groups_ranked.group_rate_id,
        min(wholes.numerator - groups_ranked.numerator) as smallest_remainder
    from groups_ranked
    inner join groups_described on groups_ranked.group_code = groups_described.group_code
    inner join rates as wholes
        on wholes.area_code in (groups_described.county_code, groups_described.region_code)
        and groups_ranked.period = wholes.period
        and groups_ranked.measure = wholes.measure
        and groups_ranked.basis = wholes.basis
    where wholes.status = 'ok' and wholes.denominator > groups_ranked.denominator
    group by groups_ranked.group_rate_id

),

combined_area_rankings as (

    select
        groups_ranked.group_code,
        groups_ranked.group_name,
        groups_ranked.period,
        groups_ranked.period_start_year,
        groups_ranked.period_end_year,
        groups_ranked.years_in_period,
        groups_ranked.measure,
        measures.measure_name,
        groups_ranked.basis,
        groups_ranked.ranking_level,
        groups_ranked.status,
        groups_ranked.numerator,
        groups_ranked.denominator,
        groups_ranked.rate_per_1000,
        {{ poisson_rate_limit(
            'lower', '95', 'groups_ranked.numerator', 'groups_ranked.denominator', 'poisson_limits.lower_95'
        ) }} as lower_95,
        {{ poisson_rate_limit(
            'upper', '95', 'groups_ranked.numerator', 'groups_ranked.denominator', 'poisson_limits.upper_95'
        ) }} as upper_95,
        {{ poisson_rate_limit(
            'lower', '99_8', 'groups_ranked.numerator', 'groups_ranked.denominator', 'poisson_limits.lower_99_8'
        ) }} as lower_99_8,
        {{ poisson_rate_limit(
            'upper', '99_8', 'groups_ranked.numerator', 'groups_ranked.denominator', 'poisson_limits.upper_99_8'
        ) }} as upper_99_8,
        {{ reliability_flag('groups_ranked.numerator', 'groups_ranked.status') }} as reliability_flag,
        groups_ranked.rank_highest_first,
        groups_ranked.rank_lowest_first,
        groups_ranked.areas_ranked,
        group_rank_ranges.rank_lower_95,
        group_rank_ranges.rank_upper_95,
        groups_described.members,
        ranks_before.member_ranks_highest_first,
        -- Known of each member below three deaths is that it has 0, 1 or 2; their sum is the group less the others. It gives a
        -- count away where there is one such member, where the sum is below three, and where it is the most it can be.
        groups_ranked.status = 'ok'
        and (
            (
                groups_ranked.members_counted > 1
                and groups_ranked.members_below_three > 0
                and (
                    groups_ranked.members_below_three = 1
                    or groups_ranked.deaths_of_members_below_three < 3
                    or groups_ranked.deaths_of_members_below_three = 2 * groups_ranked.members_below_three
                )
            )
            or coalesce(remainders.smallest_remainder < 3, false)
        ) as reveals_small_number
    from groups_ranked
    inner join measures on groups_ranked.measure = measures.measure
    inner join groups_described on groups_ranked.group_code = groups_described.group_code
    inner join ranks_before
        on groups_ranked.group_code = ranks_before.group_code
        and groups_ranked.ranking_id = ranks_before.ranking_id
    left join remainders on groups_ranked.group_rate_id = remainders.group_rate_id
    left join group_rank_ranges on groups_ranked.group_rate_id = group_rank_ranges.group_rate_id
    left join poisson_limits on groups_ranked.numerator = poisson_limits.event_count

)

select * from combined_area_rankings
