{%- set window_years = 3 -%}
with published_figures as (

    select * from {{ ref('stg_published__published_figures') }}
    where statistic = 'rolling_rates_per_1000'

),

yearly_rates as (

    select * from {{ ref('fct_rates') }}
    where status = 'ok'

),

rolling_rates as (

    select * from {{ ref('fct_rolling_rates') }}
    where status = 'ok' and years_in_period = {{ window_years }}

),

years_pooled as (

    select
        published_figures.claim_code,
        published_figures.basis,
        count(*) as years_at_hand,
        min(yearly_rates.period_start_year) as first_year_at_hand,
        cast(sum(yearly_rates.numerator) as bigint) as numerator,
        cast(sum(yearly_rates.denominator) as bigint) as denominator,
        {{ any_count_supplied('yearly_rates') }} = 1 as rests_on_supplied_figures
    from published_figures
    inner join yearly_rates
        on published_figures.area_codes = yearly_rates.area_code
        and published_figures.measure = yearly_rates.measure
        and published_figures.basis = yearly_rates.basis
        and yearly_rates.period_start_year between published_figures.period_start_year and published_figures.period_end_year
    group by published_figures.claim_code, published_figures.basis

),

windows_compared as (

    select
        published_figures.claim_code,
        rolling_rates.period,
        rolling_rates.rate_per_1000,
        row_number() over (
            partition by published_figures.claim_code
            order by rolling_rates.period_start_year asc nulls last
        ) as place,
        {{ quotient_rounded_to_units('(1000 * rolling_rates.numerator)', 'rolling_rates.denominator', 'published_figures.decimals') }}
        = published_figures.published_units as is_fit
    from published_figures
    inner join rolling_rates
        on published_figures.area_codes = rolling_rates.area_code
        and published_figures.measure = rolling_rates.measure
        and published_figures.basis = rolling_rates.basis
        and published_figures.period_start_year <= rolling_rates.period_start_year
        and published_figures.period_end_year >= rolling_rates.period_end_year

),

windows_counted as (

    select
        claim_code,
        count(*) as windows,
        sum(case when is_fit then 1 else 0 end) as windows_fitting,
        {{ joined_sentences("period || ' ' || " ~ fixed_decimals('rate_per_1000', 2) ~ " || ';'", 'place', 20) }} as windows_listed
    from windows_compared
    group by claim_code

),

claims_judged as (

    select
        published_figures.claim_code,
        {{ rate_per_1000('years_pooled.numerator', 'years_pooled.denominator') }} as recomputed_value,
        years_pooled.numerator,
        years_pooled.denominator,
        published_figures.measure,
        published_figures.basis,
        case
            when windows_counted.windows is null
                or 2 * years_pooled.years_at_hand < published_figures.period_end_year - published_figures.period_start_year + 1
                then 'not_checkable'
            when windows_counted.windows_fitting < windows_counted.windows then 'contradicted'
            when years_pooled.years_at_hand = published_figures.period_end_year - published_figures.period_start_year + 1 then 'reproduced'
            else 'consistent'
        end as verdict,
        case when windows_counted.windows is null then 'unknown' else 'exact' end as certainty,
        case
            when windows_counted.windows is null then 'No three-year rate of the area in these years is at hand.'
            else
                'Three-year rates at hand: ' || windows_counted.windows_listed || ' '
                || cast(windows_counted.windows_fitting as varchar) || ' of ' || cast(windows_counted.windows as varchar)
                || ' round to the printed figure. All years together: ' || {{ with_thousands_commas('years_pooled.numerator') }} || ' of '
                || {{ with_thousands_commas('years_pooled.denominator') }} || ', which is '
                || {{ fixed_decimals(rate_per_1000('years_pooled.numerator', 'years_pooled.denominator'), 3) }} || '. '
                || cast(years_pooled.years_at_hand as varchar) || ' of the '
                || cast(published_figures.period_end_year - published_figures.period_start_year + 1 as varchar)
                || ' years are at hand, from ' || cast(years_pooled.first_year_at_hand as varchar) || ' on.'
        end as finding,
        {{ claim_counts_query(
            "'sum(numerator) as numerator, sum(denominator) as denominator, 1000.0 * sum(numerator) / nullif(sum(denominator), 0) as recomputed_value'",
            'published_figures.area_codes', 'published_figures.measure', 'published_figures.basis',
            'published_figures.period_start_year', 'published_figures.period_end_year'
        ) }} as evidence,
        coalesce(years_pooled.rests_on_supplied_figures, false) as rests_on_supplied_figures
    from published_figures
    left join years_pooled on published_figures.claim_code = years_pooled.claim_code
    left join windows_counted on published_figures.claim_code = windows_counted.claim_code

)

select * from claims_judged
