with published_figures as (

    select * from {{ ref('stg_published__published_figures') }}
    where statistic = 'decreasing_trend'

),

trends as (

    select * from {{ ref('fct_trends') }}

),

-- Only a trend within the period stated, over at least half of its years, speaks to the statement.
trends_compared as (

    select
        published_figures.*,
        trends.trend_first_year,
        trends.trend_years,
        trends.trend_deaths,
        trends.annual_percent_change,
        trends.trend_p_value,
        published_figures.period_end_year - published_figures.period_start_year + 1 as years_stated,
        trends.trend_p_value is not null
        and trends.trend_first_year >= published_figures.period_start_year
        and 2 * trends.trend_years >= published_figures.period_end_year - published_figures.period_start_year + 1 as is_covering
    from published_figures
    left join trends
        on published_figures.area_codes = trends.area_code
        and published_figures.measure = trends.measure
        and published_figures.basis = trends.basis
        and cast(published_figures.period_end_year as varchar) = trends.last_period

),

claims_judged as (

    select
        claim_code,
        annual_percent_change as recomputed_value,
        cast(trend_deaths as bigint) as numerator,
        cast(null as bigint) as denominator,
        measure,
        basis,
        case when is_covering then {{ judged_verdict('(annual_percent_change < 0)', 'trend_p_value') }} else 'not_checkable' end as verdict,
        case when is_covering then {{ judged_certainty('trend_p_value') }} else 'unknown' end as certainty,
        case
            when trend_p_value is null then 'No series of years of the area is at hand.'
            else
                'Of the ' || cast(years_stated as varchar) || ' years ' || cast(trend_years as varchar) || ' are at hand, from '
                || cast(trend_first_year as varchar) || ' to ' || cast(period_end_year as varchar)
                || case when is_covering then '' else ': too few to judge the whole time by' end
                || '. Over those years the rate changed by ' || {{ fixed_decimals('annual_percent_change', 1) }}
                || ' % a year; a trend at least as strong, up or down, would come by chance alone '
                || {{ chance_in_words('trend_p_value') }} || '.'
        end as finding,
        'select annual_percent_change as recomputed_value, trend_first_year, trend_years, trend_p_value, recent_trend '
        || 'from marts.fct_trends where area_code = ''' || area_codes || ''' and measure = ''' || measure || ''' and basis = ''' || basis
        || ''' and last_period = ''' || cast(period_end_year as varchar) || '''' as evidence,
        false as rests_on_supplied_figures
    from trends_compared

)

select * from claims_judged
