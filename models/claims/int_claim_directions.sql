-- Statements that point one way: more than elsewhere, than before, than in other years. Of all deaths together, would so many fall there by
-- chance alone? Given their number they are binomial with a share that the births, or the deaths expected, say.
with readings as (

    select * from {{ ref('int_claim_readings') }}

),

counts as (

    select * from {{ ref('int_claim_counts') }}

),

gradients as (

    select * from {{ ref('fct_deprivation_gradient') }}
    where years_in_period = 1

),

persistence as (

    select * from {{ ref('fct_persistence') }}

),

trends as (

    select * from {{ ref('fct_trends') }}
    where years_in_trend is not null

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

-- Had the rate not changed, the deaths of both periods would fall on them as the births do.
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

-- If the area's ratio to the comparison area had stayed, they would fall as the deaths expected at that area's rate.
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
        max(case when whose = 'most_deprived' then area_code end) as most_deprived_area_code,
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
    -- The year was picked because it is far out: the chance is that of any of the years being so, at most their sum.
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

-- A change or a year is out on either side; only the most deprived tenth is asked whether it has so many deaths.
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

-- Areas above the benchmark at least as improbably often.
areas_as_extreme_counted as (

    select
        *,
        count(*) over (partition by measure, basis, ranking_level) as areas_compared,
        count(*) over (
            partition by measure, basis, ranking_level order by chance_probability asc nulls last
            range between unbounded preceding and current row
        ) as areas_as_extreme
    from persistence

),

-- The years of the other basis that come after; a year in both is not counted twice.
series_of_years as (

    select
        readings.claim_code,
        readings.reading,
        own.*,
        later.basis as later_basis,
        later.years_above_benchmark as later_years_above,
        later.years_present as later_years_at_hand,
        later.first_year as later_first_year,
        later.last_year as later_last_year,
        later.observed_deaths as later_deaths,
        later.expected_deaths as later_expected_deaths,
        later.observed_over_expected as later_ratio,
        later.observed_over_expected_lower_95 as later_ratio_lower_95,
        later.observed_over_expected_upper_95 as later_ratio_upper_95
    from readings
    inner join areas_as_extreme_counted as own
        on readings.area_code = own.area_code
        and readings.measure = own.measure
        and readings.basis = own.basis
        and readings.ranking_level = own.ranking_level
    left join persistence as later
        on own.area_code = later.area_code
        and own.measure = later.measure
        and own.basis <> later.basis
        and own.ranking_level = later.ranking_level
        and own.last_year < later.first_year
    where readings.statistic = 'years_above_benchmark'

),

-- Chance of at least as many deaths at the benchmark's own rates: the statement says higher, so one tail, as above.
totals as (

    select
        series_of_years.claim_code,
        series_of_years.reading,
        series_of_years.area_code,
        choices.value_code,
        choices.basis,
        cast(choices.deaths as double precision) as deaths,
        choices.expected_deaths
    from series_of_years
    cross join
        lateral (
            values
            ('total_chance', basis, observed_deaths, expected_deaths),
            ('later_total_chance', later_basis, later_deaths, later_expected_deaths)
        ) as choices (value_code, basis, deaths, expected_deaths)
    where choices.expected_deaths > 0

),

total_tails as (

    {{ gamma_tails('totals', 'deaths', 'expected_deaths') }}

),

share_lines as (

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
    cross join
        lateral (
            values
            ('years_highest', tenths_added.years_highest),
            ('years_rising', coalesce(years_rising_counted.years_rising, 0))
        ) as answers (value_code, value)

),

lines_unioned as (

    select
        share_lines.claim_code,
        share_lines.reading,
        share_lines.value_code,
        share_lines.value,
        cast(null as double precision) as lower_95,
        cast(null as double precision) as upper_95,
        share_lines.probability,
        cast(null as varchar) as source_table,
        -- The chance is that of the most deprived tenth; its slope and ratio are of no one area.
        case
            when tenths_added.claim_code is null or share_lines.value_code = 'years_highest' then readings.area_code
            when share_lines.value_code = 'one_chance' then tenths_added.most_deprived_area_code
        end as area_code,
        case when share_lines.value_code in ('earlier_gap', 'other_years_rate') then readings.comparison_period else readings.period end
            as period,
        readings.basis,
        cast(null as varchar) as ranking_level
    from share_lines
    inner join readings
        on share_lines.claim_code = readings.claim_code
        and share_lines.reading = readings.reading
    left join tenths_added
        on share_lines.claim_code = tenths_added.claim_code
        and share_lines.reading = tenths_added.reading
    union all
    -- More than half of the years are above, by more than chance; or else the total is below, beyond its interval.
    select
        series.claim_code,
        series.reading,
        answers.*,
        case when answers.value_code not in ('areas_as_extreme', 'areas_compared') then 'fct_persistence' end as source_table,
        series.area_code,
        null as period,
        case when answers.value_code like 'later_%' then series.later_basis else series.basis end as basis,
        series.ranking_level
    from series_of_years as series
    cross join
        lateral (
            values
            ('recomputed_value', cast(series.years_above_benchmark as double precision), null, null, series.chance_probability),
            ('years_at_hand', series.years_present, null, null, null),
            ('areas_as_extreme', series.areas_as_extreme, null, null, null),
            ('areas_compared', series.areas_compared, null, null, null),
            ('first_year', series.first_year, null, null, null),
            ('last_year', series.last_year, null, null, null),
            ('deaths', series.observed_deaths, null, null, null),
            ('expected_deaths', series.expected_deaths, null, null, null),
            (
                'ratio', series.observed_over_expected, series.observed_over_expected_lower_95, series.observed_over_expected_upper_95, null
            ),
            ('excess_deaths', series.excess_deaths, series.excess_deaths_lower_95, series.excess_deaths_upper_95, null),
            ('later_years_above', series.later_years_above, null, null, null),
            ('later_years_at_hand', series.later_years_at_hand, null, null, null),
            ('later_first_year', series.later_first_year, null, null, null),
            ('later_last_year', series.later_last_year, null, null, null),
            ('later_deaths', series.later_deaths, null, null, null),
            ('later_expected_deaths', series.later_expected_deaths, null, null, null),
            ('later_ratio', series.later_ratio, series.later_ratio_lower_95, series.later_ratio_upper_95, null),
            ('is_at_hand', 1, null, null, null),
            ('is_agreeing', case when 2 * series.years_above_benchmark > series.years_present then 1 else 0 end, null, null, null),
            (
                'is_beyond_chance',
                case
                    when 2 * series.years_above_benchmark > series.years_present and series.chance_probability < 0.05 then 1
                    when 2 * series.years_above_benchmark <= series.years_present
                        and series.observed_over_expected_upper_99_8 < 1 then 1
                    else 0
                end,
                null, null, null
            )
        ) as answers (value_code, value, lower_95, upper_95, probability)
    union all
    select
        claim_code,
        reading,
        value_code,
        lower_tail as value,
        null as lower_95,
        null as upper_95,
        lower_tail as probability,
        null as source_table,
        area_code,
        null as period,
        basis,
        null as ranking_level
    from total_tails
    union all
    -- Only a trend within the period stated, over at least half of its years, counts.
    select
        readings.claim_code,
        readings.reading,
        answers.*,
        case when answers.value_code <> 'years_stated' then 'fct_trends' end as source_table,
        readings.area_code,
        case when answers.value_code = 'years_stated' then readings.period else trends.last_period end as period,
        readings.basis,
        case when answers.value_code <> 'years_stated' then readings.ranking_level end as ranking_level
    from readings
    inner join trends
        on readings.area_code = trends.area_code
        and readings.measure = trends.measure
        and readings.basis = trends.basis
        and readings.period_end_year = trends.last_year
    cross join
        lateral (
            values
            (
                'recomputed_value', trends.annual_percent_change,
                trends.annual_percent_change_lower_95, trends.annual_percent_change_upper_95, trends.trend_p_value
            ),
            ('years_stated', readings.period_end_year - readings.period_start_year + 1, null, null, null),
            ('years_in_trend', trends.years_in_trend, null, null, null),
            ('first_year', trends.trend_first_year, null, null, null),
            ('last_year', trends.last_year, null, null, null),
            ('deaths', trends.trend_deaths, null, null, null),
            ('is_at_hand', case when trends.trend_p_value is null then 0 else 1 end, null, null, null),
            (
                'is_computable',
                case
                    when trends.trend_p_value is not null
                        and trends.trend_first_year >= readings.period_start_year
                        and 2 * trends.years_in_trend >= readings.period_end_year - readings.period_start_year + 1 then 1
                    else 0
                end,
                null, null, null
            ),
            (
                'is_agreeing',
                case when trends.annual_percent_change < 0 then 1 when trends.annual_percent_change >= 0 then 0 end,
                null, null, null
            ),
            ('is_beyond_chance', case when trends.trend_p_value < 0.05 then 1 else 0 end, null, null, null)
        ) as answers (value_code, value, lower_95, upper_95, probability)
    where readings.statistic = 'decreasing_trend'

),

numbers as (

    select
        claim_code,
        reading,
        cast(0 as smallint) as item,
        value_code,
        cast(value as double precision) as value,
        cast(lower_95 as double precision) as lower_95,
        cast(upper_95 as double precision) as upper_95,
        cast(probability as double precision) as probability,
        source_table,
        area_code,
        period,
        basis,
        ranking_level
    from lines_unioned
    where value is not null

)

select * from numbers
