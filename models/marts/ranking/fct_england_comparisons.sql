{% set england = "'E92000001'" %}

with rates as (

    select * from {{ ref('int_rates_ranked') }}

),

england_rates as (

    select * from {{ ref('int_rates_calculated') }}
    where area_code = {{ england }} and status = 'ok'

),

rates_beside_england as (

    select
        rates.rate_number,
        rates.ranking_number,
        rates.event_count,
        rates.births,
        cast(england_rates.numerator as {{ double_type() }}) as total_count,
        cast(england_rates.denominator as {{ double_type() }}) as total_births,
        england_rates.rate_per_1000 as england_rate_per_1000,
        rates.births / england_rates.denominator as births_share
    from rates
    inner join england_rates
        on rates.period = england_rates.period
        and rates.measure = england_rates.measure
        and rates.basis = england_rates.basis
    -- A part cannot hold more than the whole; where the figures say so, the whole is another one.
    where
        rates.is_ranked
        and rates.numerator <= england_rates.numerator
        and rates.denominator < england_rates.denominator

),

tails_worked_out as (

    {{ two_sided_tails('rates_beside_england') }}

),

areas_tested as (

    select
        rate_number,
        ranking_number,
        england_rate_per_1000,
        1000 * (total_count - event_count) / (total_births - births) as rest_of_england_rate_per_1000,
        is_at_or_above_mean,
        {{ doubled_p_value('far_tail') }} as exact_p_value
    from tails_worked_out

),

p_values_ordered as (

    select
        *,
        count(*) over (partition by ranking_number) as areas_tested,
        row_number() over (partition by ranking_number order by exact_p_value nulls last, rate_number) as place
    from areas_tested

),

p_values_adjusted as (

    select
        *,
        least(1e0, min(exact_p_value * (cast(areas_tested as {{ double_type() }}) / place)) over (
            partition by ranking_number order by place desc nulls last rows between unbounded preceding and current row
        )) as fdr_q_value,
        least(1e0, max(exact_p_value * (areas_tested - place + 1)) over (
            partition by ranking_number order by place nulls last rows between unbounded preceding and current row
        )) as holm_p_value
    from p_values_ordered

),

comparisons as (

    select
        rates.area_code,
        rates.period,
        rates.period_start_year,
        rates.period_end_year,
        rates.years_in_period,
        rates.measure,
        rates.basis,
        rates.ranking_level,
        rates.rate_per_1000,
        p_values_adjusted.england_rate_per_1000,
        p_values_adjusted.rest_of_england_rate_per_1000,
        case
            when p_values_adjusted.england_rate_per_1000 is null then cast(null as varchar)
            when rates.upper_95 < p_values_adjusted.england_rate_per_1000 then 'lower'
            when rates.lower_95 > p_values_adjusted.england_rate_per_1000 then 'higher'
            else 'similar'
        end as verdict_interval,
        case
            when p_values_adjusted.england_rate_per_1000 is null then cast(null as varchar)
            when rates.upper_99_8 < p_values_adjusted.england_rate_per_1000 then 'lower_99_8'
            when rates.upper_95 < p_values_adjusted.england_rate_per_1000 then 'lower_95'
            when rates.lower_99_8 > p_values_adjusted.england_rate_per_1000 then 'higher_99_8'
            when rates.lower_95 > p_values_adjusted.england_rate_per_1000 then 'higher_95'
            else 'similar'
        end as verdict_two_level,
        p_values_adjusted.exact_p_value,
        p_values_adjusted.fdr_q_value,
        p_values_adjusted.holm_p_value,
        case
            when p_values_adjusted.fdr_q_value is null then cast(null as varchar)
            when p_values_adjusted.fdr_q_value > 0.05 then 'similar'
            when p_values_adjusted.is_at_or_above_mean then 'higher'
            else 'lower'
        end as verdict,
        p_values_adjusted.areas_tested as areas_compared,
        case
            when rates.status <> 'ok' then 'The area has no rate: ' || rates.status || '.'
            when p_values_adjusted.rate_number is null then 'No rate for England that contains the area''s figures.'
        end as reason
    from rates
    left join p_values_adjusted on rates.rate_number = p_values_adjusted.rate_number

)

select * from comparisons
