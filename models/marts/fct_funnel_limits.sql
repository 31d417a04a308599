{%- set grid_points = 50 -%}
{%- set sides = ['lower', 'upper'] -%}
{%- set levels = ['95', '99_8'] -%}
with funnel_targets as (

    select * from {{ ref('int_funnel_targets') }}

),

rankings as (

    select * from {{ ref('int_rankings') }}

),

measures as (

    select * from {{ ref('dim_measure') }}

),

-- Closer together where births are few, since the limits bend most there.
births_on_grid as (

    select distinct
        funnel_targets.ranking_id,
        funnel_targets.target_rate,
        funnel_targets.overdispersion_phi,
        funnel_targets.overdispersion_phi_rescaled,
        funnel_targets.tau_squared,
        cast(ceiling(
            cast(funnel_targets.most_births as double precision) * grid.grid_point * grid.grid_point / {{ grid_points * grid_points }}
        ) as bigint) as births
    from funnel_targets
    cross join generate_series(1, {{ grid_points }}) as grid (grid_point)

),

expected_on_grid as (

    select
        *,
        target_rate * births as expected
    from births_on_grid

),

counts_at_limits as (

    {{ poisson_limit_counts('expected_on_grid', ['ranking_id', 'births'], 'expected', ['95', '99_8']) }}

),

limits_of_each_kind as (

    select
        expected_on_grid.*,
        {% for level in levels -%}
        counts_at_limits.deaths_low_{{ level }},
        counts_at_limits.deaths_high_{{ level }},
        -- The last rates that are still within: one death further is low or high. No count is low where few are expected.
        1000 * coalesce(counts_at_limits.deaths_low_{{ level }} + 1, 0)
        / cast(expected_on_grid.births as double precision) as exact_lower_{{ level }},
        1000 * (counts_at_limits.deaths_high_{{ level }} - 1)
        / cast(expected_on_grid.births as double precision) as exact_upper_{{ level }},
        {% for side in sides -%}
        1000e0 * {{ funnel_limit_normal(side, level, 'expected_on_grid.target_rate', 'expected_on_grid.births') }}
            as normal_{{ side }}_{{ level }},
        1000e0 * {{ funnel_limit_adjusted(
            side, level, 'expected_on_grid.target_rate', 'expected_on_grid.births', 'expected_on_grid.tau_squared'
        ) }}
            as adjusted_{{ side }}_{{ level }}{% if not loop.last %},
        {% endif %}
        {%- endfor %}{% if not loop.last %},
        {% endif %}
        {%- endfor %}
    from expected_on_grid
    inner join counts_at_limits
        on expected_on_grid.ranking_id = counts_at_limits.ranking_id
        and expected_on_grid.births = counts_at_limits.births

),

funnel_limits as (

    select
        rankings.period,
        rankings.period_start_year,
        rankings.period_end_year,
        rankings.years_in_period,
        rankings.measure,
        measures.measure_name,
        rankings.basis,
        rankings.ranking_level,
        limits_of_each_kind.births,
        limits_of_each_kind.expected as expected_deaths,
        1000e0 * limits_of_each_kind.target_rate as target_per_1000,
        {% for level in levels -%}
        {% for side in sides -%}
        {% for kind in ['exact', 'normal', 'adjusted'] -%}
        limits_of_each_kind.{{ kind }}_{{ side }}_{{ level }},
        {% endfor -%}
        {% endfor -%}
        {% endfor -%}
        limits_of_each_kind.deaths_low_95,
        limits_of_each_kind.deaths_high_95,
        limits_of_each_kind.deaths_low_99_8,
        limits_of_each_kind.deaths_high_99_8,
        limits_of_each_kind.overdispersion_phi,
        limits_of_each_kind.overdispersion_phi_rescaled,
        limits_of_each_kind.tau_squared
    from limits_of_each_kind
    inner join rankings on limits_of_each_kind.ranking_id = rankings.ranking_id
    inner join measures on rankings.measure = measures.measure

)

select * from funnel_limits
