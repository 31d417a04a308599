{#-
  A draw of an area is one of 10,007 equally likely cells of its gamma distribution. Here the cells are laid out: which of them lie between two
  successive levels of the rate. 80 levels in equal ratios run from below the pooled rate to above what any area of the ranking is
  likely to draw; within a level the place of a cell is interpolated.
-#}
{% set cells, levels = 10007, 80 %}

with rates as (

    select * from {{ ref('int_rates_ranked') }}
    where is_ranked

),

latest_years_found as (

    select
        *,
        max(period_end_year) over (partition by measure, basis, ranking_level, years_in_period) as latest_year
    from rates

),

simulated_rates as (

    select
        ranking_number,
        rate_number,
        area_code,
        event_count,
        births,
        greatest(1, cast(floor(areas_ranked / 10e0) as bigint)) as worst_places,
        -- Sums of whole numbers held as doubles: exact, in whatever order they are added.
        sum(event_count) over (partition by ranking_number) / sum(births) over (partition by ranking_number)
        * greatest(0.5e0, 1 - 3 / sqrt(1 + sum(event_count) over (partition by ranking_number) / areas_ranked)) as bottom_rate,
        max((event_count + 4 * sqrt(event_count + 0.5e0) + 4) / births) over (partition by ranking_number) as top_rate
    from latest_years_found
    where {{ "true" if var('worst_tenth_all_periods', false) else "period_end_year = latest_year" }}

),

level_numbers as (

    select {{ whole_numbers_between(0, levels) }} as level_number

),

levels_crossed as (

    select
        simulated_rates.*,
        level_numbers.level_number,
        births * bottom_rate * power(top_rate / bottom_rate, level_numbers.level_number / {{ levels - 1 }}e0) as events_at_level
    from simulated_rates
    cross join level_numbers
    where simulated_rates.bottom_rate > 0

),

tails_worked_out as (

    select
        *,
        {{ gamma_upper_tail_seven_places('event_count', 'events_at_level') }} as upper_tail
    from levels_crossed

),

cells_counted as (

    select
        *,
        cast(greatest(0, least({{ cells }}, ceil({{ cells }} * (1 - upper_tail) - 0.5e0))) as integer) as first_cell
    from tails_worked_out

),

expected_counts as (

    select
        ranking_number,
        worst_places,
        level_number,
        sum({{ cells }} - first_cell) / {{ cells }}e0 as expected_above,
        sum(cast({{ cells }} - first_cell as bigint) * first_cell) / {{ cells ** 2 }}e0 as variance_above
    from cells_counted
    group by ranking_number, worst_places, level_number

),

-- Only draws that can matter are looked at: those from the level that about k + 5 sd of the areas pass, where k are the worst tenth and
-- sd is the standard deviation of their number. Fewer than k pass it in about one draw in a million; that draw then counts those that do.
level_bounds as (

    select
        ranking_number,
        max(case when expected_above - 5 * sqrt(variance_above) >= worst_places then level_number else -1 end) as lowest_level
    from expected_counts
    group by ranking_number

),

next_cells_found as (

    select
        ranking_number,
        rate_number,
        area_code,
        worst_places,
        level_number,
        first_cell,
        coalesce(
            lead(first_cell) over (partition by rate_number order by level_number nulls last), {{ cells }}
        ) as past_last_cell
    from cells_counted
    union all
    -- Below the first level: everything up to it.
    select
        ranking_number,
        rate_number,
        area_code,
        worst_places,
        -1 as level_number,
        0 as first_cell,
        first_cell as past_last_cell
    from cells_counted
    where level_number = 0

),

-- Bins are cut where the expected number of areas above passes k by so many of its standard deviations.
levels_binned as (

    select
        expected_counts.ranking_number,
        expected_counts.level_number,
        {{ bin_by_deviation('expected_above', 'variance_above', 'worst_places') }} as bin_number
    from expected_counts

),

ranges_laid as (

    select
        next_cells_found.ranking_number,
        dense_rank() over (order by next_cells_found.ranking_number) - 1 as simulation_number,
        next_cells_found.rate_number,
        next_cells_found.area_code,
        next_cells_found.worst_places,
        next_cells_found.level_number,
        next_cells_found.first_cell,
        next_cells_found.past_last_cell,
        coalesce(levels_binned.bin_number, 0) as bin_number
    from next_cells_found
    inner join level_bounds on next_cells_found.ranking_number = level_bounds.ranking_number
    left join levels_binned
        on next_cells_found.ranking_number = levels_binned.ranking_number
        and next_cells_found.level_number = levels_binned.level_number
    where
        next_cells_found.level_number >= level_bounds.lowest_level
        and next_cells_found.first_cell < next_cells_found.past_last_cell

),

weights_set as (

    select
        *,
        {{ bin_weight(0, 'bin_number') }} as weight_0,
        {{ bin_weight(1, 'bin_number') }} as weight_1
    from ranges_laid

)

select * from weights_set
