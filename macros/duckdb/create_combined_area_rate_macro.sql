{#-
  DuckDB only: the table macro marts.combined_area_rate(area_codes, period, measure), which adds up any list of areas and gives one row per
  basis: counts, rate, intervals, flag, status. A code listed twice counts once. Nothing on other targets. Run by a hook of
  fct_combined_area_rankings.
-#}
{% macro create_combined_area_rate_macro() -%}
    {%- if target.type == "duckdb" -%}
        create or replace macro {{ target.database }}.marts.combined_area_rate(
            area_codes, period, measure
        ) as table (
            -- A bare name that is also a parameter is the parameter; columns are named with their table.
            with all_rates as (
                select rates.area_code, rates.period, rates.measure, rates.basis, rates.numerator, rates.denominator, rates.status
                from {{ ref('fct_rates') }} as rates
                union all
                select windows.area_code, windows.period, windows.measure, windows.basis, windows.numerator, windows.denominator, windows.status
                from {{ ref('fct_rolling_rates') }} as windows
            ),

            areas_added as (
                select
                    all_rates.period,
                    all_rates.measure,
                    all_rates.basis,
                    count(*) as areas_found,
                    len(list_distinct(area_codes)) as areas_asked_for,
                    string_agg(all_rates.area_code, ', ' order by all_rates.area_code) as area_codes_found,
                    case when count(*) < len(list_distinct(area_codes)) then 'missing' else {{ worst_status('status') }} end
                        as parts_status,
                    cast(sum(numerator) as bigint) as members_numerator,
                    cast(sum(denominator) as bigint) as members_denominator
                from all_rates
                where list_contains(area_codes, all_rates.area_code) and all_rates.period = period and all_rates.measure = measure
                group by all_rates.period, all_rates.measure, all_rates.basis
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
