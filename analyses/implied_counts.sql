-- What the printed rates of the two Kirklees groups would mean if the counts that their digits imply were the true ones. Plain SQL over the
-- published file: duckdb infant_mortality.duckdb < analyses/implied_counts.sql. Inference, not data. docs/what_the_article_got_right.md shows
-- the answers.
with implied as (

    -- Deaths and births of the first group and of the other one, where a set of assumptions leaves one number of deaths.
    select
        assumption_code,
        cast(max(numerator) as double) as deaths,
        (min(denominator) + max(denominator)) / 2e0 as births,
        cast(max(comparison_numerator) as double) as other_deaths,
        (min(comparison_denominator) + max(comparison_denominator)) / 2e0 as other_births
    from marts.fct_claim_solutions
    where claim_code = 'north_kirklees_rate_2014'
    group by assumption_code
    having min(numerator) = max(numerator)

),

told as (

    -- England's rate, the number of groups and how far risks differ, as the evidence has them.
    select
        assumption_code,
        max(case when value_code = 'benchmark_rate' then value end) / 1000 as england,
        max(case when value_code = 'areas_in_level' then value end) as areas,
        power(100 / max(case when value_code = 'relative_spread' then value end), 2) as shape
    from marts.fct_claim_evidence
    where claim_code = 'north_kirklees_rate_2014' and assumption_code is not null
    group by assumption_code

),

groups as (

    select *
    from implied
    inner join told using (assumption_code)

),

-- Chances of each number of deaths: Poisson at one risk, negative binomial where risks differ, binomial between two groups.
poisson_chances as (

    select
        assumption_code,
        sum(case when number >= deaths then exp(number * ln(births * england) - births * england - lgamma(number + 1)) end) as as_many
    from groups
    cross join generate_series(0, 400) as numbers (number)
    group by assumption_code

),

binomial_chances as (

    select
        assumption_code,
        sum(exp(
            lgamma(deaths + other_deaths + 1) - lgamma(number + 1) - lgamma(deaths + other_deaths - number + 1)
            + number * ln(births / (births + other_births)) + (deaths + other_deaths - number) * ln(other_births / (births + other_births))
        )) as as_many
    from groups
    cross join generate_series(0, 400) as numbers (number)
    where number between deaths and deaths + other_deaths
    group by assumption_code

),

sizes as (

    select
        assumption_code,
        size,
        areas,
        shape,
        size * england as mean,
        -- The fewest deaths whose rate prints as 13.2 or more.
        ceil(size * 13.15 / 1000) as needed
    from groups
    cross join (values (2000), (2700), (3200), (4000)) as named (size)

),

size_chances as (

    select
        assumption_code,
        size,
        needed,
        areas,
        1 - sum(exp(number * ln(mean) - mean - lgamma(number + 1))) as equal_risk,
        1 - sum(exp(
            lgamma(shape + number) - lgamma(shape) - lgamma(number + 1)
            + shape * ln(shape / (shape + mean)) + number * ln(mean / (shape + mean))
        )) as risks_differ
    from sizes
    cross join generate_series(0, 400) as numbers (number)
    where number < needed
    group by assumption_code, size, needed, areas

),

-- The underlying rate: a gamma distribution around England's rate, as the deaths leave it; 4,000 levels up to 30 per 1,000.
levels as (

    select
        groups.*,
        steps.step * 30e0 / 4000 / 1000 as rate,
        exp(
            (shape + deaths - 1) * ln(rate * (shape / england + births) / (shape + deaths)) - rate * (shape / england + births)
            + shape + deaths
        ) as own_density,
        exp((shape - 1) * ln(rate / england) - rate * shape / england + shape) as density
    from groups
    cross join generate_series(1, 4000) as steps (step)

),

chances_of_levels as (

    select
        *,
        own_density / sum(own_density) over (partition by assumption_code) as own_chance,
        sum(own_density) over (partition by assumption_code order by rate)
        / sum(own_density) over (partition by assumption_code) as own_below,
        greatest(
            1e-15, 1 - (sum(density) over (partition by assumption_code order by rate) - density / 2)
            / sum(density) over (partition by assumption_code)
        ) as other_above
    from levels

),

-- Fewer than so many of the other groups lie above: binomial, each on its own.
ranks as (

    select
        assumption_code,
        sum(case when places = 1 then own_chance * at_most end) as highest,
        sum(case when places = 20 then own_chance * at_most end) as highest_tenth
    from (
        select
            assumption_code,
            rate,
            places,
            own_chance,
            sum(exp(
                lgamma(areas) - lgamma(number + 1) - lgamma(areas - number)
                + number * ln(other_above) + (areas - 1 - number) * ln(greatest(1e-300, 1 - other_above))
            )) as at_most
        from chances_of_levels
        cross join (values (1), (20)) as named (places)
        cross join generate_series(0, 19) as numbers (number)
        where number < places and own_chance > 1e-12
        group by assumption_code, rate, places, own_chance
    )
    group by assumption_code

),

posteriors as (

    select
        assumption_code,
        1000 * (shape + deaths) / (shape / england + births) as stabilised,
        1000 * min(case when own_below >= 0.025 then rate end) as lower_95,
        1000 * min(case when own_below >= 0.975 then rate end) as upper_95,
        births * (shape + deaths) / (shape / england + births) as next_deaths
    from chances_of_levels
    group by assumption_code, shape, deaths, england, births

),

answers as (

    select
        1 as line,
        assumption_code,
        'Chance that an area with England''s risk lies so far out, above or below' as what,
        2 * as_many as answer
    from poisson_chances
    union all
    select 2, assumption_code, 'Chance that one or another of ' || cast(areas as integer) || ' such areas does', 1 - power(1 - 2 * as_many, areas)
    from poisson_chances inner join groups using (assumption_code)
    union all
    select 3, assumption_code, 'Rate over that of the other group', deaths / births / (other_deaths / other_births)
    from groups
    union all
    select 4, assumption_code, 'Chance that two equal risks lie so far apart, either way', 2 * as_many
    from binomial_chances
    union all
    select 5, assumption_code, 'Underlying rate per 1,000, pulled towards England''s as few births need', stabilised
    from posteriors
    union all
    select 6, assumption_code, 'Lower end of its 95 % interval', lower_95
    from posteriors
    union all
    select 7, assumption_code, 'Upper end of its 95 % interval', upper_95
    from posteriors
    union all
    select 8, assumption_code, 'Deaths to expect in a next year with as many births', next_deaths
    from posteriors
    union all
    select 9, assumption_code, 'Chance that the underlying rate is the highest of all', highest
    from ranks
    union all
    select 10, assumption_code, 'Chance that it is among the 20 highest', highest_tenth
    from ranks
    union all
    select
        10 + row_number() over (partition by assumption_code order by size), assumption_code,
        'Chance that the highest of all reaches 13.2, one risk for all, ' || size || ' births each ('
        || cast(needed as integer) || ' deaths)',
        1 - power(1 - equal_risk, areas)
    from size_chances
    union all
    select
        14 + row_number() over (partition by assumption_code order by size), assumption_code,
        'The same if risks differ as between authorities, ' || size || ' births each',
        1 - power(1 - risks_differ, areas)
    from size_chances

)

select
    what,
    round(max(case when assumption_code = 'two_rates_live_births_and_combined_deaths' then answer end), 3)
        as per_live_births,
    round(max(case when assumption_code = 'two_rates_live_births_and_stillbirths_and_combined_deaths' then answer end), 3)
        as per_live_births_and_stillbirths
from answers
group by line, what
order by line asc nulls last
