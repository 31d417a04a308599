with published_figures as (

    select * from {{ ref('stg_published__published_figures') }}
    where statistic = 'unusually_high_year'

),

rates as (

    select * from {{ ref('fct_rates') }}
    where status = 'ok'

),

england_comparisons as (

    select * from {{ ref('fct_rankings') }}

),

rankings as (

    select * from {{ ref('fct_rankings') }}

),

whole_numbers as (

    select * from {{ ref('int_whole_numbers_generated') }}

),

years_added_up as (

    select
        published_figures.claim_code,
        count(*) as years_at_hand,
        min(rates.period_start_year) as first_year,
        max(rates.period_start_year) as last_year,
        cast(max(case when rates.period = published_figures.period then rates.numerator end) as bigint) as year_deaths,
        cast(max(case when rates.period = published_figures.period then rates.denominator end) as bigint) as year_births,
        cast(sum(rates.numerator) as bigint) as all_deaths,
        cast(sum(rates.denominator) as bigint) as all_births,
        max(rates.rate_per_1000) as highest_rate,
        max(case when rates.period = published_figures.period then rates.rate_per_1000 end) as year_rate,
        {{ any_count_supplied('rates') }} = 1 as rests_on_supplied_figures
    from published_figures
    inner join rates
        on published_figures.area_codes = rates.area_code
        and published_figures.measure = rates.measure
        and published_figures.basis = rates.basis
        and rates.period_start_year between published_figures.comparison_start_year and published_figures.comparison_end_year
    group by published_figures.claim_code

),

years_compared as (

    select
        *,
        {{ rate_per_1000('(all_deaths - year_deaths)', '(all_births - year_births)') }} as other_years_rate,
        cast(year_deaths as double precision) as event_count,
        cast(all_deaths as double precision) as event_total,
        cast(year_births as double precision) / cast(all_births as double precision) as event_share
    from years_added_up
    where year_deaths is not null and all_births > year_births

),

tails as (

    {{ observed_side_tails('years_compared', ['claim_code'], 'whole_numbers') | indent(4) }}

),

-- The year was picked because it stands out: the chance is that of any of the years doing so, at most the sum over them.
years_tested as (

    select
        years_compared.*,
        tails.tail_probability as one_year_probability,
        case
            when tails.tail_probability is not null then least(1e0, years_compared.years_at_hand * tails.tail_probability)
        end as probability
    from years_compared
    left join tails on years_compared.claim_code = tails.claim_code

),

claims_judged as (

    select
        published_figures.claim_code,
        years_tested.year_rate / nullif(years_tested.other_years_rate, 0) as recomputed_value,
        years_tested.year_deaths as numerator,
        years_tested.year_births as denominator,
        published_figures.measure,
        published_figures.basis,
        {{ judged_verdict('(years_tested.year_rate > years_tested.other_years_rate)', 'years_tested.probability') }} as verdict,
        {{ judged_certainty('years_tested.probability') }} as certainty,
        case
            when years_tested.probability is null then 'The year, or the years to compare it with, are not at hand.'
            else
                published_figures.period || ': ' || {{ with_thousands_commas('years_tested.year_deaths') }} || ' of '
                || {{ with_thousands_commas('years_tested.year_births') }} || ', which is '
                || {{ fixed_decimals('years_tested.year_rate', 2) }}
                || ' per 1,000, '
                || case when years_tested.year_rate = years_tested.highest_rate then 'the highest' else 'not the highest' end
                || ' of the ' || cast(years_tested.years_at_hand as varchar) || ' years from '
                || cast(years_tested.first_year as varchar) || ' to '
                || cast(years_tested.last_year as varchar) || '; the other years together gave '
                || {{ fixed_decimals('years_tested.other_years_rate', 2) }} || '. Chance alone would put a given year so far out '
                || {{ chance_in_words('years_tested.one_year_probability') }} || ', and one or another of '
                || cast(years_tested.years_at_hand as varchar) || ' years at most '
                || {{ chance_in_words('years_tested.probability') }} || '.'
                || coalesce(
                    ' Against the rest of England in ' || published_figures.period || ' ('
                    || {{ fixed_decimals('england_comparisons.rest_of_benchmark_rate_per_1000', 2) }}
                    || ' per 1,000) an area with the same risk would stand so far out '
                    || {{ chance_in_words('england_comparisons.exact_p_value') }}
                    || '; allowing for all ' || cast(rankings.areas_ranked as varchar) || ' areas compared, '
                    || case england_comparisons.verdict
                        when 'similar' then 'it cannot be told from the rest of England.'
                        else 'it is ' || england_comparisons.verdict || ' than the rest of England.'
                    end,
                    ''
                )
        end as finding,
        'select picked.rate / others.rate as recomputed_value, picked.rate as rate_per_1000, '
        || 'others.rate as other_years_rate_per_1000 from ('
        || {{ claim_counts_query(
            "'1000.0 * sum(numerator) / sum(denominator) as rate'", 'published_figures.area_codes', 'published_figures.measure',
            'published_figures.basis', 'published_figures.period_start_year', 'published_figures.period_end_year'
        ) }}
        || ') as picked cross join ('
        || {{ claim_counts_query(
            "'1000.0 * sum(numerator) / sum(denominator) as rate'", 'published_figures.area_codes', 'published_figures.measure',
            'published_figures.basis', 'published_figures.comparison_start_year', 'published_figures.comparison_end_year'
        ) }}
        || ' and period_start_year <> ' || published_figures.period || ') as others' as evidence,
        coalesce(years_tested.rests_on_supplied_figures, false) as rests_on_supplied_figures
    from published_figures
    left join years_tested on published_figures.claim_code = years_tested.claim_code
    left join england_comparisons
        on published_figures.area_codes = england_comparisons.area_code
        and published_figures.measure = england_comparisons.measure
        and published_figures.basis = england_comparisons.basis
        and published_figures.period = england_comparisons.period
        and published_figures.ranking_level = england_comparisons.ranking_level
    left join rankings
        on published_figures.area_codes = rankings.area_code
        and published_figures.measure = rankings.measure
        and published_figures.basis = rankings.basis
        and published_figures.period = rankings.period
        and published_figures.ranking_level = rankings.ranking_level

)

select * from claims_judged
