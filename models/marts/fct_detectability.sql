{#- Steps of the search for the count at which the verdict changes, and the deviate of its probability (Abramowitz and Stegun 26.2.23). -#}
{%- set steps = 9 %}
{%- set root = 'sqrt(-2e0 * ln(1e0 - ' ~ setting('verdict_probability') ~ '))' %}
{%- set deviate_of_verdict = '(' ~ root ~ ' - (2.515517e0 + ' ~ root ~ ' * (0.802853e0 + ' ~ root ~ ' * 0.010328e0))'
    ~ ' / (1e0 + ' ~ root ~ ' * (1.432788e0 + ' ~ root ~ ' * (0.189269e0 + ' ~ root ~ ' * 0.001308e0))))' %}
-- True ratios to the benchmark's rate that are asked about.
{%- set rate_ratios = ['1.2e0', '1.3e0', '1.5e0', '2e0'] %}
-- Beyond so many deaths a ratio of 1.2 is found whatever the count; a smaller ratio would need more.
{%- set most_deaths = 600 %}
-- Deviate beyond which lies one fifth of a normal distribution: a power of 80 %.
{%- set deviate_of_power = '0.8416212335729143e0' %}
-- Past so many years nothing is told: no area keeps its risk, or its boundary, that long.
{%- set most_years = 200 %}
with rates as (

    select * from {{ ref('int_ranked_rates') }}
    where status = 'ok' and years_in_period = 1

),

rankings as (

    select * from {{ ref('int_rankings') }}
    where benchmark_source is not null

),

spreads as (

    select * from {{ ref('int_spreads') }}

),

areas as (

    select * from {{ ref('dim_area') }}

),

measures as (

    select * from {{ ref('dim_measure') }}

),

rate_ratios as (

    select *
    from (
        values
        {% for rate_ratio in rate_ratios -%}
        (cast({{ rate_ratio }} as double precision)){{ ',' if not loop.last }}
        {% endfor -%}
    ) as ratios (rate_ratio)

),

-- So many deaths or more call an area higher at 2.5 % on that side: a Poisson count reaches n with the lower tail of a gamma distribution
-- of the shape n, so that its quantiles are the expected deaths at which that happens with a given chance.
quantiles_wanted as (

    select
        cast(numbers.deaths as integer) as deaths_needed,
        cast(numbers.deaths as double precision) as gamma_shape,
        deviates.is_power,
        deviates.deviate
    from generate_series(1, {{ most_deaths }}) as numbers (deaths)
    cross join (
        values
        (false, cast(-{{ standard_normal_quantile('95') }} as double precision)),
        (true, cast({{ deviate_of_power }} as double precision))
    ) as deviates (is_power, deviate)

),

quantiles_found as (

    {{ gamma_quantiles('quantiles_wanted', 'gamma_shape', 'deviate') }}

),

quantiles_side_by_side as (

    select
        deaths_needed,
        max(case when not is_power then gamma_quantile end) as most_expected_deaths,
        max(case when is_power then gamma_quantile end) as deaths_expected_at_power
    from quantiles_found
    group by deaths_needed

),

-- With more deaths expected at the benchmark's rate, more are needed; with fewer, the ratio does not give so many often enough.
ranges as (

    select
        rate_ratios.rate_ratio,
        quantiles_side_by_side.deaths_needed,
        quantiles_side_by_side.deaths_expected_at_power / rate_ratios.rate_ratio as fewest_expected_deaths,
        quantiles_side_by_side.most_expected_deaths,
        lead(quantiles_side_by_side.deaths_expected_at_power / rate_ratios.rate_ratio) over (
            partition by rate_ratios.rate_ratio order by quantiles_side_by_side.deaths_needed asc nulls last
        ) <= quantiles_side_by_side.most_expected_deaths as reaches_the_next
    from rate_ratios
    cross join quantiles_side_by_side

),

-- A range that reaches the next one is followed by others that do: from there on nothing is left out.
first_that_reach_the_next as (

    select
        rate_ratio,
        min(deaths_needed) as deaths_needed
    from ranges
    where reaches_the_next
    group by rate_ratio

),

detection_ranges as (

    select
        ranges.rate_ratio,
        ranges.deaths_needed,
        ranges.fewest_expected_deaths,
        case when ranges.deaths_needed < first_that_reach_the_next.deaths_needed then ranges.most_expected_deaths end
            as most_expected_deaths
    from ranges
    inner join first_that_reach_the_next on ranges.rate_ratio = first_that_reach_the_next.rate_ratio
    where ranges.fewest_expected_deaths <= ranges.most_expected_deaths and ranges.deaths_needed <= first_that_reach_the_next.deaths_needed

),

years_beside_benchmark as (

    select
        rates.ranked_rate_id,
        rates.ranking_id,
        rates.births,
        rates.is_ranked,
        rates.area_code,
        rates.measure,
        rates.basis,
        rates.ranking_level,
        rates.period_end_year,
        rates.denominator as births_per_year,
        rankings.benchmark_area_code,
        1000e0 * rankings.benchmark_numerator / cast(rankings.benchmark_denominator as double precision) as benchmark_rate_per_1000,
        cast(rates.denominator as double precision) * rankings.benchmark_numerator
        / cast(rankings.benchmark_denominator as double precision) as expected_deaths,
        row_number() over (
            partition by rates.area_code, rates.measure, rates.basis, rates.ranking_level
            order by rates.period_end_year desc nulls last
        ) as years_back
    from rates
    inner join rankings on rates.ranking_id = rankings.ranking_id

),

latest_years as (

    select * from years_beside_benchmark
    where years_back = 1

),

-- The fewest deaths that call an area higher and the most that call it lower lie next to where a normal distribution would have them: one
-- or two above the one, at most one away from the other, as was tried from a millionth to a million of expected deaths.
counts_near_the_limits as (

    select
        latest_years.ranked_rate_id,
        latest_years.expected_deaths,
        limits.is_upper,
        floor(latest_years.expected_deaths + limits.deviate * sqrt(latest_years.expected_deaths)) + limits.first_step + steps.step
            as deaths
    from latest_years
    cross join (
        values
        (true, cast({{ standard_normal_quantile('95') }} as double precision), 1),
        (false, cast(-{{ standard_normal_quantile('95') }} as double precision), -1)
    ) as limits (is_upper, deviate, first_step)
    cross join generate_series(0, 2) as steps (step)

),

counts_with_tails as (

    {{ gamma_tails('counts_near_the_limits', 'greatest(case when is_upper then deaths else deaths + 1e0 end, 0e0)', 'expected_deaths') }}

),

-- No number of deaths is low enough where fewer than four are expected.
critical_counts as (

    select
        ranked_rate_id,
        min(case when is_upper and lower_tail <= 0.025e0 then deaths end) as fewest_deaths_called_higher,
        max(case when not is_upper and deaths >= 0e0 and upper_tail <= 0.025e0 then deaths end) as most_deaths_called_lower
    from counts_with_tails
    group by ranked_rate_id

),

sides_of_the_test as (

    select
        critical_counts.ranked_rate_id,
        rate_ratios.rate_ratio,
        sides.is_upper,
        case when sides.is_upper then critical_counts.fewest_deaths_called_higher else critical_counts.most_deaths_called_lower + 1e0 end
            as gamma_shape_of_side,
        rate_ratios.rate_ratio * latest_years.expected_deaths as deaths_expected_at_ratio
    from critical_counts
    inner join latest_years on critical_counts.ranked_rate_id = latest_years.ranked_rate_id
    cross join rate_ratios
    cross join (values (true), (false)) as sides (is_upper)
    where sides.is_upper or critical_counts.most_deaths_called_lower is not null

),

chances_of_sides as (

    {{ gamma_tails('sides_of_the_test', 'gamma_shape_of_side', 'deaths_expected_at_ratio') }}

),

powers as (

    select
        ranked_rate_id,
        rate_ratio,
        sum(case when is_upper then lower_tail else upper_tail end) as power_one_year
    from chances_of_sides
    group by ranked_rate_id, rate_ratio

),

-- For each range the fewest years that bring the expected deaths to it, or already past it.
years_into_ranges as (

    select
        latest_years.ranked_rate_id,
        latest_years.expected_deaths,
        detection_ranges.rate_ratio,
        detection_ranges.most_expected_deaths,
        ceil(detection_ranges.fewest_expected_deaths / latest_years.expected_deaths) as years
    from latest_years
    cross join detection_ranges
    where latest_years.expected_deaths > 0e0

),

years_needed as (

    select
        ranked_rate_id,
        rate_ratio,
        cast(min(years) as integer) as years_for_80_percent_power
    from years_into_ranges
    where years <= {{ most_years }} and (most_expected_deaths is null or years * expected_deaths <= most_expected_deaths)
    group by ranked_rate_id, rate_ratio

),

-- Which count the verdict calls higher, were it the area's: all else of the ranking stays as it is. The posterior's deviate beside the
-- benchmark's rate (Wilson and Hilferty) is nearly straight in the count, so that its secant finds the count in a few steps.
searches as (

    select
        ranked_rate_id,
        ranking_id,
        births,
        benchmark_rate_per_1000 / 1000e0 as benchmark_rate,
        expected_deaths as count_0,
        expected_deaths + 2e0 * sqrt(expected_deaths) + 1e0 as count_1
    from latest_years
    where is_ranked and expected_deaths > 0e0

),
{% for step in range(steps + 1) %}
counts_tried_{{ step }} as (

    select
        ranked_rate_id,
        ranking_id,
        births,
        count_{{ step }} as event_count
    from {{ 'searches' if step < 2 else 'searches_' ~ step }}

),

posteriors_tried_{{ step }} as (

    {{ gamma_posteriors('counts_tried_' ~ step, 'spreads', 'ranked_rate_id') }}

),

deviates_tried_{{ step }} as (

    select
        searches.ranked_rate_id,
        3e0 * sqrt(tried.posterior_shape) * (
            1e0 - 1e0 / (9e0 * tried.posterior_shape)
            - power(searches.benchmark_rate * tried.posterior_rate / tried.posterior_shape, 1e0 / 3e0)
        ) as deviate
    from posteriors_tried_{{ step }} as tried
    inner join searches on tried.ranked_rate_id = searches.ranked_rate_id

),
{% if step > 0 %}
searches_{{ step + 1 }} as (

    select
        searches.*,
        greatest(0e0, searches.count_{{ step }} + coalesce(
            ({{ deviate_of_verdict }} - deviates.deviate) * (searches.count_{{ step }} - searches.count_{{ step - 1 }})
            / nullif(deviates.deviate - deviates_before.deviate, 0e0),
            0e0
        )) as count_{{ step + 1 }}
    from {{ 'searches' if step < 2 else 'searches_' ~ step }} as searches
    inner join deviates_tried_{{ step }} as deviates on searches.ranked_rate_id = deviates.ranked_rate_id
    inner join deviates_tried_{{ step - 1 }} as deviates_before on searches.ranked_rate_id = deviates_before.ranked_rate_id

),
{% endif %}
{%- endfor %}
counts_near_the_verdict as (

    select
        searches.ranked_rate_id * 10 + neighbours.neighbour as count_id,
        searches.ranked_rate_id,
        searches.ranking_id,
        searches.births,
        searches.benchmark_rate,
        greatest(0e0, floor(searches.count_{{ steps + 1 }}) + neighbours.neighbour - 3) as event_count
    from searches_{{ steps + 1 }} as searches
    cross join generate_series(0, 7) as neighbours (neighbour)

),

posteriors_near_the_verdict as (

    {{ gamma_posteriors('counts_near_the_verdict', 'spreads', 'count_id') }}

),

benchmarks_beside_posteriors as (

    select
        counts.ranked_rate_id,
        counts.event_count,
        posteriors.posterior_shape,
        posteriors.posterior_rate * counts.benchmark_rate as benchmark_scaled
    from posteriors_near_the_verdict as posteriors
    inner join counts_near_the_verdict as counts on posteriors.count_id = counts.count_id

),

verdicts_tried as (

    {{ gamma_tails('benchmarks_beside_posteriors', 'posterior_shape', 'benchmark_scaled') }}

),

counts_called_higher as (

    select
        ranked_rate_id,
        min(event_count) as fewest_tried,
        min(case when upper_tail >= {{ setting('verdict_probability') }} then event_count end) as fewest_called_higher
    from verdicts_tried
    group by ranked_rate_id

),

-- Where areas hardly differ the search does not come close: no count that could come would be enough.
counts_of_verdict as (

    select
        ranked_rate_id,
        case when fewest_tried = 0e0 or fewest_called_higher > fewest_tried then fewest_called_higher end as fewest_deaths_of_verdict
    from counts_called_higher

),

verdicts_at_ratios as (

    select
        counts_of_verdict.ranked_rate_id,
        counts_of_verdict.fewest_deaths_of_verdict,
        rate_ratios.rate_ratio,
        rate_ratios.rate_ratio * latest_years.expected_deaths as deaths_expected_at_ratio
    from counts_of_verdict
    inner join latest_years on counts_of_verdict.ranked_rate_id = latest_years.ranked_rate_id
    cross join rate_ratios
    where counts_of_verdict.fewest_deaths_of_verdict is not null

),

chances_of_verdict as (

    {{ gamma_tails('verdicts_at_ratios', 'fewest_deaths_of_verdict', 'deaths_expected_at_ratio') }}

),

detectability as (

    select
        latest_years.area_code,
        areas.area_name,
        areas.area_level,
        areas.region_name,
        latest_years.measure,
        measures.measure_name,
        latest_years.basis,
        latest_years.ranking_level,
        powers.rate_ratio,
        cast(latest_years.period_end_year as smallint) as births_year,
        cast(latest_years.births_per_year as bigint) as births_per_year,
        latest_years.benchmark_area_code,
        latest_years.benchmark_rate_per_1000,
        latest_years.expected_deaths,
        cast(critical_counts.fewest_deaths_called_higher as integer) as fewest_deaths_called_higher,
        cast(critical_counts.most_deaths_called_lower as integer) as most_deaths_called_lower,
        powers.power_one_year,
        years_needed.years_for_80_percent_power,
        cast(counts_of_verdict.fewest_deaths_of_verdict as integer) as fewest_deaths_of_verdict,
        case when counts_of_verdict.ranked_rate_id is not null then coalesce(chances_of_verdict.lower_tail, 0e0) end as chance_of_verdict
    from powers
    inner join latest_years on powers.ranked_rate_id = latest_years.ranked_rate_id
    inner join critical_counts on powers.ranked_rate_id = critical_counts.ranked_rate_id
    inner join areas on latest_years.area_code = areas.area_code
    inner join measures on latest_years.measure = measures.measure
    left join counts_of_verdict on powers.ranked_rate_id = counts_of_verdict.ranked_rate_id
    left join chances_of_verdict
        on powers.ranked_rate_id = chances_of_verdict.ranked_rate_id
        and powers.rate_ratio = chances_of_verdict.rate_ratio
    left join years_needed
        on powers.ranked_rate_id = years_needed.ranked_rate_id
        and powers.rate_ratio = years_needed.rate_ratio

)

select * from detectability
