{%- set counted_within = 'region_code' if setting('quantiles_counted_within_region') else 'ranking_level' %}
with rates as (

    select * from {{ ref('int_rates') }}
    where not is_like_for_like

),

areas_in_levels as (

    select * from {{ ref('int_area_levels') }}

),

rankings as (

    select * from {{ ref('int_rankings') }}

),

rates_in_rankings as (

    select
        rankings.ranking_id,
        row_number() over (order by rankings.ranking_id asc nulls last, rates.area_code asc nulls last) as ranked_rate_id,
        rankings.ranking_level,
        areas_in_levels.region_code,
        rates.area_code,
        rates.period,
        rates.period_start_year,
        rates.period_end_year,
        rates.years_in_period,
        rates.measure,
        rates.basis,
        rates.status,
        rates.numerator,
        rates.denominator,
        rates.rate_per_1000,
        rates.lower_95,
        rates.upper_95,
        rates.lower_99_8,
        rates.upper_99_8,
        rates.reliability_flag,
        rates.rate_display,
        rates.is_supplied,
        rates.is_from_two_sources,
        rates.status = 'ok' and rankings.is_complete as is_ranked,
        case when rates.status = 'ok' then cast(rates.numerator as double precision) end as event_count,
        case when rates.status = 'ok' then cast(rates.denominator as double precision) end as births,
        rankings.areas_with_rate
    from rankings
    inner join areas_in_levels on rankings.ranking_level = areas_in_levels.ranking_level
    inner join rates
        on areas_in_levels.area_code = rates.area_code
        and rankings.period = rates.period
        and rankings.measure = rates.measure
        and rankings.basis = rates.basis
    where rates.rate_per_1000 is null
        or coalesce(areas_in_levels.ranked_from_year, rates.period_start_year) <= rates.period_start_year

),

places_taken as (

    select
        *,
        case when is_ranked then rank() over (partition by ranking_id, is_ranked order by rate_per_1000 desc nulls last) end
            as rank_highest_first,
        case when is_ranked then rank() over (partition by ranking_id, is_ranked order by rate_per_1000 asc nulls last) end
            as rank_lowest_first,
        case when is_ranked then areas_with_rate end as areas_ranked,
        case when is_ranked then rank() over same_whole end as quantile_place,
        count(*) over all_of_same_whole as quantile_areas
    from rates_in_rankings
    window
        -- The whole in which quantiles are counted. A window with an order would count only as far as the row.
        same_whole as (partition by ranking_id, is_ranked, {{ counted_within }} order by rate_per_1000 desc nulls last),
        all_of_same_whole as (partition by ranking_id, is_ranked, {{ counted_within }})

),

rates_ranked as (

    select
        *,
        {{ quantile_group('rank_highest_first', 'areas_ranked', 5) }} as quintile,
        case
            when is_ranked and {{ counted_within }} is not null
                then {{ quantile_group('quantile_place', 'quantile_areas', setting('quantile_groups')) }}
        end as quantile_group
    from places_taken

)

select * from rates_ranked
