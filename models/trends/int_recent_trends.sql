-- Fingertips' recent-trend rule, for every year as the last of five.
-- Years back, and the year's position in the fit: the test does not depend on where zero lies.
{%- set positions = {0: 2, 1: 1, 2: 0, 3: -1, 4: -2} %}
with rates as (

    select * from {{ ref('int_rates') }}
    where years_in_period = 1

),

measures as (

    select * from {{ ref('measures') }}

),

-- OHID takes the limits of a proportion by Wilson, those of a rate as published.
limits_for_trend as (

    select
        rates.area_code,
        rates.measure,
        rates.basis,
        rates.period_end_year,
        rates.rate_per_1000,
        case when measures.is_proportion then 1000e0 * ({{ wilson_limit('lower', '95', 'rates.numerator', 'rates.denominator') }})
            else rates.lower_95
        end as lower_95,
        case when measures.is_proportion then 1000e0 * ({{ wilson_limit('upper', '95', 'rates.numerator', 'rates.denominator') }})
            else rates.upper_95
        end as upper_95
    from rates
    inner join measures on rates.measure = measures.measure
    where rates.status = 'ok'

),

yearly_points as (

    select
        area_code,
        measure,
        basis,
        period_end_year,
        rate_per_1000,
        -- The variance behind the interval, from its width.
        1e0 / power((upper_95 - lower_95) / (2e0 * {{ standard_normal_quantile('95') }}), 2) as weight
    from limits_for_trend

),

last_five_points as (

    select
        area_code,
        measure,
        basis,
        period_end_year as last_year,
        {%- for years_back in positions %}
        lag(rate_per_1000, {{ years_back }}) over years_in_order as rate_{{ years_back }},
        lag(weight, {{ years_back }}) over years_in_order as weight_{{ years_back }},
        {%- endfor %}
        lag(period_end_year, 4) over years_in_order as first_year
    from yearly_points
    window years_in_order as (
        partition by area_code, measure, basis
        order by period_end_year asc
    )

),

five_points_summed as (

    select
        *,
        {% for years_back in positions -%}
        {{ '+ ' if not loop.first }}weight_{{ years_back }}
        {% endfor -%}
            as sum_weight,
        {% for years_back, position in positions.items() -%}
        {{ '+ ' if not loop.first }}weight_{{ years_back }} * {{ position }}
        {% endfor -%}
            as sum_position,
        {% for years_back in positions -%}
        {{ '+ ' if not loop.first }}weight_{{ years_back }} * rate_{{ years_back }}
        {% endfor -%}
            as sum_rate,
        {% for years_back, position in positions.items() -%}
        {{ '+ ' if not loop.first }}weight_{{ years_back }} * {{ position * position }}
        {% endfor -%}
            as sum_position_squared,
        {% for years_back, position in positions.items() -%}
        {{ '+ ' if not loop.first }}weight_{{ years_back }} * {{ position }} * rate_{{ years_back }}
        {% endfor -%}
            as sum_product,
        greatest(rate_0, rate_1, rate_2, rate_3, rate_4) as highest_rate
    from last_five_points
    where last_year - first_year = 4

),

slope_numerators as (

    select
        *,
        sum_weight * sum_position_squared - sum_position * sum_position as spread,
        sum_weight * sum_product - sum_position * sum_rate as slope_numerator,
        {%- for years_back, position in positions.items() %}
        (sum_weight - weight_{{ years_back }}) * (sum_product - weight_{{ years_back }} * {{ position }} * rate_{{ years_back }})
        - (sum_position - weight_{{ years_back }} * {{ position }}) * (sum_rate - weight_{{ years_back }} * rate_{{ years_back }})
            as numerator_without_{{ years_back }},
        {%- endfor %}
        -- Under this the numerator is rounding error: the slope is zero (five equal rates), and zero counts as rising.
        1e-12 * sum_weight * sum_weight * highest_rate as numerator_noise
    from five_points_summed

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
        {% for years_back in positions -%}
        case when numerator_without_{{ years_back }} < -numerator_noise then 1 else 0 end{{ ' + ' if not loop.last }}
        {%- endfor %} as falling_without_a_point
    from slope_numerators

),

trends_with_chi_squared as (

    select
        area_code,
        measure,
        basis,
        last_year,
        slope,
        slope * slope * precision_of_slope as chi_squared,
        falling_without_a_point = case when slope < 0e0 then 5 else 0 end as leave_one_out_consistent
    from slopes

),

recent_trends as (

    select
        *,
        case
            -- The 99.8 % point of chi-squared with one degree of freedom, as Fingertips writes it.
            when chi_squared <= 9.54953570608324e0 or not leave_one_out_consistent then 'no_significant_change'
            when slope > 0e0 then 'increasing'
            when slope < 0e0 then 'decreasing'
            else 'no_significant_change'
        end as recent_trend
    from trends_with_chi_squared

)

select * from recent_trends
