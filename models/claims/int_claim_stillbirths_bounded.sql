with inputs as (

    select * from {{ ref('int_claim_solution_inputs') }}

),

whole_numbers as (

    select * from {{ ref('int_whole_numbers_generated') }}

),

-- Perinatal deaths are stillbirths and deaths under 7 days, and those are at most the deaths under 28 days. The perinatal rate that ONS
-- printed is per live births and stillbirths, so its digits bound the stillbirths from the other side.
stillbirths_bounded as (

    {% for side in ['earlier', 'later'] -%}
    select
        inputs.{{ side }}_year as data_year,
        whole_numbers.whole_number as stillbirths,
        inputs.{{ side }}_live_births as live_births,
        inputs.{{ side }}_neonatal_deaths as neonatal_deaths
    from inputs
    inner join whole_numbers
        on whole_numbers.whole_number between inputs.{{ side }}_perinatal_deaths - inputs.{{ side }}_neonatal_deaths
        and inputs.{{ side }}_perinatal_deaths
    where {{ quotient_rounded_to_units(
        '(1000 * inputs.' ~ side ~ '_perinatal_deaths)',
        '(inputs.' ~ side ~ '_live_births + whole_numbers.whole_number)',
        'inputs.' ~ side ~ '_perinatal_decimals'
    ) }} = inputs.{{ side }}_perinatal_units
    {% if not loop.last %}union all
    {% endif %}
    {%- endfor %}

)

select * from stillbirths_bounded
