with published_figures as (

    select * from {{ ref('stg_published__published_figures') }}
    where statistic = 'years_above_england'

),

persistence as (

    select * from {{ ref('fct_persistence') }}

),

-- The chance of so many years above or more; where most years lie below, whether the pooled ratio is certainly below 1.
persistence_compared as (

    select
        published_figures.*,
        persistence.first_year,
        persistence.last_year,
        persistence.years_present,
        persistence.years_above_benchmark as years_above_england,
        persistence.chance_probability,
        persistence.observed_deaths as deaths,
        persistence.expected_deaths,
        persistence.observed_over_expected as smr,
        persistence.observed_over_expected_lower_99_8 as smr_lower_99_8,
        persistence.observed_over_expected_upper_99_8 as smr_upper_99_8,
        2 * persistence.years_above_benchmark > persistence.years_present as is_agreeing,
        case
            when 2 * persistence.years_above_benchmark > persistence.years_present then persistence.chance_probability
            when persistence.observed_over_expected_upper_99_8 < 1 then 0.002e0
            when persistence.years_present is not null then 1e0
        end as probability
    from published_figures
    left join persistence
        on published_figures.area_codes = persistence.area_code
        and published_figures.measure = persistence.measure
        and published_figures.basis = persistence.basis
        and published_figures.ranking_level = persistence.ranking_level

),

claims_judged as (

    select
        claim_code,
        cast(years_above_england as double precision) as recomputed_value,
        cast(deaths as bigint) as numerator,
        cast(null as bigint) as denominator,
        measure,
        basis,
        {{ judged_verdict('is_agreeing', 'probability') }} as verdict,
        {{ judged_certainty('probability') }} as certainty,
        case
            when probability is null then 'No years of the area are at hand to set against England.'
            else
                'Above England in ' || cast(years_above_england as varchar) || ' of the ' || cast(years_present as varchar)
                || ' years at hand (' || cast(first_year as varchar) || ' to ' || cast(last_year as varchar)
                || '). An area with England''s own risk would be above that often or more by chance alone '
                || {{ chance_in_words('chance_probability') }} || '. All years together: '
                || {{ with_thousands_commas('cast(deaths as bigint)') }}
                || ' deaths where England''s rates would give ' || {{ fixed_decimals('expected_deaths', 1) }} || ', '
                || {{ fixed_decimals('smr', 2) }} || ' times as many (99.8 % interval ' || {{ fixed_decimals('smr_lower_99_8', 2) }}
                || ' to '
                || {{ fixed_decimals('smr_upper_99_8', 2) }} || ').'
        end as finding,
        'select years_above_benchmark as recomputed_value, years_present, chance_probability, observed_over_expected '
        || 'from marts.fct_persistence where area_code = ''' || area_codes || ''' and measure = ''' || measure || ''' and basis = '''
        || basis
        || ''' and ranking_level = ''' || ranking_level || '''' as evidence,
        false as rests_on_supplied_figures
    from persistence_compared

)

select * from claims_judged
