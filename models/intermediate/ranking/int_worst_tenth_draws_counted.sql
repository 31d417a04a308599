{#-
  The draws themselves. Draw d of an area takes the cell c for which d = a (c + s)^3 + t modulo the prime 10,007, with a, s, t made of the
  area's code: each cell is taken by exactly one draw (cubing is one-to-one, since 3 does not divide 10,006), and two areas are as good as
  unrelated. No random() and no clock; only whole numbers are added up, so that no order of work can change a bit of the answer.
-#}
{% set cells, modulus = 10007, 2147483647 %}

with rates as (

    select * from {{ ref('int_rates_ranked') }}
    where is_ranked

),

ranges as (

    select * from {{ ref('int_worst_tenth_ranges_laid') }}

),

area_codes as (

    select distinct area_code from ranges

),

codes_as_numbers as (

    select
        area_code,
        {{ text_to_number('area_code') }} as code_number
    from area_codes

),

numbers_mixed_once as (

    select
        *,
        mod(code_number * code_number, {{ modulus }}) as first_mix
    from codes_as_numbers

),

numbers_mixed_twice as (

    select
        *,
        mod(first_mix * first_mix + code_number, {{ modulus }}) as second_mix
    from numbers_mixed_once

),

numbers_mixed_thrice as (

    select
        *,
        mod(second_mix * second_mix + first_mix, {{ modulus }}) as third_mix
    from numbers_mixed_twice

),

area_keys as (

    select
        area_code,
        cast(mod(second_mix, {{ cells }}) as integer) as shift_inside,
        cast(1 + mod(third_mix, {{ cells - 1 }}) as integer) as factor,
        cast(mod(mod(third_mix * third_mix + second_mix, {{ modulus }}), {{ cells }}) as integer) as shift_outside
    from numbers_mixed_thrice

),

cells_listed as (

    select
        cast(row_number() over (order by ranges.rate_number, ranges.level_number) as integer) as range_number,
        ranges.rate_number,
        ranges.level_number,
        ranges.first_cell,
        ranges.past_last_cell,
        ranges.bin_number,
        ranges.weight_0,
        ranges.weight_1,
        cast(ranges.simulation_number as integer) * {{ cells }} as first_slot,
        area_keys.shift_inside,
        area_keys.factor,
        area_keys.shift_outside
    from ranges
    inner join area_keys on ranges.area_code = area_keys.area_code

),

cells_drawn as (

    select
        *,
        cast({{ whole_numbers_between('first_cell', 'past_last_cell') }} as integer) as cell
    from cells_listed

),

-- A slot is one draw of one ranking.
shifted_cells_squared as (

    select
        range_number,
        cell,
        cast(bin_number as integer) as bin_number,
        weight_0,
        weight_1,
        first_slot,
        factor,
        shift_outside,
        mod(cell + shift_inside, {{ cells }}) as shifted_cell,
        mod((cell + shift_inside) * (cell + shift_inside), {{ cells }}) as shifted_cell_squared
    from cells_drawn

),

draws as (

    select
        range_number,
        cell,
        bin_number,
        weight_0,
        weight_1,
        first_slot + mod(factor * mod(shifted_cell_squared * shifted_cell, {{ cells }}) + shift_outside, {{ cells }}) as slot
    from shifted_cells_squared

),

words_added as (

    select
        slot,
        sum(weight_0) as word_0,
        sum(weight_1) as word_1
    from draws
    group by slot

),

simulations as (

    select distinct
        simulation_number,
        worst_places
    from ranges

),

bins_read as (

    select
        words_added.slot,
        simulations.worst_places,
        {{ areas_at_or_above_bins('words_added.word_0', 'words_added.word_1') }}
    from words_added
    inner join simulations on cast(floor(words_added.slot / {{ cells }}e0) as bigint) = simulations.simulation_number

),

-- The bin in which the last of the worst places falls, and how many places are left for it.
boundaries_found as (

    select
        slot,
        {{ boundary_columns('worst_places') }}
    from bins_read

),

draws_beside_boundaries as (

    select
        draws.range_number,
        draws.cell,
        draws.slot,
        draws.bin_number > boundaries_found.boundary_bin as is_above_boundary,
        boundaries_found.places_left
    from draws
    inner join boundaries_found on draws.slot = boundaries_found.slot
    where draws.bin_number >= boundaries_found.boundary_bin

),

-- The place of a cell within its level is interpolated.
heights_within_bin as (

    select
        cells_listed.rate_number,
        draws_beside_boundaries.slot,
        draws_beside_boundaries.places_left,
        cast(cells_listed.level_number as {{ double_type() }})
        + (draws_beside_boundaries.cell + 0.5e0 - cells_listed.first_cell)
        / (cells_listed.past_last_cell - cells_listed.first_cell) as height
    from draws_beside_boundaries
    inner join cells_listed on draws_beside_boundaries.range_number = cells_listed.range_number
    where not draws_beside_boundaries.is_above_boundary

),

places_within_bin as (

    select
        rate_number,
        places_left,
        rank() over (partition by slot order by height desc nulls last) as place
    from heights_within_bin

),

draws_above_boundary as (

    select
        range_number,
        count(*) as draws_among_worst
    from draws_beside_boundaries
    where is_above_boundary
    group by range_number

),

draws_counted as (

    select
        cells_listed.rate_number,
        draws_above_boundary.draws_among_worst
    from draws_above_boundary
    inner join cells_listed on draws_above_boundary.range_number = cells_listed.range_number
    union all
    select
        rate_number,
        1 as draws_among_worst
    from places_within_bin
    where place <= places_left

),

draws_added as (

    select
        rate_number,
        sum(draws_among_worst) as draws_among_worst
    from draws_counted
    group by rate_number

),

simulated_rankings as (

    select distinct ranking_number from ranges

),

-- An area of which no draw came near the boundary has no range; its chance is 0.
probabilities as (

    select
        rates.rate_number,
        cast(coalesce(draws_added.draws_among_worst, 0) as {{ double_type() }}) / {{ cells }} as probability_worst_tenth
    from rates
    inner join simulated_rankings on rates.ranking_number = simulated_rankings.ranking_number
    left join draws_added on rates.rate_number = draws_added.rate_number

)

select * from probabilities
