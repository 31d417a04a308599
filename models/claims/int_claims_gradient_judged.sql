with published_figures as (

    select * from {{ ref('stg_published__published_figures') }}
    where statistic = 'highest_in_most_deprived_decile'

),

rates as (

    select * from {{ ref('fct_rates') }}
    where status = 'ok' and area_code like '%_IMD_%'

),

gradients as (

    select * from {{ ref('fct_deprivation_gradient') }}
    where years_in_period = 1

),

whole_numbers as (

    select * from {{ ref('int_whole_numbers_generated') }}

),

decile_years as (

    select
        published_figures.claim_code,
        rates.period_start_year,
        rates.area_code,
        substr(rates.area_code, length(rates.area_code) - 1, 2) = '01' as is_most_deprived,
        substr(rates.area_code, length(rates.area_code) - 1, 2) = '10' as is_least_deprived,
        rates.numerator,
        rates.denominator,
        rates.rate_per_1000,
        max(rates.rate_per_1000) over (partition by published_figures.claim_code, rates.period_start_year) as highest_rate
    from published_figures
    inner join rates
        on rates.area_code like published_figures.area_codes || '_IMD_%'
        and published_figures.measure = rates.measure
        and published_figures.basis = rates.basis
        and rates.period_start_year between published_figures.period_start_year and published_figures.period_end_year

),

deciles_pooled as (

    select
        claim_code,
        count(distinct period_start_year) as years_at_hand,
        sum(case when is_most_deprived and rate_per_1000 = highest_rate then 1 else 0 end) as years_highest,
        cast(sum(case when is_most_deprived then numerator end) as bigint) as most_deprived_deaths,
        cast(sum(case when is_most_deprived then denominator end) as bigint) as most_deprived_births,
        cast(sum(case when is_least_deprived then numerator end) as bigint) as least_deprived_deaths,
        cast(sum(case when is_least_deprived then denominator end) as bigint) as least_deprived_births,
        cast(sum(numerator) as bigint) as all_deaths,
        cast(sum(denominator) as bigint) as all_births
    from decile_years
    group by claim_code

),

slopes_counted as (

    select
        published_figures.claim_code,
        sum(case when gradients.slope_index_lower_95 > 0 then 1 else 0 end) as years_rising
    from published_figures
    inner join gradients
        on published_figures.measure = gradients.measure
        and published_figures.basis = gradients.basis
        and gradients.period_start_year between published_figures.period_start_year and published_figures.period_end_year
    group by published_figures.claim_code

),

deciles_compared as (

    select
        *,
        {{ rate_per_1000('most_deprived_deaths', 'most_deprived_births') }} as most_deprived_rate,
        {{ rate_per_1000('least_deprived_deaths', 'least_deprived_births') }} as least_deprived_rate,
        cast(most_deprived_deaths as double precision) as event_count,
        cast(all_deaths as double precision) as event_total,
        cast(most_deprived_births as double precision) / cast(all_births as double precision) as event_share
    from deciles_pooled

),

tails as (

    {{ observed_side_tails('deciles_compared', ['claim_code'], 'whole_numbers') | indent(4) }}

),

deciles_tested as (

    select
        deciles_compared.*,
        2 * deciles_compared.years_highest > deciles_compared.years_at_hand
        and deciles_compared.event_count > deciles_compared.event_total * deciles_compared.event_share as is_highest_mostly,
        tails.tail_probability as probability
    from deciles_compared
    left join tails on deciles_compared.claim_code = tails.claim_code

),

claims_judged as (

    select
        published_figures.claim_code,
        deciles_tested.most_deprived_rate / nullif(deciles_tested.least_deprived_rate, 0) as recomputed_value,
        deciles_tested.most_deprived_deaths as numerator,
        deciles_tested.most_deprived_births as denominator,
        published_figures.measure,
        published_figures.basis,
        {{ judged_verdict(
            'deciles_tested.is_highest_mostly', 'deciles_tested.probability'
        ) }} as verdict,
        {{ judged_certainty('deciles_tested.probability') }} as certainty,
        case
            when deciles_tested.probability is null then 'No counts by tenth of deprivation are at hand for these years.'
            else
                'The most deprived tenth of small areas had the highest rate of the ten in '
                || cast(deciles_tested.years_highest as varchar)
                || ' of ' || cast(deciles_tested.years_at_hand as varchar) || ' years, '
                || {{ fixed_decimals('deciles_tested.most_deprived_rate', 2) }}
                || ' per 1,000 over the whole time against ' || {{ fixed_decimals('deciles_tested.least_deprived_rate', 2) }}
                || ' in the least deprived, '
                || {{ fixed_decimals('deciles_tested.most_deprived_rate / deciles_tested.least_deprived_rate', 2) }}
                || ' times as high. The slope across all ten was upward, beyond its 95 % interval, in '
                || cast(coalesce(slopes_counted.years_rising, 0) as varchar)
                || ' of the years. If all tenths had the same risk, so many deaths in one of them would come by chance alone '
                || {{ chance_in_words('deciles_tested.probability') }} || '.'
        end as finding,
        'select most.rate / least.rate as recomputed_value, most.rate as most_deprived_rate, least.rate as least_deprived_rate from ('
        || {{ claim_counts_query(
            "'1000.0 * sum(numerator) / sum(denominator) as rate'", "published_figures.area_codes || '_IMD_01'",
            'published_figures.measure', 'published_figures.basis', 'published_figures.period_start_year', 'published_figures.period_end_year'
        ) }}
        || ') as most cross join ('
        || {{ claim_counts_query(
            "'1000.0 * sum(numerator) / sum(denominator) as rate'", "published_figures.area_codes || '_IMD_10'",
            'published_figures.measure', 'published_figures.basis', 'published_figures.period_start_year', 'published_figures.period_end_year'
        ) }}
        || ') as least' as evidence,
        false as rests_on_supplied_figures
    from published_figures
    left join deciles_tested on published_figures.claim_code = deciles_tested.claim_code
    left join slopes_counted on published_figures.claim_code = slopes_counted.claim_code

)

select * from claims_judged
