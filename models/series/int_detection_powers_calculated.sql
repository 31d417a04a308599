with rates as (

    select * from {{ ref('int_rates_ranked') }}
    where status = 'ok' and years_in_period = 1

),

rankings as (

    select * from {{ ref('int_rankings_counted') }}
    where benchmark_source is not null

),

rate_ratios as (

    select distinct rate_ratio from {{ ref('int_detection_ranges_found') }}

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
        cast(rates.denominator * rankings.benchmark_numerator as double precision)
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

powers_calculated as (

    select
        latest_years.area_code,
        latest_years.measure,
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
        powers.power_one_year
    from powers
    inner join latest_years on powers.ranked_rate_id = latest_years.ranked_rate_id
    inner join critical_counts on powers.ranked_rate_id = critical_counts.ranked_rate_id

)

select * from powers_calculated
