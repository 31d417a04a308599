{#-
  Formulas as macros of the published file, for any DuckDB client: by name the parameters, the comment, a call to try it and the SQL. Each
  is a formula of `formulas/` over one row of its parameters, which have other names there: a bare name that is also a parameter is the
  parameter.
-#}
{% macro published_formulas() -%}
    {%- set rows_asked = {
        'limits': '(select deaths as deaths_asked, births as births_asked, confidence as confidence_asked) as asked',
        'funnel': '(select target_per_1000 as target_asked, births as births_asked, confidence as confidence_asked) as asked',
        'wilson': '(select deaths as deaths_asked, births as births_asked, '
            ~ infant_mortality.normal_quantile('((100e0 - confidence) / 200e0)') ~ ' as deviate_asked) as asked',
        'two_rates': '(select deaths as own_deaths, births as own_births, other_deaths as their_deaths, other_births as their_births)'
            ~ ' as asked',
        'two_gammas': '(select shape as own_shape_asked, rate as own_rate, shape_beside as their_shape, rate_beside as their_rate)'
            ~ ' as asked',
    } -%}
    {{ return({
        'compare_rates': {
            'parameters': ['deaths', 'births', 'other_deaths', 'other_births'],
            'comment': 'Two rates compared: a struct of rate_ratio (the first over the second), its 95 % limits lower_95 and upper_95, and '
                ~ 'the two-sided exact_p_value and mid_p_value of the conditional test. NULL where a rate is missing.',
            'call': 'compare_rates(36, 4702, 20, 4900)',
            'sql': of_parameters(
                infant_mortality.rate_comparison(
                    rows_asked.two_rates, 'own_deaths', 'own_births', 'their_deaths', 'their_births'
                ),
                'case when exact_p_value is not null then struct_pack(rate_ratio := rate_ratio, lower_95 := rate_ratio_lower_95, '
                ~ 'upper_95 := rate_ratio_upper_95, exact_p_value := exact_p_value, mid_p_value := mid_p_value) end'
            ),
        },
        'funnel_limits': {
            'parameters': ['target_per_1000', 'births', 'confidence'],
            'comment': 'Exact limits of a funnel: a struct of lower and upper, the last rates per 1,000 births that are still within; one '
                ~ 'death further is improbable at this confidence (per cent, 80 to 99.9). NULL without births.',
            'call': 'funnel_limits(3.9, 5472, 95)',
            'sql': with_confidence_checked(of_parameters(
                infant_mortality.funnel_limits_exact(rows_asked.funnel, 'births_asked', 'target_asked', 'confidence_asked'),
                limits_as_struct()
            )),
        },
        'poisson_p_value': {
            'parameters': ['deaths', 'expected'],
            'comment': 'Two-sided exact p-value of deaths beside expected deaths: twice the smaller Poisson tail, at most 1.',
            'call': 'poisson_p_value(189, 159.1)',
            'sql': of_parameters(
                infant_mortality.poisson_p_values(
                    '(select deaths as deaths_asked, expected as expected_asked) as asked', 'deaths_asked', 'expected_asked'
                ),
                'exact_p_value'
            ),
        },
        'probability_above': {
            'parameters': ['shape', 'rate', 'shape_beside', 'rate_beside'],
            'comment': 'The probability that the first of two gamma variables is the larger, each with its shape and rate: that one area '
                ~ 'has the higher underlying rate, where a gamma distribution describes each.',
            'call': 'probability_above(36.5, 4702, 20.5, 4900)',
            'sql': of_parameters(
                infant_mortality.probability_above(
                    rows_asked.two_gammas, 'own_shape_asked', 'own_rate', 'their_shape', 'their_rate'
                ),
                'probability_above'
            ),
        },
        'proportion_limits': {
            'parameters': ['deaths', 'births', 'confidence'],
            'comment': "Wilson's score limits of a proportion: a struct of lower and upper, 0 to 1; confidence in per cent, 80 to 99.9. "
                ~ 'NULL without births, and where deaths exceed births.',
            'call': 'proportion_limits(23, 5472, 95)',
            'sql': with_confidence_checked(of_parameters(
                'select ' ~ infant_mortality.wilson_limit('lower', none, 'deaths_asked', 'births_asked', 'deviate_asked')
                ~ ' as lower_limit, ' ~ infant_mortality.wilson_limit('upper', none, 'deaths_asked', 'births_asked', 'deviate_asked')
                ~ ' as upper_limit from ' ~ rows_asked.wilson,
                limits_as_struct()
            )),
        },
        'rate_limits': {
            'parameters': ['deaths', 'births', 'confidence'],
            'comment': 'Confidence limits of a rate per 1,000 births: a struct of lower and upper; exact below ten deaths, Byar from ten '
                ~ 'on. Confidence in per cent, 80 to 99.9. NULL without births.',
            'call': 'rate_limits(23, 5472, 95)',
            'sql': with_confidence_checked(of_parameters(
                infant_mortality.rate_limits(rows_asked.limits, 'deaths_asked', 'births_asked', 'confidence_asked'),
                limits_as_struct()
            )),
        },
        'rounded_rate': {
            'parameters': ['deaths', 'births'],
            'comment': 'A rate per 1,000 births to one place, rounded half up from the exact quotient, as ONS prints it. NULL without '
                ~ 'births.',
            'call': 'rounded_rate(7, 1120)',
            'sql': infant_mortality.rounded_rate('deaths', 'births'),
        },
    }) }}
{%- endmacro %}

{#- A scalar subquery of one value of a select over the row of parameters. -#}
{% macro of_parameters(formula, value) -%}
    (select {{ value }} from ({{ formula }}) as answers)
{%- endmacro %}

{#- Limits as one value, NULL where there are none. -#}
{% macro limits_as_struct() -%}
    case when upper_limit is not null then struct_pack(lower := lower_limit, upper := upper_limit) end
{%- endmacro %}

{#- An error where the parameter `confidence` is a share, or out of reach. -#}
{% macro with_confidence_checked(answer) -%}
    case
        when confidence < 80 or confidence > 99.9
            then error('The confidence must be 80 to 99.9 per cent, not ' || cast(confidence as varchar) || '.')
        else {{ answer }}
    end
{%- endmacro %}
