with rates as (

    select area, ranking_id, event_count, cast(births as double precision) as births
    from {{ ref('counts') }}
    where births > 0 and deaths is not null

),

rankings as (

    select ranking_id, sum(event_count) as deaths, sum(births) as births
    from rates
    group by ranking_id

),

spreads as (

    {{ infant_mortality.gamma_spreads('rates', 'rankings') }}

),

posteriors as (

    {{ infant_mortality.gamma_posteriors('rates', 'spreads', 'area') }}

),

beside_the_largest as (

    select
        posteriors.area,
        posteriors.posterior_shape,
        posteriors.posterior_rate,
        largest.posterior_shape as largest_shape,
        largest.posterior_rate as largest_rate
    from posteriors
    inner join posteriors as largest on largest.area = 21

),

compared as (

    {{ infant_mortality.probability_above(
        'beside_the_largest', 'posterior_shape', 'posterior_rate', 'largest_shape', 'largest_rate'
    ) }}

)

select
    area,
    posterior_shape,
    posterior_rate,
    1000e0 * posterior_shape / posterior_rate as stabilised_rate_per_1000,
    probability_above
from compared
