{%- set window_years = var('default_window_years') -%}
with published_figures as (

    select * from {{ ref('stg_published__published_figures') }}
    where statistic = 'pooling_narrows_intervals'

),

yearly_rates as (

    select * from {{ ref('fct_rates') }}
    where status = 'ok'

),

rolling_rates as (

    select * from {{ ref('fct_rolling_rates') }}
    where status = 'ok' and years_in_period = {{ window_years }}

),

rankings as (

    select * from {{ ref('fct_rankings') }}

),

england_comparisons as (

    select * from {{ ref('fct_rankings') }}

),

windows_beside_their_years as (

    select
        published_figures.claim_code,
        rolling_rates.period,
        rolling_rates.upper_95 - rolling_rates.lower_95 as window_width,
        yearly_rates.upper_95 - yearly_rates.lower_95 as year_width
    from published_figures
    inner join rolling_rates
        on published_figures.area_codes = rolling_rates.area_code
        and published_figures.measure = rolling_rates.measure
        and published_figures.basis = rolling_rates.basis
        and published_figures.period_start_year <= rolling_rates.period_start_year
        and published_figures.period_end_year >= rolling_rates.period_end_year
    inner join yearly_rates
        on rolling_rates.area_code = yearly_rates.area_code
        and rolling_rates.measure = yearly_rates.measure
        and rolling_rates.basis = yearly_rates.basis
        and yearly_rates.period_start_year between rolling_rates.period_start_year and rolling_rates.period_end_year

),

widths_compared as (

    select
        claim_code,
        count(distinct period) as windows,
        sum(case when window_width < year_width then 1 else 0 end) as pairs_narrower,
        count(*) as pairs,
        avg(window_width / nullif(year_width, 0e0)) as mean_width_ratio,
        avg(window_width) as mean_window_width,
        avg(year_width) as mean_year_width
    from windows_beside_their_years
    group by claim_code

),

-- What the narrower intervals buy, over all areas of the level: shorter rank intervals, more areas told apart from England.
levels_compared as (

    select
        published_figures.claim_code,
        avg(
            case when rankings.years_in_period = 1 then rankings.rank_interval_upper - rankings.rank_interval_lower + 1e0 end
        ) as mean_places_year,
        avg(
            case when rankings.years_in_period > 1 then rankings.rank_interval_upper - rankings.rank_interval_lower + 1e0 end
        ) as mean_places_window,
        max(rankings.areas_ranked) as areas_ranked,
        sum(case when rankings.years_in_period = 1 and england_comparisons.verdict <> 'similar' then 1 else 0 end) as areas_apart_year,
        sum(case when rankings.years_in_period > 1 and england_comparisons.verdict <> 'similar' then 1 else 0 end) as areas_apart_window
    from published_figures
    inner join rankings
        on published_figures.measure = rankings.measure
        and published_figures.basis = rankings.basis
        and published_figures.ranking_level = rankings.ranking_level
        and published_figures.period_end_year = rankings.period_end_year
        and rankings.years_in_period in (1, {{ window_years }})
    inner join england_comparisons
        on rankings.area_code = england_comparisons.area_code
        and rankings.period = england_comparisons.period
        and rankings.measure = england_comparisons.measure
        and rankings.basis = england_comparisons.basis
        and rankings.ranking_level = england_comparisons.ranking_level
    group by published_figures.claim_code

),

claims_judged as (

    select
        published_figures.claim_code,
        widths_compared.mean_width_ratio as recomputed_value,
        cast(null as bigint) as numerator,
        cast(null as bigint) as denominator,
        published_figures.measure,
        published_figures.basis,
        case
            when widths_compared.pairs is null then 'not_checkable'
            when widths_compared.pairs_narrower = widths_compared.pairs then 'consistent'
            when widths_compared.pairs_narrower = 0 then 'contradicted'
            else 'not_checkable'
        end as verdict,
        case when widths_compared.pairs is null then 'unknown' else 'exact' end as certainty,
        case
            when widths_compared.pairs is null then 'No three-year rates of the area are at hand for these years.'
            else
                'In ' || cast(widths_compared.pairs_narrower as varchar) || ' of ' || cast(widths_compared.pairs as varchar)
                || ' comparisons of a three-year rate with one of its years the three-year rate has the narrower 95 % interval, on average '
                || {{ fixed_decimals('widths_compared.mean_window_width', 2) }} || ' per 1,000 wide against '
                || {{ fixed_decimals('widths_compared.mean_year_width', 2) }} || '.'
                || coalesce(
                    ' Over all ' || cast(levels_compared.areas_ranked as varchar) || ' areas of the level, up to '
                    || cast(published_figures.period_end_year as varchar) || ', a rank interval covers '
                    || {{ fixed_decimals('levels_compared.mean_places_year', 0) }} || ' places on average by single year and '
                    || {{ fixed_decimals('levels_compared.mean_places_window', 0) }} || ' by three years, and '
                    || cast(levels_compared.areas_apart_year as varchar) || ' areas can be told from England by single year, '
                    || cast(levels_compared.areas_apart_window as varchar) || ' by three years.',
                    ''
                )
        end as finding,
        'select avg((windows.upper_95 - windows.lower_95) / (years.upper_95 - years.lower_95)) as recomputed_value, count(*) as pairs '
        || 'from marts.fct_rolling_rates as windows inner join marts.fct_rates as years on windows.area_code = years.area_code '
        || 'and windows.measure = years.measure and windows.basis = years.basis '
        || 'and years.period_start_year between windows.period_start_year and windows.period_end_year '
        || 'where windows.area_code = ''' || published_figures.area_codes || ''' and windows.measure = ''' || published_figures.measure
        || ''' and windows.basis = ''' || published_figures.basis || ''' and windows.status = ''ok'' and years.status = ''ok'' '
        || 'and windows.years_in_period = {{ window_years }} and windows.period_start_year >= '
        || cast(published_figures.period_start_year as varchar) || ' and windows.period_end_year <= '
        || cast(published_figures.period_end_year as varchar) as evidence,
        false as rests_on_supplied_figures
    from published_figures
    left join widths_compared on published_figures.claim_code = widths_compared.claim_code
    left join levels_compared on published_figures.claim_code = levels_compared.claim_code

)

select * from claims_judged
