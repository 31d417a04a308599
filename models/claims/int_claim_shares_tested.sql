-- Statements about the deaths of one period, one year or one tenth beside those of others: of all these deaths, would so many fall there by
-- chance alone? Given their number they are binomial with a share that the births, or the deaths expected, say.
with readings as (

    select * from {{ ref('int_claim_readings_listed') }}

),

counts as (

    select * from {{ ref('int_claim_counts_added') }}

),

gradients as (

    select * from {{ ref('fct_deprivation_gradient') }}
    where years_in_period = 1

),

periods_side_by_side as (

    select
        claim_code,
        reading,
        max(case when whose = 'claimed' and span = 'period' then numerator end) as deaths,
        max(case when whose = 'claimed' and span = 'period' then denominator end) as births,
        max(case when whose = 'claimed' and span = 'period' then rate_per_1000 end) as rate,
        max(case when whose = 'comparison' and span = 'period' then rate_per_1000 end) as comparison_rate,
        max(case when whose = 'claimed' and span = 'comparison_period' then numerator end) as earlier_deaths,
        max(case when whose = 'claimed' and span = 'comparison_period' then denominator end) as earlier_births,
        max(case when whose = 'claimed' and span = 'comparison_period' then rate_per_1000 end) as earlier_rate,
        max(case when whose = 'comparison' and span = 'comparison_period' then rate_per_1000 end) as earlier_comparison_rate
    from counts
    where is_whole
    group by claim_code, reading

),

-- If the rate had not changed, the deaths of both periods would fall on them as the births do.
changes as (

    select
        readings.statistic,
        periods_side_by_side.*,
        deaths + earlier_deaths as all_deaths,
        cast(births as double precision) / (births + earlier_births) as births_share
    from readings
    inner join periods_side_by_side
        on readings.claim_code = periods_side_by_side.claim_code
        and readings.reading = periods_side_by_side.reading

),

-- If the area stood to the comparison area as before, they would fall as the deaths expected do: those at the comparison area's rate.
gaps as (

    select
        *,
        rate - comparison_rate as gap,
        earlier_rate - earlier_comparison_rate as earlier_gap,
        births_share * comparison_rate
        / nullif(births_share * comparison_rate + (1 - births_share) * earlier_comparison_rate, 0e0) as expected_share
    from changes
    where statistic = 'gap_narrowed'

),

years_added as (

    select
        claim_code,
        reading,
        count(*) as years_at_hand,
        max(rate_per_1000) as highest_rate,
        cast(sum(numerator) as bigint) as all_deaths,
        cast(sum(denominator) as bigint) as all_births
    from counts
    where whose = 'claimed' and span = 'comparison_year'
    group by claim_code, reading

),

years_picked as (

    select
        changes.claim_code,
        changes.reading,
        changes.deaths,
        changes.rate,
        years_added.years_at_hand,
        years_added.highest_rate,
        years_added.all_deaths,
        cast(changes.births as double precision) / years_added.all_births as births_share,
        {{ rate_per_1000('(years_added.all_deaths - changes.deaths)', '(years_added.all_births - changes.births)') }} as other_years_rate
    from changes
    inner join years_added
        on changes.claim_code = years_added.claim_code
        and changes.reading = years_added.reading
    where changes.statistic = 'unusually_high_year' and years_added.all_births > changes.births

),

tenths as (

    select
        counts.*,
        max(counts.rate_per_1000) over (partition by counts.claim_code, counts.reading, counts.first_year) as highest_rate
    from counts
    where counts.span = 'period_year' and counts.whose not in ('claimed', 'comparison')

),

tenths_added as (

    select
        claim_code,
        reading,
        count(distinct first_year) as years_at_hand,
        sum(case when whose = 'most_deprived' and rate_per_1000 = highest_rate then 1 else 0 end) as years_highest,
        cast(sum(case when whose = 'most_deprived' then numerator end) as bigint) as deaths,
        cast(sum(case when whose = 'most_deprived' then denominator end) as bigint) as births,
        cast(sum(case when whose = 'least_deprived' then numerator end) as bigint) as least_deprived_deaths,
        cast(sum(case when whose = 'least_deprived' then denominator end) as bigint) as least_deprived_births,
        cast(sum(numerator) as bigint) as all_deaths,
        cast(sum(denominator) as bigint) as all_births
    from tenths
    group by claim_code, reading

),

