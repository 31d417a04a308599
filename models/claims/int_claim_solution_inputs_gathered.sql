{%- set roles = {'earlier_rate': 'earlier', 'change': 'change', 'group_rate': 'group', 'other_group_rate': 'other_group'} -%}
with published_figures as (

    select * from {{ ref('stg_published__published_figures') }}

),

solution_sets as (

    select * from {{ ref('claim_solution_sets') }}

),

rates as (

    select * from {{ ref('int_rates') }}
    where basis = 'registration' and status = 'ok' and years_in_period = 1

),

printed_rates as (

    select * from {{ ref('int_printed_rates_recomputed') }}
    where measure = 'perinatal' and basis = 'registration'

),

-- What was printed, in whole units of the last printed place. The whole area is the one whose published figure stands nearest the change.
figures_in_one_row as (

    select
        solution_sets.solution_set,
        {% for role, name in roles.items() -%}
        max(case when solution_sets.role = '{{ role }}' then published_figures.published_units end) as {{ name }}_units,
        max(case when solution_sets.role = '{{ role }}' then published_figures.decimals end) as {{ name }}_decimals,
        {% endfor -%}
        max(case when solution_sets.role = 'change' then published_figures.nearest_area_code end) as area_code,
        max(case when solution_sets.role = 'change' then published_figures.period_start_year end) as later_year,
        max(case when solution_sets.role = 'change' then published_figures.comparison_start_year end) as earlier_year
    from solution_sets
    inner join published_figures on solution_sets.claim_code = published_figures.claim_code
    group by solution_sets.solution_set

),

-- What ONS published of the whole area.
counts_by_year as (

    select
        area_code,
        period_start_year as data_year,
        basis,
        max(case when measure = 'perinatal_per_1000_live_births' then denominator end) as live_births,
        max(case when measure = 'perinatal_per_1000_live_births' then numerator end) as perinatal_deaths,
        max(case when measure = 'neonatal' then numerator end) as neonatal_deaths
    from rates
    group by area_code, period_start_year, basis

),

years_with_counts as (

    select
        figures_in_one_row.solution_set,
        counts_by_year.data_year,
        counts_by_year.basis,
        case when counts_by_year.data_year = figures_in_one_row.later_year then 'later' else 'earlier' end as side,
        counts_by_year.live_births,
        counts_by_year.perinatal_deaths,
        counts_by_year.neonatal_deaths,
        cast(round(printed_rates.printed_rate * power(10e0, printed_rates.printed_decimals)) as bigint) as perinatal_units,
        printed_rates.printed_decimals as perinatal_decimals
    from figures_in_one_row
    inner join counts_by_year
        on figures_in_one_row.area_code = counts_by_year.area_code
        and counts_by_year.data_year in (figures_in_one_row.earlier_year, figures_in_one_row.later_year)
    inner join printed_rates
        on figures_in_one_row.area_code = printed_rates.area_code
        and counts_by_year.data_year = printed_rates.data_year

),

-- Perinatal deaths are stillbirths and deaths under 7 days, and those are at most the deaths under 28 days. The perinatal rate that ONS
-- printed is per live births and stillbirths, so its digits bound the stillbirths from the other side.
stillbirths_bounded as (

    select
        years_with_counts.solution_set,
        years_with_counts.side,
        min(stillbirths.number) as stillbirths_fewest,
        max(stillbirths.number) as stillbirths_most
    from years_with_counts
    cross join
        lateral generate_series(
            years_with_counts.perinatal_deaths - years_with_counts.neonatal_deaths, years_with_counts.perinatal_deaths
        ) as stillbirths (number)
    where {{ quotient_rounded_to_units(
        '(1000 * years_with_counts.perinatal_deaths)',
        '(years_with_counts.live_births + stillbirths.number)',
        'years_with_counts.perinatal_decimals'
    ) }} = years_with_counts.perinatal_units
    group by years_with_counts.solution_set, years_with_counts.side

),

inputs_gathered as (

    select
        figures_in_one_row.*,
        years_with_counts.side,
        years_with_counts.data_year,
        years_with_counts.basis,
        years_with_counts.live_births,
        years_with_counts.neonatal_deaths,
        stillbirths_bounded.stillbirths_fewest,
        stillbirths_bounded.stillbirths_most
    from figures_in_one_row
    inner join years_with_counts on figures_in_one_row.solution_set = years_with_counts.solution_set
    inner join stillbirths_bounded
        on years_with_counts.solution_set = stillbirths_bounded.solution_set
        and years_with_counts.side = stillbirths_bounded.side

)

select * from inputs_gathered
