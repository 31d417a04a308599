with gradients as (

    select * from {{ ref('int_deprivation_gradients_fitted') }}

),

gradients_published as (

    select
        period,
        period_start_year,
        period_end_year,
        years_in_period,
        measure,
        basis,
        deprivation_index,
        deciles_present,
        deaths,
        births,
        rate_most_deprived_per_1000,
        rate_least_deprived_per_1000,
        worst_best_ratio,
        worst_best_ratio_lower_95,
        worst_best_ratio_upper_95,
        slope_index,
        slope_index_lower_95,
        slope_index_upper_95,
        relative_index,
        relative_index_lower_95,
        relative_index_upper_95,
        slope_index_over_mean,
        reason
    from gradients

)

select * from gradients_published
