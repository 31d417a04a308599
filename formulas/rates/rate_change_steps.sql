{#-
  A select that compares the two rates on each row of a relation: difference with its interval, percentage changes, ratio with its interval,
  exact p-values, and whether the two intervals overlap. The relation has from_ and to_ columns of numerator, denominator,
  rate_per_1000, lower_95, upper_95 and status; other columns pass through. Used by fct_rate_changes and by the table macro rate_change.
-#}
{% macro rate_change_steps(relation) -%}
    {%- set from_rounded = infant_mortality.rounded_rate('from_numerator', 'from_denominator') -%}
    {%- set to_rounded = infant_mortality.rounded_rate('to_numerator', 'to_denominator') -%}
    with rates_side_by_side as (

        select
            *,
            from_status = 'ok' and to_status = 'ok' as is_comparable,
            from_numerator + to_numerator as all_events,
            cast(from_denominator as double precision) as from_births,
            cast(to_denominator as double precision) as to_births
        from {{ relation }}

    ),

    counts_to_test as (

        select
            *,
            case when is_comparable then cast(to_numerator as double precision) end as event_count,
            case when is_comparable then cast(all_events as double precision) end as total_count,
            case when is_comparable then to_births / (from_births + to_births) end as births_share
        from rates_side_by_side

    ),

    tails as (

        {{ infant_mortality.two_sided_tails('counts_to_test') }}

    )

    select
        *,
        to_rate_per_1000 - from_rate_per_1000 as difference_per_1000,
        -- Zou and Donner's MOVER: the interval of a difference from the intervals of the two rates.
        to_rate_per_1000 - from_rate_per_1000 - sqrt(
            (to_rate_per_1000 - to_lower_95) * (to_rate_per_1000 - to_lower_95)
            + (from_upper_95 - from_rate_per_1000) * (from_upper_95 - from_rate_per_1000)
        ) as difference_lower_95,
        to_rate_per_1000 - from_rate_per_1000 + sqrt(
            (to_upper_95 - to_rate_per_1000) * (to_upper_95 - to_rate_per_1000)
            + (from_rate_per_1000 - from_lower_95) * (from_rate_per_1000 - from_lower_95)
        ) as difference_upper_95,
        100 * (to_rate_per_1000 - from_rate_per_1000) / nullif(from_rate_per_1000, 0) as percent_change,
        case when is_comparable then
            100 * ({{ to_rounded }} - {{ from_rounded }}) / nullif({{ from_rounded }}, 0)
        end as percent_change_from_rounded,
        to_rate_per_1000 / nullif(from_rate_per_1000, 0) as rate_ratio,
        -- The share of the events that fell in the later period, by Wilson; its odds, over the odds of the births, are the ratio.
        case when is_comparable then
            ({{ infant_mortality.wilson_limit('lower', '95', 'to_numerator', 'all_events') }})
            / nullif({{ infant_mortality.wilson_limit('upper', '95', 'from_numerator', 'all_events') }}, 0) * from_births / to_births
        end as rate_ratio_lower_95,
        case when is_comparable then
            ({{ infant_mortality.wilson_limit('upper', '95', 'to_numerator', 'all_events') }})
            / nullif({{ infant_mortality.wilson_limit('lower', '95', 'from_numerator', 'all_events') }}, 0) * from_births / to_births
        end as rate_ratio_upper_95,
        {{ infant_mortality.doubled_p_value('far_tail') }} as exact_p_value,
        {{ infant_mortality.doubled_mid_p_value('far_tail', 'point_probability') }} as mid_p_value,
        from_lower_95 <= to_upper_95 and to_lower_95 <= from_upper_95 as intervals_overlap,
        case
            when from_status <> 'ok' then 'No rate for ' || from_period || ': ' || from_status || '.'
            when to_status <> 'ok' then 'No rate for ' || to_period || ': ' || to_status || '.'
            when from_numerator = 0 then 'No deaths in ' || from_period || ': no ratio and no percentage.'
        end as reason
    from tails
{%- endmacro %}
