with published_figures as (

    select * from {{ ref('stg_published__published_figures') }}
    where statistic = 'gap_narrowed'

),

rates as (

    select * from {{ ref('fct_rates') }}
    where status = 'ok'

),

whole_numbers as (

    select * from {{ ref('int_whole_numbers_generated') }}

),

periods as (

    {% for side, prefix in [('earlier', 'comparison'), ('later', 'period')] -%}
    select
        claim_code,
        area_codes,
        comparison_area_code,
        measure,
        basis,
        '{{ side }}' as side,
        {{ prefix }}_start_year as first_year,
        {{ prefix }}_end_year as last_year
    from published_figures
    {% if not loop.last %}union all
    {% endif %}
    {%- endfor %}

),

counts_added_up as (

    select
        periods.claim_code,
        periods.side,
        {% for who, code in [('area', 'periods.area_codes'), ('comparison', 'periods.comparison_area_code')] -%}
        case
            when sum(case when rates.area_code = {{ code }} then 1 else 0 end) = max(periods.last_year - periods.first_year + 1)
                then cast(sum(case when rates.area_code = {{ code }} then rates.numerator end) as bigint)
        end as {{ who }}_deaths,
        sum(case when rates.area_code = {{ code }} then rates.denominator end) as {{ who }}_births,
        {% endfor -%}
        {{ any_count_supplied('rates') }} as supplied_counts
    from periods
    inner join rates
        on rates.area_code in (periods.area_codes, periods.comparison_area_code)
        and periods.measure = rates.measure
        and periods.basis = rates.basis
        and rates.period_start_year between periods.first_year and periods.last_year
    group by periods.claim_code, periods.side

),

periods_rated as (

    select
        *,
        {{ rate_per_1000('area_deaths', 'area_births') }} as area_rate,
        {{ rate_per_1000('comparison_deaths', 'comparison_births') }} as comparison_rate,
        -- The deaths that the area would have had at the comparison area's rate.
        cast(area_births as double precision) * comparison_deaths / comparison_births as expected_deaths
    from counts_added_up

),

gaps as (

    select
        later.claim_code,
        later.area_deaths,
        cast(later.area_births as bigint) as area_births,
        later.area_rate as later_area_rate,
        later.comparison_rate as later_comparison_rate,
        earlier.area_rate as earlier_area_rate,
        earlier.comparison_rate as earlier_comparison_rate,
        (later.area_rate - later.comparison_rate) - (earlier.area_rate - earlier.comparison_rate) as gap_change,
        cast(later.area_deaths as double precision) as event_count,
        cast(later.area_deaths + earlier.area_deaths as double precision) as event_total,
        later.expected_deaths / (later.expected_deaths + earlier.expected_deaths) as event_share,
        later.supplied_counts + earlier.supplied_counts > 0 as rests_on_supplied_figures
    from periods_rated as later
    inner join periods_rated as earlier on later.claim_code = earlier.claim_code and earlier.side = 'earlier'
    where later.side = 'later'

),

-- If the area stood to the comparison area as before, its deaths of both periods would fall on them as the expected deaths do.
tails as (

    {{ observed_side_tails('gaps', ['claim_code'], 'whole_numbers') | indent(4) }}

),

gaps_tested as (

    select
        gaps.*,
        case when gaps.gap_change is not null then least(1e0, 2e0 * tails.tail_probability) end as probability
    from gaps
    left join tails on gaps.claim_code = tails.claim_code

),

claims_judged as (

    select
        published_figures.claim_code,
        gaps_tested.gap_change as recomputed_value,
        gaps_tested.area_deaths as numerator,
        gaps_tested.area_births as denominator,
        published_figures.measure,
        published_figures.basis,
        {{ judged_verdict('(gaps_tested.gap_change < 0)', 'gaps_tested.probability') }} as verdict,
        {{ judged_certainty('gaps_tested.probability') }} as certainty,
        case
            when gaps_tested.probability is null then 'Counts for one of the two periods are not at hand.'
            else
                'In ' || published_figures.comparison_period || ' the area''s rate was '
                || {{ fixed_decimals('gaps_tested.earlier_area_rate', 2) }}
                || ' against ' || {{ fixed_decimals('gaps_tested.earlier_comparison_rate', 2) }} || ', a gap of '
                || {{ fixed_decimals('gaps_tested.earlier_area_rate - gaps_tested.earlier_comparison_rate', 2) }} || ' per 1,000; in '
                || published_figures.period || ' ' || {{ fixed_decimals('gaps_tested.later_area_rate', 2) }} || ' against '
                || {{ fixed_decimals('gaps_tested.later_comparison_rate', 2) }} || ', a gap of '
                || {{ fixed_decimals('gaps_tested.later_area_rate - gaps_tested.later_comparison_rate', 2) }}
                || '. A change of the ratio at least this large, in either direction, would come by chance alone '
                || {{ chance_in_words('gaps_tested.probability') }}
                || case when gaps_tested.probability >= 0.05 then ', so the figures at hand do not decide it.' else '.' end
        end as finding,
        'select (later.area_rate - later.comparison_rate) - (earlier.area_rate - earlier.comparison_rate) as recomputed_value, '
        || 'earlier.area_rate - earlier.comparison_rate as earlier_gap, later.area_rate - later.comparison_rate as later_gap from ('
        {%- for side, first, last in [
            ('earlier', 'published_figures.comparison_start_year', 'published_figures.comparison_end_year'),
            ('later', 'published_figures.period_start_year', 'published_figures.period_end_year'),
        ] %}
        {%- for who in ['area', 'comparison'] %}
        {%- if who == 'area' %}
        || 'select 1000.0 * sum(case when area_code = ''' || published_figures.area_codes
        || ''' then numerator end) / sum(case when area_code = '''
        || published_figures.area_codes || ''' then denominator end) as area_rate, '
        {%- else %}
        || '1000.0 * sum(case when area_code = ''' || published_figures.comparison_area_code
        || ''' then numerator end) / sum(case when area_code = ''' || published_figures.comparison_area_code
        || ''' then denominator end) as comparison_rate from marts.fct_rates where measure = ''' || published_figures.measure
        || ''' and basis = ''' || published_figures.basis || ''' and status = ''ok'' and period_start_year between '
        || cast({{ first }} as varchar) || ' and ' || cast({{ last }} as varchar)
        {%- endif %}
        {%- endfor %}
        || '{{ ") as earlier cross join (" if side == "earlier" else ") as later" }}'
        {%- endfor %} as evidence,
        coalesce(gaps_tested.rests_on_supplied_figures, false) as rests_on_supplied_figures
    from published_figures
    left join gaps_tested on published_figures.claim_code = gaps_tested.claim_code

)

select * from claims_judged
