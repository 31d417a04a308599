{%- set deciles = 10 -%}
with single_year_rates as (

    select * from {{ ref('fct_rates') }}
    where substr(area_code, 1, 14) = 'E92000001_IMD_'

),

pooled_rates as (

    select * from {{ ref('fct_rolling_rates') }}
    where substr(area_code, 1, 14) = 'E92000001_IMD_' and years_in_period = {{ var('default_window_years') }}

),

decile_rates as (

    select
        period,
        period_start_year,
        period_end_year,
        years_in_period,
        measure,
        basis,
        cast(substr(area_code, 15, 2) as integer) as decile,
        status,
        numerator,
        denominator,
        rate_per_1000
    from single_year_rates
    union all
    select
        period,
        period_start_year,
        period_end_year,
        years_in_period,
        measure,
        basis,
        cast(substr(area_code, 15, 2) as integer) as decile,
        status,
        numerator,
        denominator,
        rate_per_1000
    from pooled_rates

),

-- Births are laid out from the least deprived (0) to the most deprived (1); a decile stands at the middle of its share.
deciles_placed as (

    select
        *,
        cast(denominator as {{ double_type() }}) / cast(sum(denominator) over whole_population as {{ double_type() }}) as share_of_births,
        (
            cast(sum(denominator) over from_least_deprived as {{ double_type() }}) - cast(denominator as {{ double_type() }}) / 2e0
        ) / cast(sum(denominator) over whole_population as {{ double_type() }}) as mid_rank,
        -- The variance of a Poisson rate.
        1000e0 * 1000e0 * numerator / (cast(denominator as {{ double_type() }}) * denominator) as rate_variance
    from decile_rates
    where status = 'ok'
    window
        whole_population as (partition by period, measure, basis),
        from_least_deprived as (
            partition by period, measure, basis
            order by decile desc nulls last
            rows between unbounded preceding and current row
        )

),

-- The births-weighted mean of the mid-ranks is a half exactly.
deciles_summed as (

    select
        period,
        measure,
        basis,
        count(*) as deciles_present,
        sum(numerator) as deaths,
        sum(denominator) as births,
        sum(share_of_births * rate_per_1000) as mean_rate,
        sum(share_of_births * power(mid_rank - 0.5e0, 2)) as spread,
        sum(share_of_births * (mid_rank - 0.5e0) * rate_per_1000) as covariance,
        sum(power(share_of_births * (mid_rank - 0.5e0), 2) * rate_variance) as covariance_variance,
        max(case when decile = 1 then numerator end) as deaths_most_deprived,
        max(case when decile = {{ deciles }} then numerator end) as deaths_least_deprived,
        max(case when decile = 1 then rate_per_1000 end) as rate_most_deprived,
        max(case when decile = {{ deciles }} then rate_per_1000 end) as rate_least_deprived
    from deciles_placed
    group by period, measure, basis

),

slopes as (

    select
        *,
        covariance / spread as slope,
        sqrt(covariance_variance) / spread as slope_standard_error,
        mean_rate - covariance / spread / 2e0 as rate_at_least_deprived_end,
        mean_rate + covariance / spread / 2e0 as rate_at_most_deprived_end,
        case
            when deaths_most_deprived > 0 and deaths_least_deprived > 0
                then sqrt(1e0 / deaths_most_deprived + 1e0 / deaths_least_deprived)
        end as log_ratio_standard_error
    from deciles_summed
    where deciles_present = {{ deciles }}

),

periods as (

    select
        period,
        period_start_year,
        period_end_year,
        years_in_period,
        measure,
        basis,
        -- The index that ONS used for the first and the last year (child mortality tables of 2022, note 35).
        case when period_start_year <= 2010 then '2010' when period_start_year <= 2015 then '2015' else '2019' end as first_index,
        case when period_end_year <= 2010 then '2010' when period_end_year <= 2015 then '2015' else '2019' end as last_index,
        sum(case when status = 'ok' then 1 else 0 end) as deciles_present
    from decile_rates
    group by period, period_start_year, period_end_year, years_in_period, measure, basis

),

gradient as (

    select
        periods.period,
        periods.period_start_year,
        periods.period_end_year,
        periods.years_in_period,
        periods.measure,
        periods.basis,
        case
            when periods.first_index = periods.last_index then periods.first_index
            else periods.first_index || ' and ' || periods.last_index
        end as deprivation_index,
        cast(periods.deciles_present as integer) as deciles_present,
        cast(slopes.deaths as bigint) as deaths,
        cast(slopes.births as bigint) as births,
        slopes.rate_most_deprived as rate_most_deprived_per_1000,
        slopes.rate_least_deprived as rate_least_deprived_per_1000,
        slopes.rate_most_deprived / nullif(slopes.rate_least_deprived, 0e0) as worst_best_ratio,
        slopes.rate_most_deprived / nullif(slopes.rate_least_deprived, 0e0)
        * exp(-{{ standard_normal_quantile('95') }} * slopes.log_ratio_standard_error) as worst_best_ratio_lower_95,
        slopes.rate_most_deprived / nullif(slopes.rate_least_deprived, 0e0)
        * exp({{ standard_normal_quantile('95') }} * slopes.log_ratio_standard_error) as worst_best_ratio_upper_95,
        slopes.slope as slope_index,
        slopes.slope - {{ standard_normal_quantile('95') }} * slopes.slope_standard_error as slope_index_lower_95,
        slopes.slope + {{ standard_normal_quantile('95') }} * slopes.slope_standard_error as slope_index_upper_95,
        case
            when slopes.rate_at_least_deprived_end > 0e0 and slopes.rate_at_most_deprived_end >= 0e0
                then slopes.rate_at_most_deprived_end / slopes.rate_at_least_deprived_end
        end as relative_index,
        slopes.slope / nullif(slopes.mean_rate, 0e0) as slope_index_over_mean,
        case
            when periods.deciles_present < {{ deciles }}
                then 'only_' || cast(periods.deciles_present as varchar) || '_of_{{ deciles }}_deciles'
            when slopes.deaths = 0 then 'no_deaths'
            when slopes.rate_least_deprived = 0e0 then 'no_deaths_in_least_deprived_decile'
            when slopes.rate_at_least_deprived_end <= 0e0 or slopes.rate_at_most_deprived_end < 0e0 then 'line_falls_below_zero'
        end as reason
    from periods
    left join slopes
        on periods.period = slopes.period
        and periods.measure = slopes.measure
        and periods.basis = slopes.basis

)

select * from gradient
