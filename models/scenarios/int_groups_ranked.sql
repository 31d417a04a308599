with members as (

    select * from {{ ref('stg_scenarios__area_groups') }}

),

rates as (

    select * from {{ ref('int_rates_ranked') }}

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
        rates.*
    from members
    inner join group_sizes on members.group_code = group_sizes.group_code
    inner join rates on members.member_area_code = rates.area_code

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
        group_rate_id,
        group_code,
        group_name,
        ranking_id,
        ranking_level,
        period,
        period_start_year,
        period_end_year,
        years_in_period,
        measure,
        basis,
        status,
        members_counted,
        members_below_three,
        deaths_of_members_below_three,
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
        count(case when rates.rate_per_1000 > counts_kept.rate_per_1000 then 1 end) as areas_higher,
        count(case when rates.rate_per_1000 < counts_kept.rate_per_1000 then 1 end) as areas_lower
    from counts_kept
    inner join rates on counts_kept.ranking_id = rates.ranking_id
    left join members
        on counts_kept.group_code = members.group_code
        and rates.area_code = members.member_area_code
    where rates.is_ranked and members.group_code is null
    group by counts_kept.group_rate_id

),

groups_ranked as (

    select
        counts_kept.*,
        case when counts_kept.status = 'ok' then 1 + coalesce(other_areas_counted.areas_higher, 0) end as rank_highest_first,
        case when counts_kept.status = 'ok' then 1 + coalesce(other_areas_counted.areas_lower, 0) end as rank_lowest_first,
        case when counts_kept.status = 'ok' then 1 + coalesce(other_areas_counted.other_areas, 0) end as areas_ranked,
        {{ events_times_log_rate('counts_kept.event_count', 'counts_kept.births') }} as events_times_log_rate
    from counts_kept
    left join other_areas_counted on counts_kept.group_rate_id = other_areas_counted.group_rate_id

)

select * from groups_ranked
