{#- How many areas are shown, and the most areas of one parent that are shown beside each other. -#}
{%- set shown, most_of_one_parent = 10, 100 -%}
{#- What areas are near in: the distance of two, and an axis, in strips, along which no two are farther apart than they are. -#}
{%- set kinds = {
    'nearest': {
        'axis': 'kilometres_north',
        'strip': '25e0',
        'order': 'floor(kilometres_north / 50e0) asc nulls last, longitude asc nulls last',
        'among': 'kilometres_north is not null and longitude is not null',
        'part': 'ranking_id',
        'distance': '12742e0 * asin(least(1e0, sqrt(power(sin((beside.latitude - own.latitude) / 2e0), 2)'
            ~ ' + cos(own.latitude) * cos(beside.latitude) * power(sin((beside.longitude - own.longitude) / 2e0), 2))))',
    },
    'alike': {
        'axis': 'births_in_deviations',
        'strip': '0.05e0',
        'order': 'births_in_deviations asc nulls last',
        'among': 'true',
        'part': 'ranking_id, scored_by',
        'distance': 'sqrt(power(beside.score_in_deviations - own.score_in_deviations, 2)'
            ~ ' + power(beside.births_in_deviations - own.births_in_deviations, 2))',
    },
} -%}
with rates as (

    select * from {{ ref('int_ranked_rates') }}
    where is_ranked and years_in_period = 1

),

posteriors as (

    select * from {{ ref('int_posteriors') }}

),

areas as (

    select * from {{ ref('dim_area') }}

),

deprivation as (

    select * from {{ ref('dim_area_deprivation') }}

),

supplied_areas as (

    select * from {{ ref('int_incoming_area_chains') }}

),

measures as (

    select * from {{ ref('dim_measure') }}

),

areas_with_parent as (

    select
        areas.*,
        coalesce(
            supplied_areas.parent_area_code,
            nullif(areas.county_code, areas.area_code),
            nullif(areas.region_code, areas.area_code),
            areas.benchmark_area_code
        ) as parent_area_code
    from areas
    left join supplied_areas on areas.area_code = supplied_areas.area_code

),

-- Shown is each area's newest year; of the years before it, none that is nobody's newest is looked at further.
rates_with_years_back as (

    select
        *,
        row_number() over (
            partition by ranking_level, area_code, measure
            order by period_end_year desc nulls last, basis asc nulls last
        ) as years_back
    from rates

),

rankings_shown as (

    select distinct ranking_id from rates_with_years_back
    where years_back = 1

),

rates_shown as (

    select rates_with_years_back.*
    from rates_with_years_back
    inner join rankings_shown on rates_with_years_back.ranking_id = rankings_shown.ranking_id

),

-- The unit of deprivation and of births is the standard deviation among the areas scored by one index. Areas without a score are
-- compared by births, among themselves.
rates_placed as (

    select
        rates.ranked_rate_id,
        rates.ranking_id,
        rates.ranking_level,
        rates.area_code,
        rates.measure,
        rates.period,
        rates.period_end_year,
        rates.basis,
        rates.numerator,
        rates.denominator,
        rates.rate_per_1000,
        rates.lower_95,
        rates.upper_95,
        rates.rank_highest_first,
        posteriors.posterior_shape,
        posteriors.posterior_rate,
        areas_with_parent.parent_area_code,
        radians(areas_with_parent.latitude) as latitude,
        radians(areas_with_parent.longitude) as longitude,
        6371e0 * radians(areas_with_parent.latitude) as kilometres_north,
        deprivation.deprivation_index,
        deprivation.deprivation_score,
        coalesce(deprivation.deprivation_index, 'none') as scored_by,
        coalesce(deprivation.deprivation_score / nullif(stddev_samp(deprivation.deprivation_score) over of_one_kind, 0e0), 0e0)
            as score_in_deviations,
        coalesce(ln(rates.births) / nullif(stddev_samp(ln(rates.births)) over of_one_kind, 0e0), 0e0) as births_in_deviations,
        count(*) over (partition by rates.ranking_id, areas_with_parent.parent_area_code) as areas_of_parent,
        rates.years_back
    from rates_shown as rates
    inner join posteriors on rates.ranked_rate_id = posteriors.ranked_rate_id
    inner join areas_with_parent on rates.area_code = areas_with_parent.area_code
    left join deprivation
        on rates.area_code = deprivation.area_code
        and rates.period_end_year >= deprivation.first_year
        and rates.period_end_year <= coalesce(deprivation.last_year, 9999)
    window of_one_kind as (partition by rates.ranking_id, deprivation.deprivation_index)

),
{% for kind, by in kinds.items() %}
{{ kind }}_in_order as (

    select
        *,
        cast(floor({{ by.axis }} / {{ by.strip }}) as bigint) as strip_number,
        row_number() over (partition by {{ by.part }} order by {{ by.order }}, area_code asc nulls last) as place_in_order
    from rates_placed
    where {{ by.among }}

),

-- Ten areas lie at most as far away as the farthest of any ten: of the ten nearest among those next in order. So not every pair of a long
-- list has to be measured.
{{ kind }}_neighbours_in_order as (

    select
        own.ranked_rate_id,
        {{ by.distance }} as distance,
        row_number() over (partition by own.ranked_rate_id order by {{ by.distance }} asc nulls last) as place
    from {{ kind }}_in_order as own
    inner join {{ kind }}_in_order as beside
        on own.ranking_id = beside.ranking_id
        {{- ' and own.scored_by = beside.scored_by' if kind == 'alike' }}
        and beside.place_in_order between own.place_in_order - {{ shown }} and own.place_in_order + {{ shown }}
        and own.ranked_rate_id <> beside.ranked_rate_id
    where own.years_back = 1

),

{{ kind }}_reaches as (

    select
        ranked_rate_id,
        max(distance) * (1e0 + 1e-9) as reach
    from {{ kind }}_neighbours_in_order
    where place <= {{ shown }}
    group by ranked_rate_id

),

{{ kind }}_strips as (

    select
        own.*,
        reaches.reach,
        strips.strip_reached
    from {{ kind }}_in_order as own
    inner join {{ kind }}_reaches as reaches on own.ranked_rate_id = reaches.ranked_rate_id
    cross join lateral generate_series(
        cast(floor((own.{{ by.axis }} - reaches.reach) / {{ by.strip }}) as bigint),
        cast(floor((own.{{ by.axis }} + reaches.reach) / {{ by.strip }}) as bigint)
    ) as strips (strip_reached)

),

{{ kind }}_distances as (

    select
        own.ranked_rate_id,
        beside.ranked_rate_id as compared_rate_id,
        beside.area_code as compared_area_code,
        own.reach,
        {{ by.distance }} as distance
    from {{ kind }}_strips as own
    inner join {{ kind }}_in_order as beside
        on own.ranking_id = beside.ranking_id
        {{- ' and own.scored_by = beside.scored_by' if kind == 'alike' }}
        and own.strip_reached = beside.strip_number
        and own.ranked_rate_id <> beside.ranked_rate_id

),

{{ kind }}_pairs as (

    select
        '{{ kind }}' as kind,
        ranked_rate_id,
        compared_rate_id,
        row_number() over (partition by ranked_rate_id order by distance asc nulls last, compared_area_code asc nulls last) as place
    from {{ kind }}_distances
    where distance <= reach

),
{% endfor %}
same_parent_pairs as (

    select
        'same_parent' as kind,
        own.ranked_rate_id,
        beside.ranked_rate_id as compared_rate_id,
        row_number() over (
            partition by own.ranked_rate_id order by beside.rank_highest_first asc nulls last, beside.area_code asc nulls last
        ) as place
    from rates_placed as own
    inner join rates_placed as beside
        on own.ranking_id = beside.ranking_id
        and own.parent_area_code = beside.parent_area_code
        and own.ranked_rate_id <> beside.ranked_rate_id
    where own.years_back = 1 and own.areas_of_parent <= {{ most_of_one_parent }}

),

pairs as (

    {% for kind in kinds -%}
    select * from {{ kind }}_pairs
    where place <= {{ shown }}
    union all
    {% endfor -%}
    select * from same_parent_pairs

),

-- Many pairs are of several kinds, and most stand in both orders: the probability of each is worked out once.
pairs_once as (

    select distinct
        least(ranked_rate_id, compared_rate_id) as first_rate_id,
        greatest(ranked_rate_id, compared_rate_id) as second_rate_id
    from pairs

),

posteriors_side_by_side as (

    select
        pairs_once.first_rate_id,
        pairs_once.second_rate_id,
        own.posterior_shape as shape_of_first,
        beside.posterior_shape as shape_of_second,
        own.posterior_rate / (own.posterior_rate + beside.posterior_rate) as share_of_sum
    from pairs_once
    inner join rates_placed as own on pairs_once.first_rate_id = own.ranked_rate_id
    inner join rates_placed as beside on pairs_once.second_rate_id = beside.ranked_rate_id

),

-- Of two gamma variables, each over its own rate, the first is the larger where its part of their sum exceeds that share.
probabilities_found as (

    {{ beta_tails('posteriors_side_by_side', 'shape_of_first', 'shape_of_second', 'share_of_sum') }}

),

area_comparisons as (

    select
        own.area_code,
        areas.area_name,
        areas.area_level,
        areas.region_name,
        own.ranking_level,
        own.measure,
        measures.measure_name,
        pairs.kind,
        cast(pairs.place as smallint) as rank,
        own.period,
        own.basis,
        beside.area_code as compared_area_code,
        compared_areas.area_name as compared_area_name,
        own.denominator,
        own.rate_per_1000,
        own.lower_95,
        own.upper_95,
        beside.denominator as compared_denominator,
        beside.rate_per_1000 as compared_rate_per_1000,
        beside.lower_95 as compared_lower_95,
        beside.upper_95 as compared_upper_95,
        case
            when pairs.ranked_rate_id = probabilities_found.first_rate_id then probabilities_found.upper_tail
            else probabilities_found.lower_tail
        end as probability_higher,
        case when beside.kilometres_north is not null then {{ kinds.nearest.distance }} end as distance_km,
        own.deprivation_index,
        own.deprivation_score,
        beside.deprivation_score as compared_deprivation_score
    from pairs
    inner join probabilities_found
        on least(pairs.ranked_rate_id, pairs.compared_rate_id) = probabilities_found.first_rate_id
        and greatest(pairs.ranked_rate_id, pairs.compared_rate_id) = probabilities_found.second_rate_id
    inner join rates_placed as own on pairs.ranked_rate_id = own.ranked_rate_id
    inner join rates_placed as beside on pairs.compared_rate_id = beside.ranked_rate_id
    inner join areas on own.area_code = areas.area_code
    inner join areas as compared_areas on beside.area_code = compared_areas.area_code
    inner join measures on own.measure = measures.measure

)

select * from area_comparisons
