-- The names of a Fingertips download, spaces and all. -- noqa: disable=RF04,RF05,RF06
{%- set benchmarks = {
    'England': 'rates_joined_to_benchmarks.benchmark_rate_per_1000',
    'Region': 'case when rates_joined_to_benchmarks.has_region then rates_joined_to_benchmarks.parent_rate_per_1000 end',
} %}
with yearly_rates as (

    select * from {{ ref('fct_rates') }}
    where not is_like_for_like

),

pooled_rates as (

    select * from {{ ref('fct_rolling_rates') }}
    where is_complete and years_in_period > 1 and not is_like_for_like

),

areas as (

    select * from {{ ref('dim_area') }}

),

rankings as (

    select * from {{ ref('fct_rankings') }}

),

measures as (

    select * from {{ ref('dim_measure') }}

),

trends as (

    select * from {{ ref('fct_trends') }}

),

indicators as (

    select * from {{ ref('fingertips_indicators') }}

),

area_types as (

    select * from {{ ref('fingertips_area_types') }}

),

words as (

    select * from {{ ref('fingertips_words') }}

),

rates_together as (

    {%- set columns = [
        'area_code', 'area_name', 'period', 'period_start_year', 'period_end_year', 'years_in_period', 'measure', 'basis', 'numerator',
        'denominator', 'rate_per_1000', 'lower_95', 'upper_95', 'lower_99_8', 'upper_99_8', 'status', 'reliability_flag',
    ] %}

    select {{ columns | join(', ') }} from yearly_rates
    union all
    select {{ columns | join(', ') }} from pooled_rates

),

-- A unitary authority stands in both tiers, as in Fingertips; the benchmark area stands by itself, under its own name.
areas_with_type as (

    select distinct
        rankings.area_code,
        area_types.area_type,
        rankings.benchmark_area_code,
        areas.region_code,
        case when areas.region_code = rankings.area_code then rankings.benchmark_area_code else areas.region_code end as parent_code
    from rankings
    inner join area_types on rankings.ranking_level = area_types.ranking_level
    inner join areas on rankings.area_code = areas.area_code

),

areas_and_benchmark as (

    select * from areas_with_type
    union all
    select distinct
        areas.area_code,
        areas.area_name as area_type,
        cast(null as varchar) as benchmark_area_code,
        cast(null as varchar) as region_code,
        cast(null as varchar) as parent_code
    from areas_with_type
    inner join areas on areas_with_type.benchmark_area_code = areas.area_code

),

rates_joined_to_benchmarks as (

    select
        rates_together.*,
        areas_and_benchmark.area_type,
        areas_and_benchmark.parent_code,
        parents.area_name as parent_name,
        benchmark_rates.rate_per_1000 as benchmark_rate_per_1000,
        parent_rates.rate_per_1000 as parent_rate_per_1000,
        areas_and_benchmark.parent_code = areas_and_benchmark.region_code as has_region
    from rates_together
    inner join areas_and_benchmark on rates_together.area_code = areas_and_benchmark.area_code
    left join areas as parents on areas_and_benchmark.parent_code = parents.area_code
    left join rates_together as benchmark_rates
        on areas_and_benchmark.benchmark_area_code = benchmark_rates.area_code
        and rates_together.period = benchmark_rates.period
        and rates_together.measure = benchmark_rates.measure
        and rates_together.basis = benchmark_rates.basis
    left join rates_together as parent_rates
        on areas_and_benchmark.parent_code = parent_rates.area_code
        and rates_together.period = parent_rates.period
        and rates_together.measure = parent_rates.measure
        and rates_together.basis = parent_rates.basis

),

rows_in_fingertips_words as (

    select
        9000000 + 1000 * indicators.indicator_number
        + case rates_joined_to_benchmarks.basis when 'registration' then 100 else 200 end
        + rates_joined_to_benchmarks.years_in_period as "Indicator ID",
        measures.measure_name || ', by year of ' || rates_joined_to_benchmarks.basis
        || case
            when rates_joined_to_benchmarks.years_in_period = 1 then ''
            else ', ' || cast(rates_joined_to_benchmarks.years_in_period as varchar) || ' years'
        end as "Indicator Name",
        rates_joined_to_benchmarks.parent_code as "Parent Code",
        rates_joined_to_benchmarks.parent_name as "Parent Name",
        rates_joined_to_benchmarks.area_code as "Area Code",
        rates_joined_to_benchmarks.area_name as "Area Name",
        rates_joined_to_benchmarks.area_type as "Area Type",
        'Persons' as "Sex",
        indicators.age as "Age",
        cast(null as varchar) as "Category Type",
        cast(null as varchar) as "Category",
        case
            when rates_joined_to_benchmarks.years_in_period = 1 then rates_joined_to_benchmarks.period
            else cast(rates_joined_to_benchmarks.period_start_year as varchar) || ' - '
                || substr(cast(rates_joined_to_benchmarks.period_end_year as varchar), 3, 2)
        end as "Time period",
        rates_joined_to_benchmarks.rate_per_1000 as "Value",
        rates_joined_to_benchmarks.lower_95 as "Lower CI 95.0 limit",
        rates_joined_to_benchmarks.upper_95 as "Upper CI 95.0 limit",
        rates_joined_to_benchmarks.lower_99_8 as "Lower CI 99.8 limit",
        rates_joined_to_benchmarks.upper_99_8 as "Upper CI 99.8 limit",
        rates_joined_to_benchmarks.numerator as "Count",
        rates_joined_to_benchmarks.denominator as "Denominator",
        coalesce(status_words.words, reliability_words.words) as "Value note",
        trend_words.words as "Recent Trend",
        -- The single-interval rule; a lower rate is better for every measure here. Nothing is said where a limit is missing.
        {% for benchmark, rate in benchmarks.items() -%}
        case
            when {{ rate }} is null then 'Not compared'
            when rates_joined_to_benchmarks.lower_95 is null or rates_joined_to_benchmarks.upper_95 is null then cast(null as varchar)
            when rates_joined_to_benchmarks.upper_95 < {{ rate }} then 'Better'
            when rates_joined_to_benchmarks.lower_95 > {{ rate }} then 'Worse'
            else 'Similar'
        end as "Compared to {{ benchmark }} value or percentiles",
        {% endfor -%}
        cast(rates_joined_to_benchmarks.period_start_year as integer) * 10000 as "Time period Sortable",
        cast(null as varchar) as "New data",
        cast(null as varchar) as "Compared to goal"
    from rates_joined_to_benchmarks
    inner join measures on rates_joined_to_benchmarks.measure = measures.measure
    inner join indicators on rates_joined_to_benchmarks.measure = indicators.measure
    left join trends
        on rates_joined_to_benchmarks.area_code = trends.area_code
        and rates_joined_to_benchmarks.period = trends.last_period
        and rates_joined_to_benchmarks.measure = trends.measure
        and rates_joined_to_benchmarks.basis = trends.basis
    left join words as status_words
        on status_words.about = 'status' and rates_joined_to_benchmarks.status = status_words.code
    left join words as reliability_words
        on reliability_words.about = 'reliability' and rates_joined_to_benchmarks.reliability_flag = reliability_words.code
    inner join words as trend_words
        on trend_words.about = 'recent_trend' and coalesce(trends.recent_trend, 'cannot_be_calculated') = trend_words.code

)

select * from rows_in_fingertips_words
