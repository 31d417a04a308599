{#-
  DuckDB only: the table macro marts.combined_area_rate(area_codes, period, measure), which adds up any list of areas and gives one row per
  basis: counts, rate, intervals, flag, status. A code listed twice counts once. Nothing on other targets. Run by a hook of
  fct_combined_area_rankings.
-#}
{% macro create_combined_area_rate_macro() -%}
    {%- if target.type == "duckdb" -%}
        create or replace macro {{ target.database }}.marts.combined_area_rate(
            wanted_area_codes, wanted_period, wanted_measure
        ) as table (
            with all_rates as (
                select area_code, period, measure, basis, numerator, denominator, status from {{ ref('fct_rates') }}
                union all
                select area_code, period, measure, basis, numerator, denominator, status from {{ ref('fct_rolling_rates') }}
            ),

            areas_added as (
                select
                    period,
                    measure,
                    basis,
                    count(*) as areas_found,
                    len(list_distinct(wanted_area_codes)) as areas_asked_for,
                    string_agg(area_code, ', ' order by area_code) as area_codes_found,
                    case when count(*) < len(list_distinct(wanted_area_codes)) then 'missing' else {{ worst_status('status') }} end
                        as parts_status,
                    cast(sum(numerator) as bigint) as members_numerator,
                    cast(sum(denominator) as bigint) as members_denominator
                from all_rates
                where list_contains(wanted_area_codes, area_code) and period = wanted_period and measure = wanted_measure
                group by period, measure, basis
            ),

            rated as (
                select
                    *,
                    case when parts_status = 'ok' and members_denominator = 0 then 'no_births' else parts_status end as status,
                    case when parts_status = 'ok' then members_numerator end as numerator,
                    case when parts_status = 'ok' then members_denominator end as denominator
                from areas_added
            )

            select
                rated.basis,
                rated.period,
                rated.measure,
                rated.areas_asked_for,
                rated.areas_found,
                rated.area_codes_found,
                rated.status,
                rated.numerator,
                rated.denominator,
                case when rated.status = 'ok' then {{ rate_per_1000('rated.numerator', 'rated.denominator') }} end as rate_per_1000,
                {%- for level in ['95', '99_8'] %}
                    {%- for side in ['lower', 'upper'] %}
                {{ poisson_rate_limit(side, level, 'rated.numerator', 'rated.denominator', 'limits.' ~ side ~ '_' ~ level) }}
                    as {{ side }}_{{ level }},
                    {%- endfor %}
                {%- endfor %}
                {{ reliability_flag('rated.numerator', 'rated.status') }} as reliability_flag
            from rated
            left join {{ ref('poisson_limits') }} as limits on rated.numerator = limits.event_count
            order by rated.basis
        )
    {%- endif -%}
{%- endmacro %}