shares_to_test as (

    select
        claim_code,
        reading,
        'change' as value_code,
        100 * (rate - earlier_rate) / nullif(earlier_rate, 0e0) as value,
        cast(null as boolean) as is_agreeing,
        2 as sides,
        1 as ways,
        cast(deaths as double precision) as event_count,
        cast(all_deaths as double precision) as total_count,
        births_share
    from changes
    where statistic = 'nearest_figure'
    union all
    select
        claim_code,
        reading,
        'recomputed_value' as value_code,
        gap - earlier_gap as value,
        gap < earlier_gap as is_agreeing,
        2 as sides,
        1 as ways,
        cast(deaths as double precision) as event_count,
        cast(all_deaths as double precision) as total_count,
        expected_share as births_share
    from gaps
    union all
    -- The year was picked because it stands out: the chance is that of any of the years doing so, at most the sum over them.
    select
        claim_code,
        reading,
        'recomputed_value' as value_code,
        rate / nullif(other_years_rate, 0e0) as value,
        rate > other_years_rate as is_agreeing,
        2 as sides,
        years_at_hand as ways,
        cast(deaths as double precision) as event_count,
        cast(all_deaths as double precision) as total_count,
        births_share
    from years_picked
    union all
    select
        claim_code,
        reading,
        'recomputed_value' as value_code,
        {{ rate_per_1000('deaths', 'births') }} / nullif({{ rate_per_1000('least_deprived_deaths', 'least_deprived_births') }}, 0e0)
            as value,
        2 * years_highest > years_at_hand and deaths * all_births > all_deaths * births as is_agreeing,
        1 as sides,
        1 as ways,
        cast(deaths as double precision) as event_count,
        cast(all_deaths as double precision) as total_count,
        cast(births as double precision) / all_births as births_share
    from tenths_added

),

tails_worked_out as (

    {{ two_sided_tails('shares_to_test') }}

),

-- A change or a year stands out on either side; only of the most deprived tenth is it asked whether it has so many deaths.
shares_tested as (

    select
        claim_code,
        reading,
        value_code,
        value,
        is_agreeing,
        case when sides * far_tail > 1 then 1e0 else sides * far_tail end as one_chance,
        case when ways * sides * far_tail > 1 then 1e0 else ways * sides * far_tail end as probability
    from tails_worked_out
    where far_tail is not null

),

years_rising_counted as (

    select
        readings.claim_code,
        readings.reading,
        sum(case when gradients.slope_index_lower_95 > 0 then 1 else 0 end) as years_rising
    from readings
    inner join gradients
        on readings.measure = gradients.measure
        and readings.basis = gradients.basis
        and gradients.period_start_year between readings.period_start_year and readings.period_end_year
    where readings.statistic = 'highest_in_most_deprived_decile'
    group by readings.claim_code, readings.reading

),

lines_unioned as (

    select
        shares_tested.claim_code,
        shares_tested.reading,
        answers.*
    from shares_tested
    cross join
        lateral (
            values
            (shares_tested.value_code, shares_tested.value, shares_tested.probability),
            ('one_chance', shares_tested.one_chance, shares_tested.one_chance),
            ('is_at_hand', 1, null),
            ('is_agreeing', case when shares_tested.is_agreeing then 1 when not shares_tested.is_agreeing then 0 end, null),
            ('is_beyond_chance', case when shares_tested.probability < 0.05 then 1 else 0 end, null)
        ) as answers (value_code, value, probability)
    union all
    -- The nearest figure is told of without its change, too.
    select
        claim_code,
        reading,
        'is_at_hand' as value_code,
        1 as value,
        null as probability
    from changes
    where statistic = 'nearest_figure' and rate is not null and all_deaths is null
    union all
    select
        gaps.claim_code,
        gaps.reading,
        answers.*,
        null as probability
    from gaps
    cross join lateral (values ('gap', gaps.gap), ('earlier_gap', gaps.earlier_gap)) as answers (value_code, value)
    union all
    select
        years_picked.claim_code,
        years_picked.reading,
        answers.*,
        null as probability
    from years_picked
    cross join
        lateral (
            values
            ('other_years_rate', years_picked.other_years_rate),
            ('is_highest', case when years_picked.rate = years_picked.highest_rate then 1 else 0 end)
        ) as answers (value_code, value)
    union all
    select
        tenths_added.claim_code,
        tenths_added.reading,
        answers.*,
        null as probability
    from tenths_added
    left join years_rising_counted
        on tenths_added.claim_code = years_rising_counted.claim_code
        and tenths_added.reading = years_rising_counted.reading
    cross join lateral (
        values
        ('years_highest', tenths_added.years_highest),
        ('years_rising', coalesce(years_rising_counted.years_rising, 0))
    ) as answers (value_code, value)

),

numbers as (

    select
        claim_code,
        reading,
        value_code,
        cast(value as double precision) as value,
        cast(null as double precision) as lower_95,
        cast(null as double precision) as upper_95,
        cast(probability as double precision) as probability
    from lines_unioned
    where value is not null

)

select * from numbers
