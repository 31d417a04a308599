with rates as (

    select * from {{ ref('int_rates') }}
    where years_in_period in (1, {{ setting('default_window_years') }})

),

deprivation_deciles as (

    select * from {{ ref('deprivation_deciles') }}

),

index_editions as (

    select * from {{ ref('deprivation_index_editions') }}
    where used_for = 'deciles'

),

measures as (

    select * from {{ ref('dim_measure') }}

),

decile_count as (

    select count(*) as deciles from deprivation_deciles

),

decile_rates as (

    select
        rates.period,
        rates.period_start_year,
        rates.period_end_year,
        rates.years_in_period,
        rates.measure,
        rates.basis,
        deprivation_deciles.deprivation_decile,
        rates.status,
        rates.numerator,
        rates.denominator,
        rates.rate_per_1000
    from rates
    inner join deprivation_deciles on rates.area_code = deprivation_deciles.area_code

),

-- Births are laid out from the least deprived (0) to the most deprived (1); a decile stands at the middle of its share.
deciles_placed as (

    select
        *,
        cast(denominator as double precision) / cast(sum(denominator) over whole_population as double precision) as share_of_births,
        (
            cast(sum(denominator) over from_least_deprived as double precision) - cast(denominator as double precision) / 2e0
        ) / cast(sum(denominator) over whole_population as double precision) as mid_rank,
        -- The variance of a Poisson rate.
        1000e0 * 1000e0 * numerator / (cast(denominator as double precision) * denominator) as rate_variance
    from decile_rates
    where status = 'ok'
    window
        whole_population as (partition by period, measure, basis),
        from_least_deprived as (
            partition by period, measure, basis
            order by deprivation_decile desc nulls last
            rows between unbounded preceding and current row
        )

),

-- The births-weighted mean of the mid-ranks is a half exactly.
deciles_summed as (

    select
        period,
        measure,
        basis,
        decile_count.deciles,
        count(*) as deciles_present,
        sum(numerator) as deaths,
        sum(denominator) as births,
        sum(share_of_births * rate_per_1000) as mean_rate,
        sum(share_of_births * power(mid_rank - 0.5e0, 2)) as spread,
        sum(share_of_births * (mid_rank - 0.5e0) * rate_per_1000) as covariance,
        sum(power(share_of_births * (mid_rank - 0.5e0), 2) * rate_variance) as covariance_variance,
        max(case when deprivation_decile = 1 then numerator end) as deaths_most_deprived,
        max(case when deprivation_decile = decile_count.deciles then numerator end) as deaths_least_deprived,
        max(case when deprivation_decile = 1 then rate_per_1000 end) as rate_most_deprived,
        max(case when deprivation_decile = decile_count.deciles then rate_per_1000 end) as rate_least_deprived
    from deciles_placed
    cross join decile_count
    group by period, measure, basis, decile_count.deciles

),

slopes as (

    select
        *,
        covariance / nullif(spread, 0e0) as slope,
        sqrt(covariance_variance) / nullif(spread, 0e0) as slope_standard_error,
        mean_rate - covariance / nullif(spread, 0e0) / 2e0 as rate_at_least_deprived_end,
        mean_rate + covariance / nullif(spread, 0e0) / 2e0 as rate_at_most_deprived_end,
        case
            when deaths_most_deprived > 0 and deaths_least_deprived > 0
                then sqrt(1e0 / deaths_most_deprived + 1e0 / deaths_least_deprived)
        end as log_ratio_standard_error
    from deciles_summed
    where deciles_present = deciles

),

-- The logarithm of the relative index moves with a decile's rate by what the rate moves the logarithms of the line's two ends: its share
-- of the births, more or less half of what it adds to the slope. The variances of the ten rates add up with those moves squared.
log_relative_indices as (

    select
        deciles_placed.period,
        deciles_placed.measure,
        deciles_placed.basis,
        sqrt(sum(deciles_placed.rate_variance * power(
            deciles_placed.share_of_births
            * (1e0 + (deciles_placed.mid_rank - 0.5e0) / slopes.spread / 2e0) / slopes.rate_at_most_deprived_end
            - deciles_placed.share_of_births
            * (1e0 - (deciles_placed.mid_rank - 0.5e0) / slopes.spread / 2e0) / slopes.rate_at_least_deprived_end,
            2
        ))) as standard_error
    from deciles_placed
    inner join slopes
        on deciles_placed.period = slopes.period
        and deciles_placed.measure = slopes.measure
        and deciles_placed.basis = slopes.basis
    where slopes.rate_at_least_deprived_end > 0e0 and slopes.rate_at_most_deprived_end > 0e0
    group by deciles_placed.period, deciles_placed.measure, deciles_placed.basis

),

periods as (

    select
        decile_rates.period,
        decile_rates.period_start_year,
        decile_rates.period_end_year,
        decile_rates.years_in_period,
        decile_rates.measure,
        decile_rates.basis,
        first_editions.edition as first_edition,
        last_editions.edition as last_edition,
        decile_count.deciles,
        sum(case when decile_rates.status = 'ok' then 1 else 0 end) as deciles_present
    from decile_rates
    cross join decile_count
    left join index_editions as first_editions
        on decile_rates.period_start_year between first_editions.first_year and first_editions.last_year
    left join index_editions as last_editions
        on decile_rates.period_end_year between last_editions.first_year and last_editions.last_year
    group by
        decile_rates.period, decile_rates.period_start_year, decile_rates.period_end_year, decile_rates.years_in_period,
        decile_rates.measure, decile_rates.basis, first_editions.edition, last_editions.edition, decile_count.deciles

),

gradients as (

    select
        periods.period,
        periods.period_start_year,
        periods.period_end_year,
        periods.years_in_period,
        periods.measure,
        measures.measure_name,
        periods.basis,
        case
            when periods.first_edition = periods.last_edition then periods.first_edition
            else periods.first_edition || ' and ' || periods.last_edition
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
        slopes.rate_at_most_deprived_end / nullif(slopes.rate_at_least_deprived_end, 0e0)
        * exp(-{{ standard_normal_quantile('95') }} * log_relative_indices.standard_error) as relative_index_lower_95,
        slopes.rate_at_most_deprived_end / nullif(slopes.rate_at_least_deprived_end, 0e0)
        * exp({{ standard_normal_quantile('95') }} * log_relative_indices.standard_error) as relative_index_upper_95,
        slopes.slope / nullif(slopes.mean_rate, 0e0) as slope_index_over_mean,
        case
            when periods.deciles_present < periods.deciles
                then 'only_' || cast(periods.deciles_present as varchar) || '_of_' || cast(periods.deciles as varchar) || '_deciles'
            when slopes.deaths = 0 then 'no_deaths'
            when slopes.rate_least_deprived = 0e0 then 'no_deaths_in_least_deprived_decile'
            when slopes.rate_at_least_deprived_end <= 0e0 or slopes.rate_at_most_deprived_end < 0e0 then 'line_falls_below_zero'
        end as reason
    from periods
    inner join measures on periods.measure = measures.measure
    left join slopes
        on periods.period = slopes.period
        and periods.measure = slopes.measure
        and periods.basis = slopes.basis
    left join log_relative_indices
        on periods.period = log_relative_indices.period
        and periods.measure = log_relative_indices.measure
        and periods.basis = log_relative_indices.basis

)

select * from gradients
