with pairs as (

    select * from {{ ref('int_rank_pairs_tested') }}

),

significant_pairs as (

    select * from pairs
    where p_value <= 0.025

),

hypotheses as (

    select
        higher_rate_number as rate_number,
        1 as is_other_lower,
        areas_ranked,
        p_value
    from significant_pairs
    where higher_rate_number is not null
    union all
    select
        lower_rate_number as rate_number,
        0 as is_other_lower,
        areas_ranked,
        p_value
    from significant_pairs
    where lower_rate_number is not null

),

-- Holm's step-down over the 2(p - 1) hypotheses of an area: the k-th smallest p-value against 0.05 / (2(p - 1) - k + 1), stopping at the
-- first that is above. At most one hypothesis of each pair can be rejected, so k stays below p and the bar below 0.05 / p:
-- no p-value above that can be rejected, and none is sorted.
steps_numbered as (

    select
        *,
        row_number() over (partition by rate_number order by p_value nulls last, is_other_lower) as step
    from hypotheses
    where p_value <= 0.05 / areas_ranked

),

first_failures_found as (

    select
        rate_number,
        is_other_lower,
        step,
        min(case when p_value > 0.05 / (2 * (areas_ranked - 1) - step + 1) then step end) over (partition by rate_number) as first_failure
    from steps_numbered

),

holm_rejections_counted as (

    select
        rate_number,
        sum(is_other_lower) as areas_lower,
        sum(1 - is_other_lower) as areas_higher
    from first_failures_found
    where first_failure is null or step < first_failure
    group by rate_number

),

pairwise_rejections_counted as (

    select
        rate_number,
        sum(is_other_lower) as areas_lower,
        sum(1 - is_other_lower) as areas_higher
    from hypotheses
    group by rate_number

),

rejections_counted as (

    select
        pairwise_rejections_counted.rate_number,
        cast(pairwise_rejections_counted.areas_higher as bigint) as areas_higher_pairwise,
        cast(pairwise_rejections_counted.areas_lower as bigint) as areas_lower_pairwise,
        cast(coalesce(holm_rejections_counted.areas_higher, 0) as bigint) as areas_higher_holm,
        cast(coalesce(holm_rejections_counted.areas_lower, 0) as bigint) as areas_lower_holm
    from pairwise_rejections_counted
    left join holm_rejections_counted on pairwise_rejections_counted.rate_number = holm_rejections_counted.rate_number

)

select * from rejections_counted
