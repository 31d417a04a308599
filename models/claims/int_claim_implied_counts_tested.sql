with implied_counts as (

    select * from {{ ref('int_claim_implied_counts_found') }}

),

groups as (

    select * from implied_counts
    where role in ('group_rate', 'other_group_rate') and benchmark_rate is not null

),

counts_with_limits as (

    select
        *,
        cast(deaths as double precision) as event_count
    from groups
    where deaths > 0

),

limits_wanted as (

    select
        counts_with_limits.claim_code,
        counts_with_limits.assumption_order,
        counts_with_limits.births,
        limits.deviate,
        counts_with_limits.event_count + limits.further as shape
    from counts_with_limits
    cross join (
        values
        (cast(-{{ standard_normal_quantile('95') }} as double precision), 0e0),
        (cast({{ standard_normal_quantile('95') }} as double precision), 1e0)
    ) as limits (deviate, further)

),

limits_found as (

    {{ gamma_quantiles('limits_wanted', 'shape', 'deviate') }}

),

limits_side_by_side as (

    select
        claim_code,
        assumption_order,
        1000e0 * min(gamma_quantile / births) as lower_95,
        1000e0 * max(gamma_quantile / births) as upper_95
    from limits_found
    group by claim_code, assumption_order

),

-- P(X >= n) is the lower tail for shape n, P(X <= n) the upper one for n + 1: the tail on the side of the mean where the count lies.
counts_beside_benchmark as (

    select
        claim_code,
        assumption_order,
        areas_in_level,
        births * benchmark_rate as expected_deaths,
        event_count >= births * benchmark_rate as is_above,
        case when event_count >= births * benchmark_rate then event_count else event_count + 1e0 end as shape
    from counts_with_limits

),

benchmark_tails as (

    {{ gamma_tails('counts_beside_benchmark', 'shape', 'expected_deaths') }}

),

benchmark_chances as (

    select
        claim_code,
        assumption_order,
        areas_in_level,
        {{ doubled_p_value('case when is_above then lower_tail else upper_tail end') }} as chance_so_far_out
    from benchmark_tails

),

-- The two groups beside each other; the two years, and of these the stillbirths alone, per live births and stillbirths.
pairs as (

    select
        claim_code,
        assumption_order,
        'ratio_to_other' as value_code,
        deaths,
        other_deaths,
        births,
        other_births
    from implied_counts
    where role = 'group_rate' or (role = 'change' and births_counted = 'live_births' and stillbirths is not null)
    union all
    select
        claim_code,
        assumption_order,
        'stillbirths_ratio' as value_code,
        stillbirths as deaths,
        other_stillbirths as other_deaths,
        births + stillbirths as births,
        other_births + other_stillbirths as other_births
    from implied_counts
    where role = 'change' and births_counted = 'live_births' and other_stillbirths is not null

),

-- As in rate_change_steps: given the deaths of both, those of the one are binomial.
pairs_to_test as (

    select
        *,
        deaths + other_deaths as all_deaths,
        cast(deaths as double precision) as event_count,
        cast(deaths + other_deaths as double precision) as total_count,
        births / (births + other_births) as births_share
    from pairs
    where deaths + other_deaths > 0

),

pair_tails as (

    {{ two_sided_tails('pairs_to_test') }}

),

-- The limits of the share by Wilson; its odds, over the odds of the births, are the ratio.
ratios as (

    select
        claim_code,
        assumption_order,
        value_code,
        deaths / births / nullif(other_deaths / other_births, 0e0) as value,
        ({{ wilson_limit('lower', '95', 'deaths', 'all_deaths') }})
        / nullif({{ wilson_limit('upper', '95', 'other_deaths', 'all_deaths') }}, 0) * other_births / births as lower_95,
        ({{ wilson_limit('upper', '95', 'deaths', 'all_deaths') }})
        / nullif({{ wilson_limit('lower', '95', 'other_deaths', 'all_deaths') }}, 0) * other_births / births as upper_95,
        {{ doubled_p_value('far_tail') }} as probability
    from pair_tails

),

lines_unioned as (

    select * from ratios
    union all
    select
        claim_code,
        assumption_order,
        'is_carried_by_stillbirths' as value_code,
        case when stillbirths > other_stillbirths and deaths - stillbirths <= other_deaths - other_stillbirths then 1 else 0 end as value,
        null as lower_95,
        null as upper_95,
        null as probability
    from implied_counts
    where role = 'change' and births_counted = 'live_births' and other_stillbirths is not null
    union all
    select
        groups.claim_code,
        groups.assumption_order,
        answers.*
    from groups
    inner join limits_side_by_side as limits
        on groups.claim_code = limits.claim_code
        and groups.assumption_order = limits.assumption_order
    inner join benchmark_chances
        on groups.claim_code = benchmark_chances.claim_code
        and groups.assumption_order = benchmark_chances.assumption_order
    cross join lateral (
        values
        ('implied_rate', 1000e0 * groups.deaths / groups.births, limits.lower_95, limits.upper_95, null),
        ('benchmark_rate', 1000e0 * groups.benchmark_rate, groups.benchmark_lower_95, groups.benchmark_upper_95, null),
        ('chance_so_far_out', benchmark_chances.chance_so_far_out, null, null, benchmark_chances.chance_so_far_out),
        -- One or another of so many independent areas, each at the benchmark's risk: asked of the group that was picked for its rate.
        (
            'areas_compared', case when groups.role = 'group_rate' then groups.areas_in_level end, null, null,
            1e0 - {{ exponential('groups.areas_in_level * ln(greatest(1e0 - benchmark_chances.chance_so_far_out, 1e-300))') }}
        ),
        ('is_other_group', case when groups.role = 'other_group_rate' then 1 end, null, null, null)
    ) as answers (value_code, value, lower_95, upper_95, probability)

),

numbers as (

    select
        claim_code,
        assumption_order as item,
        value_code,
        cast(value as double precision) as value,
        cast(lower_95 as double precision) as lower_95,
        cast(upper_95 as double precision) as upper_95,
        cast(probability as double precision) as probability
    from lines_unioned
    where value is not null

)

select * from numbers
