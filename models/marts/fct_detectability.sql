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
        years_needed.years_for_80_percent_power
    from powers
    inner join latest_years on powers.ranked_rate_id = latest_years.ranked_rate_id
    inner join critical_counts on powers.ranked_rate_id = critical_counts.ranked_rate_id
    inner join areas on latest_years.area_code = areas.area_code
    inner join measures on latest_years.measure = measures.measure
    left join years_needed
        on powers.ranked_rate_id = years_needed.ranked_rate_id
        and powers.rate_ratio = years_needed.rate_ratio

)

select * from detectability
