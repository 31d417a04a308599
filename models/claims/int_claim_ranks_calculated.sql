with rivals as (

    select * from {{ ref('int_claim_rank_rivals_counted') }}

),

whole_numbers as (

    select * from {{ ref('int_whole_numbers_generated') }}

),

-- Given the deaths of the two areas together, those of the claimed area are binomial with its share of their births.
rivals_beside_claimed as (

    select
        claim_code,
        reading,
        area_code,
        claimed_numerator is not null and numerator is not null as is_comparable,
        numerator is null as is_absent,
        numerator * claimed_denominator > claimed_numerator * denominator as is_higher,
        cast(claimed_numerator as double precision) as event_count,
        cast(claimed_numerator + numerator as double precision) as event_total,
        cast(claimed_denominator as double precision) / cast(claimed_denominator + denominator as double precision) as event_share
    from rivals

),

rivals_comparable as (

    select * from rivals_beside_claimed
    where is_comparable

),

rivals_tested as (

    {{ observed_side_tails('rivals_comparable', ['claim_code', 'reading', 'area_code', 'is_higher'], 'whole_numbers') | indent(4) }}

),

-- Holm's steps over both directions of every pair; the direction that was not seen has a chance above a half and is never rejected.
rivals_ordered as (

    select
        *,
        2 * count(*) over (partition by claim_code, reading) as hypotheses,
        row_number() over (
            partition by claim_code, reading
            order by tail_probability asc nulls last, area_code asc nulls last
        ) as step
    from rivals_tested

),

rivals_with_first_failure as (

    select
        *,
        min(case when tail_probability > 0.05 / (hypotheses - step + 1) then step end) over (
            partition by claim_code, reading
        ) as first_failure
    from rivals_ordered

),

differences_counted as (

    select
        claim_code,
        reading,
        sum(case when is_higher and step < coalesce(first_failure, step + 1) then 1 else 0 end) as significantly_higher,
        sum(case when not is_higher and step < coalesce(first_failure, step + 1) then 1 else 0 end) as significantly_lower
    from rivals_with_first_failure
    group by claim_code, reading

),

ranks_counted as (

    select
        claim_code,
        reading,
        max(case when is_comparable then 1 else 0 end) = 1 as is_comparable,
        1 + sum(case when is_higher then 1 else 0 end) as least_rank,
        1 + count(*) as areas_ranked,
        sum(case when is_absent then 1 else 0 end) as areas_absent
    from rivals_beside_claimed
    group by claim_code, reading

),

ranks_calculated as (

    select
        ranks_counted.claim_code,
        ranks_counted.reading,
        ranks_counted.is_comparable,
        ranks_counted.least_rank,
        ranks_counted.areas_ranked,
        ranks_counted.areas_absent,
        1 + differences_counted.significantly_higher as rank_interval_lower,
        ranks_counted.areas_ranked - differences_counted.significantly_lower as rank_interval_upper
    from ranks_counted
    left join differences_counted
        on ranks_counted.claim_code = differences_counted.claim_code
        and ranks_counted.reading = differences_counted.reading

)

select * from ranks_calculated
