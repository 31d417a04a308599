with published_figures as (

    select * from {{ ref('stg_published__published_figures') }}

),

rates as (

    select * from {{ ref('fct_rates') }}
    where basis = 'registration' and status = 'ok'

),

printed_rate_checks as (

    select * from {{ ref('fct_published_rate_checks') }}

),

-- What was printed of the two commissioning groups, in whole units of the last printed place.
figures_in_one_row as (

    select
        {% for name, claim_code in [
            ('north', 'north_kirklees_rate_2014'),
            ('huddersfield', 'huddersfield_rate_2014'),
            ('combined', 'kirklees_combined_rate_2013'),
            ('change', 'kirklees_combined_change_2013_2014'),
        ] -%}
        max(case when claim_code = '{{ claim_code }}' then published_units end) as {{ name }}_units,
        max(case when claim_code = '{{ claim_code }}' then decimals end) as {{ name }}_decimals,
        max(case when claim_code = '{{ claim_code }}' then published_value end) as {{ name }}_value,
        {% endfor -%}
        max(case when claim_code = 'kirklees_combined_change_2013_2014' then nearest_area_code end) as area_code,
        max(case when claim_code = 'kirklees_combined_change_2013_2014' then period_start_year end) as later_year,
        max(case when claim_code = 'kirklees_combined_change_2013_2014' then comparison_start_year end) as earlier_year
    from published_figures

),

-- What ONS published of Kirklees, the district that the two groups cover between them.
counts_by_year as (

    select
        rates.period_start_year as data_year,
        max(case when rates.measure = 'perinatal_per_1000_live_births' then rates.denominator end) as live_births,
        max(case when rates.measure = 'perinatal_per_1000_live_births' then rates.numerator end) as perinatal_deaths,
        max(case when rates.measure = 'neonatal' then rates.numerator end) as neonatal_deaths
    from rates
    inner join figures_in_one_row on rates.area_code = figures_in_one_row.area_code
    group by rates.period_start_year

),

printed_perinatal_rates as (

    select
        printed_rate_checks.data_year,
        max(cast(round(printed_rate_checks.printed_rate * power(10e0, printed_rate_checks.printed_decimals)) as bigint)) as printed_units,
        max(printed_rate_checks.printed_decimals) as printed_decimals,
        max(printed_rate_checks.printed_rate) as printed_rate
    from printed_rate_checks
    inner join figures_in_one_row on printed_rate_checks.area_code = figures_in_one_row.area_code
    where printed_rate_checks.measure = 'perinatal' and printed_rate_checks.basis = 'registration'
    group by printed_rate_checks.data_year

),

solution_inputs as (

    select
        figures_in_one_row.*,
        {% for side in ['earlier', 'later'] -%}
        {{ side }}_counts.live_births as {{ side }}_live_births,
        {{ side }}_counts.perinatal_deaths as {{ side }}_perinatal_deaths,
        {{ side }}_counts.neonatal_deaths as {{ side }}_neonatal_deaths,
        {{ side }}_rates.printed_units as {{ side }}_perinatal_units,
        {{ side }}_rates.printed_decimals as {{ side }}_perinatal_decimals,
        {{ side }}_rates.printed_rate as {{ side }}_perinatal_rate
        {%- if not loop.last %},{% endif %}
        {% endfor %}
    from figures_in_one_row
    {% for side in ['earlier', 'later'] -%}
    inner join counts_by_year as {{ side }}_counts on figures_in_one_row.{{ side }}_year = {{ side }}_counts.data_year
    inner join printed_perinatal_rates as {{ side }}_rates on figures_in_one_row.{{ side }}_year = {{ side }}_rates.data_year
    {% endfor %}

)

select * from solution_inputs
