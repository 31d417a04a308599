-- True ratios to the benchmark's rate that are asked about.
{%- set rate_ratios = ['1.2e0', '1.3e0', '1.5e0', '2e0'] %}
-- Beyond so many deaths a ratio of 1.2 is found whatever the count; a smaller ratio would need more.
{%- set most_deaths = 600 %}
-- Deviate beyond which lies one fifth of a normal distribution: a power of 80 %.
{%- set deviate_of_power = '0.8416212335729143e0' %}
with rate_ratios as (

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

ranges_found as (

    select
        ranges.rate_ratio,
        ranges.deaths_needed,
        ranges.fewest_expected_deaths,
        case when ranges.deaths_needed < first_that_reach_the_next.deaths_needed then ranges.most_expected_deaths end
            as most_expected_deaths
    from ranges
    inner join first_that_reach_the_next on ranges.rate_ratio = first_that_reach_the_next.rate_ratio
    where ranges.fewest_expected_deaths <= ranges.most_expected_deaths and ranges.deaths_needed <= first_that_reach_the_next.deaths_needed

)

select * from ranges_found
