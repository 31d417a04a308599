with readings as (

    select * from {{ ref('int_claim_readings_compared') }}

),

areas_named as (

    select * from {{ ref('int_claim_areas_named') }}

),

readings_worded as (

    select
        readings.*,
        case when is_fit then ' (fits)' else ' (does not fit)' end as fit_in_words,
        'By year of ' || basis || ', ' as basis_in_words
    from readings

),

readings_in_sentences as (

    select
        *,
        case
            when recomputed_value is null and is_from_rounded then null
            when recomputed_value is null
                then basis_in_words
                    || case statistic
                        when 'numerator' then deaths_in_words
                        when 'denominator' then births_in_words
                        else deaths_in_words || ' per 1,000 ' || births_in_words
                    end
                    || ': not at hand.'
            when statistic = 'rate_per_1000'
                then basis_in_words || deaths_in_words || ' per 1,000 ' || births_in_words || ': '
                    || {{ with_thousands_commas('numerator') }} || ' of ' || {{ with_thousands_commas('denominator') }}
                    || ', which is ' || {{ fixed_decimals('recomputed_value', 3) }} || fit_in_words || '.'
            when statistic = 'numerator'
                then basis_in_words || deaths_in_words || ': ' || {{ with_thousands_commas('numerator') }} || fit_in_words || '.'
            when statistic = 'denominator'
                then basis_in_words || births_in_words || ': ' || {{ with_thousands_commas('denominator') }} || fit_in_words || '.'
            when is_from_rounded
                then 'Between the same rates rounded to one place ('
                    || {{ fixed_decimals(rounded_rate('comparison_numerator', 'comparison_denominator'), 1) }} || ' to '
                    || {{ fixed_decimals(rounded_rate('numerator', 'denominator'), 1) }} || '): '
                    || {{ fixed_decimals('recomputed_value', 2) }} || ' %' || fit_in_words || '.'
            else
                basis_in_words || deaths_in_words || ' per 1,000 ' || births_in_words || ': '
                || {{ with_thousands_commas('comparison_numerator') }} || ' of ' || {{ with_thousands_commas('comparison_denominator') }}
                || ' (' || {{ fixed_decimals(rate_per_1000('comparison_numerator', 'comparison_denominator'), 3) }} || '), then '
                || {{ with_thousands_commas('numerator') }} || ' of ' || {{ with_thousands_commas('denominator') }}
                || ' (' || {{ fixed_decimals(rate_per_1000('numerator', 'denominator'), 3) }} || '), a change of '
                || {{ fixed_decimals('recomputed_value', 2) }} || ' %' || fit_in_words || '.'
        end as sentence
    from readings_worded

),

readings_in_order_of_use as (

    select
        *,
        row_number() over (
            partition by claim_code
            order by
                case when is_fit then 1 when recomputed_value is not null then 2 else 3 end asc nulls last,
                reading asc nulls last
        ) as order_of_use
    from readings_in_sentences

),

claims_summarised as (

    select
        claim_code,
        max(area_codes) as area_codes,
        max(statistic) as statistic,
        max(period_start_year) as period_start_year,
        max(period_end_year) as period_end_year,
        max(comparison_start_year) as comparison_start_year,
        max(comparison_end_year) as comparison_end_year,
        max(case when is_fit then 1 else 0 end) = 1 as is_any_fit,
        max(case when is_fit and is_as_worded then 1 else 0 end) = 1 as is_worded_fit,
        sum(case when recomputed_value is not null then 1 else 0 end) as readings_computed,
        sum(case when is_first_measure and recomputed_value is null then 1 else 0 end) as first_readings_absent,
        max(case when order_of_use = 1 then recomputed_value end) as recomputed_value,
        max(case when order_of_use = 1 then numerator end) as numerator,
        max(case when order_of_use = 1 then denominator end) as denominator,
        max(case when order_of_use = 1 then measure end) as measure,
        max(case when order_of_use = 1 then basis end) as basis,
        max(case when order_of_use = 1 and is_from_rounded then 1 else 0 end) = 1 as is_from_rounded,
        max(case when order_of_use = 1 and rests_on_supplied_figures then 1 else 0 end) = 1 as rests_on_supplied_figures,
        {{ joined_sentences('sentence', 'reading') }} as sentences
    from readings_in_order_of_use
    group by claim_code

),

claims_judged as (

    select
        claims_summarised.claim_code,
        claims_summarised.recomputed_value,
        claims_summarised.numerator,
        claims_summarised.denominator,
        claims_summarised.measure,
        claims_summarised.basis,
        case
            when claims_summarised.is_any_fit then 'reproduced'
            when claims_summarised.first_readings_absent > 0 then 'not_checkable'
            else 'contradicted'
        end as verdict,
        case
            when claims_summarised.is_any_fit or claims_summarised.first_readings_absent = 0 then 'exact'
            else 'unknown'
        end as certainty,
        case when claims_summarised.is_any_fit then claims_summarised.is_worded_fit end as is_as_worded,
        case
            when claims_summarised.readings_computed = 0
                then 'The counts of births and deaths of ' || areas_named.area_names || ' are not at hand'
                    || case when claims_summarised.comparison_start_year is null then '' else ' for both periods' end
                    || ', so the figure cannot be recomputed.'
            else claims_summarised.sentences
        end as finding,
        case
            when claims_summarised.statistic = 'rate_per_1000'
                then {{ claim_counts_query(
                    "'sum(numerator) as numerator, sum(denominator) as denominator, 1000.0 * sum(numerator) / nullif(sum(denominator), 0) as recomputed_value'",
                    'claims_summarised.area_codes', 'claims_summarised.measure', 'claims_summarised.basis',
                    'claims_summarised.period_start_year', 'claims_summarised.period_end_year'
                ) }}
            when claims_summarised.statistic in ('numerator', 'denominator')
                then {{ claim_counts_query(
                    "'sum(' || claims_summarised.statistic || ') as recomputed_value'",
                    'claims_summarised.area_codes', 'claims_summarised.measure', 'claims_summarised.basis',
                    'claims_summarised.period_start_year', 'claims_summarised.period_end_year'
                ) }}
            else
                'select 100.0 * (later.rate / earlier.rate - 1) as recomputed_value, later.rate as rate_per_1000, '
                || 'earlier.rate as comparison_rate_per_1000 from ('
                || {{ claim_counts_query(
                    "case when claims_summarised.is_from_rounded then 'round(1000.0 * sum(numerator) / sum(denominator), 1) as rate'"
                    ~ " else '1000.0 * sum(numerator) / sum(denominator) as rate' end",
                    'claims_summarised.area_codes', 'claims_summarised.measure', 'claims_summarised.basis',
                    'claims_summarised.period_start_year', 'claims_summarised.period_end_year'
                ) }}
                || ') as later cross join ('
                || {{ claim_counts_query(
                    "case when claims_summarised.is_from_rounded then 'round(1000.0 * sum(numerator) / sum(denominator), 1) as rate'"
                    ~ " else '1000.0 * sum(numerator) / sum(denominator) as rate' end",
                    'claims_summarised.area_codes', 'claims_summarised.measure', 'claims_summarised.basis',
                    'claims_summarised.comparison_start_year', 'claims_summarised.comparison_end_year'
                ) }}
                || ') as earlier'
        end as evidence,
        claims_summarised.rests_on_supplied_figures
    from claims_summarised
    inner join areas_named on claims_summarised.claim_code = areas_named.claim_code

)

select * from claims_judged
