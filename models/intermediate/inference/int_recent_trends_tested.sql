-- Fingertips' recent-trend rule, for every year as the last of five.
with rates as (

    select * from {{ ref('fct_rates') }}

),

yearly_points as (

    select
        area_code,
        measure,
        basis,
        period_end_year,
        rate_per_1000,
        -- The variance behind the published interval, from its width.
        1e0 / power((upper_95 - lower_95) / (2e0 * {{ standard_normal_quantile('95') }}), 2) as weight
    from rates
    where status = 'ok'

),

points_of_last_five_years as (

    select
        last_points.area_code,
        last_points.measure,
        last_points.basis,
        last_points.period_end_year as last_year,
        -- -2 in the first of the five years to 2 in the last: the test does not depend on where zero lies.
        cast(points.period_end_year - last_points.period_end_year + 2 as {{ double_type() }}) as year_position,
        points.rate_per_1000,
        points.weight
    from yearly_points as last_points
    inner join yearly_points as points
        on last_points.area_code = points.area_code
        and last_points.measure = points.measure
        and last_points.basis = points.basis
        and points.period_end_year between last_points.period_end_year - 4 and last_points.period_end_year

),

sums_over_five_points as (

    select
        area_code,
        measure,
        basis,
        last_year,
        year_position,
        rate_per_1000,
        weight,
        count(*) over five_points as points,
        sum(weight) over five_points as sum_weight,
        sum(weight * year_position) over five_points as sum_position,
        sum(weight * rate_per_1000) over five_points as sum_rate,
        sum(weight * year_position * year_position) over five_points as sum_position_squared,
        sum(weight * year_position * rate_per_1000) over five_points as sum_product,
        max(rate_per_1000) over five_points as highest_rate
    from points_of_last_five_years
    window five_points as (partition by area_code, measure, basis, last_year)

),

slope_numerators as (

    select
        *,
        (sum_weight - weight) * (sum_product - weight * year_position * rate_per_1000)
        - (sum_position - weight * year_position) * (sum_rate - weight * rate_per_1000) as numerator_without_point,
        -- Under this the numerator is rounding error: the slope is zero (five equal rates), and zero counts as rising.
        1e-12 * sum_weight * sum_weight * highest_rate as numerator_noise
    from sums_over_five_points
    where points = 5

),

five_points_summed as (

    select
        area_code,
        measure,
        basis,
        last_year,
        max(sum_weight) as sum_weight,
        max(sum_weight * sum_position_squared - sum_position * sum_position) as spread,
        max(sum_weight * sum_product - sum_position * sum_rate) as slope_numerator,
        max(numerator_noise) as numerator_noise,
        sum(case when numerator_without_point < -numerator_noise then 1 else 0 end) as falling_without_a_point
    from slope_numerators
    group by area_code, measure, basis, last_year

),

slopes as (

    select
        area_code,
        measure,
        basis,
        last_year,
        case
            when abs(slope_numerator) <= numerator_noise then 0e0
            else slope_numerator / spread
        end as slope,
        spread / sum_weight as precision_of_slope,
        falling_without_a_point
    from five_points_summed

),

recent_trends as (

    select
        area_code,
        measure,
        basis,
        last_year,
        slope,
        slope * slope * precision_of_slope as chi_squared,
        falling_without_a_point = case when slope < 0e0 then 5 else 0 end as leave_one_out_consistent
    from slopes

)

select * from recent_trends
