with published_figures as (

    select * from {{ ref('stg_published__published_figures') }}
    where nearest_area_code is not null and nearest_measure is not null

),

rates as (

    select * from {{ ref('fct_rates') }}
    where status = 'ok' and basis = 'registration'

),

rankings as (

    select * from {{ ref('fct_rankings') }}
    where ranking_level = 'upper_tier'

),

rate_changes as (

    select * from {{ ref('fct_rate_changes') }}

),

areas as (

    select * from {{ ref('dim_area') }}

),

measures as (

    select * from {{ ref('dim_measure') }}

),

nearest_figures_described as (

    select
        published_figures.claim_code,
        'Beside it, not instead of it: ' || areas.area_name || ', ' || lower(substr(measures.measure_name, 1, 1))
        || substr(measures.measure_name, 2)
        || ' by year of registration, ' || published_figures.period || ': ' || {{ with_thousands_commas('rates.numerator') }} || ' of '
        || {{ with_thousands_commas('rates.denominator') }} || ', which is ' || {{ fixed_decimals('rates.rate_per_1000', 2) }}
        || ' (95 % interval '
        || {{ fixed_decimals('rates.lower_95', 2) }} || ' to ' || {{ fixed_decimals('rates.upper_95', 2) }} || ')'
        || coalesce(
            ', rank ' || cast(rankings.rank_highest_first as varchar) || ' of ' || cast(rankings.areas_ranked as varchar)
            || ' upper-tier authorities from the highest, though the counts bear out no more than a place between '
            || cast(rankings.rank_interval_lower as varchar) || ' and ' || cast(rankings.rank_interval_upper as varchar)
            || ' (95 % rank interval)',
            ''
        )
        || coalesce(
            '; ' || published_figures.comparison_period || ': ' || {{ fixed_decimals('rate_changes.from_rate_per_1000', 2) }}
            || ', a change of '
            || {{ fixed_decimals('rate_changes.percent_change', 1) }} || ' %, and chance alone would give a change at least as large '
            || {{ chance_in_words('rate_changes.exact_p_value') }},
            ''
        ) || '.' as nearest_figure
    from published_figures
    inner join rates
        on published_figures.nearest_area_code = rates.area_code
        and published_figures.nearest_measure = rates.measure
        and published_figures.period = rates.period
    inner join areas on published_figures.nearest_area_code = areas.area_code
    inner join measures on published_figures.nearest_measure = measures.measure
    left join rankings
        on rates.area_code = rankings.area_code
        and rates.measure = rankings.measure
        and rates.basis = rankings.basis
        and rates.period = rankings.period
    left join rate_changes
        on rates.area_code = rate_changes.area_code
        and rates.measure = rate_changes.measure
        and rates.basis = rate_changes.basis
        and published_figures.comparison_period = rate_changes.from_period
        and published_figures.period = rate_changes.to_period

)

select * from nearest_figures_described
