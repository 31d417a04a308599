{#-
  The table macro combined_area_rate(area_codes, period, measure): any list of areas added up, one row per basis: counts, rate, intervals,
  flag, status. A code listed twice counts once. Where the question cannot be answered there is one row without a rate, whose `reason`
  says why: an area, measure or period that is not known, areas that lie in each other or came of each other, no figures at all.
-#}
{% macro create_combined_area_rate_macro(schema) -%}
create or replace macro {{ schema }}.combined_area_rate(area_codes, period, measure) as table
-- A bare name that is also a parameter is the parameter; columns are named with their table.
with all_rates as (

    select rates.area_code, rates.period, rates.measure, rates.basis, rates.numerator, rates.denominator, rates.status
    from marts.fct_rates as rates
    union all
    select windows.area_code, windows.period, windows.measure, windows.basis, windows.numerator, windows.denominator, windows.status
    from marts.fct_rolling_rates as windows

),

-- The seed poisson_limits, which no published table shows.
poisson_limits as (

    select *
    from (
        values
        (0, 0e0, 3.6888794541139363e0, 0e0, 6.9077552789821368e0),
        (1, 0.025317807984289876e0, 5.571643390938898e0, 0.0010005003335835339e0, 9.2334134764515863e0),
        (2, 0.24220927854396496e0, 7.2246876677239609e0, 0.045402017769489544e0, 11.228872242412661e0),
        (3, 0.61867212289560136e0, 8.7672730697423251e0, 0.19053337756840319e0, 13.062240779188071e0),
        (4, 1.0898653736263249e0, 10.241588675403696e0, 0.428552413628423e0, 14.794149222537211e0),
        (5, 1.6234863901184207e0, 11.668332079322671e0, 0.73937173191783234e0, 16.454745203680105e0),
        (6, 2.2018942534908508e0, 13.059474022518685e0, 1.1071046602556394e0, 18.061636840199071e0),
        (7, 2.8143630515198654e0, 14.422675361702382e0, 1.5203362603988093e0, 19.626177395384239e0),
        (8, 3.4538321767485014e0, 15.763189220193311e0, 1.9708139217403657e0, 21.156198165839985e0),
        (9, 4.1153730973783338e0, 17.08480345141917e0, 2.4524244043637751e0, 22.657373309062933e0)
    ) as limits (event_count, lower_95, upper_95, lower_99_8, upper_99_8)

),

areas_asked_for as (

    select distinct unnest(area_codes) as asked_code

),

areas_unknown as (

    select string_agg(areas_asked_for.asked_code, ', ' order by areas_asked_for.asked_code) as codes
    from areas_asked_for
    anti join marts.dim_area as areas on areas_asked_for.asked_code = areas.area_code

),

areas_overlapping as (

    select string_agg(
        pairs_known.area_code || case pairs_known.overlap when 'part_of' then ' is part of ' else ' became ' end
        || pairs_known.overlapping_area_code,
        ', ' order by pairs_known.area_code, pairs_known.overlapping_area_code
    ) as pairs
    from marts.dim_area_overlap as pairs_known
    where list_contains(area_codes, pairs_known.area_code) and list_contains(area_codes, pairs_known.overlapping_area_code)

),

areas_added as (

    select
        all_rates.period,
        all_rates.measure,
        all_rates.basis,
        count(*) as areas_found,
        len(list_distinct(area_codes)) as areas_asked_for,
        string_agg(all_rates.area_code, ', ' order by all_rates.area_code) as area_codes_found,
        case when count(*) < len(list_distinct(area_codes)) then 'missing' else {{ worst_status('status') }} end as parts_status,
        cast(sum(numerator) as bigint) as members_numerator,
        cast(sum(denominator) as bigint) as members_denominator
    from all_rates
    where list_contains(area_codes, all_rates.area_code) and all_rates.period = period and all_rates.measure = measure
    group by all_rates.period, all_rates.measure, all_rates.basis

),

problems as (

    select case
        when coalesce(len(area_codes), 0) = 0 then 'No area was named.'
        when areas_unknown.codes is not null then 'No area is known with the code ' || areas_unknown.codes || ' (dim_area).'
        when not exists (select 1 from marts.dim_measure as measures where measures.measure = measure)
            then 'No measure is called ' || coalesce(measure, 'NULL') || ' (dim_measure).'
        when areas_overlapping.pairs is not null then 'Somebody would be counted twice: ' || areas_overlapping.pairs || '.'
        when not exists (select 1 from all_rates where all_rates.period = period)
            then 'No area has figures for the period ' || coalesce(period, 'NULL') || '.'
        when not exists (select 1 from areas_added) then 'None of these areas has figures of this measure for ' || period || '.'
    end as problem
    from areas_unknown
    cross join areas_overlapping

),

sums_with_status as (

    select
        *,
        case when parts_status = 'ok' and members_denominator = 0 then 'no_births' else parts_status end as status,
        case when parts_status = 'ok' then members_numerator end as numerator,
        case when parts_status = 'ok' then members_denominator end as denominator
    from areas_added

),

sums_rated as (

    select
        sums_with_status.basis,
        sums_with_status.period,
        sums_with_status.measure,
        sums_with_status.areas_asked_for,
        sums_with_status.areas_found,
        sums_with_status.area_codes_found,
        sums_with_status.status,
        sums_with_status.numerator,
        sums_with_status.denominator,
        case
            when sums_with_status.status = 'ok' then {{ rate_per_1000('sums_with_status.numerator', 'sums_with_status.denominator') }}
        end as rate_per_1000,
        {%- for level in ['95', '99_8'] %}
        {%- for side in ['lower', 'upper'] %}
        {%- set limit = side ~ '_' ~ level %}
        {{ poisson_rate_limit(
            side, level, 'sums_with_status.numerator', 'sums_with_status.denominator', 'poisson_limits.' ~ limit
        ) }} as {{ limit }},
        {%- endfor %}
        {%- endfor %}
        {{ reliability_flag('sums_with_status.numerator', 'sums_with_status.status') }} as reliability_flag,
        case
            when sums_with_status.areas_found < sums_with_status.areas_asked_for
                then 'Figures stand for ' || sums_with_status.area_codes_found || ' alone.'
            when sums_with_status.status <> 'ok' then 'No rate: ' || sums_with_status.status || '.'
        end as reason
    from sums_with_status
    left join poisson_limits on sums_with_status.numerator = poisson_limits.event_count

),

answers as (

    select sums_rated.*
    from sums_rated
    cross join problems
    where problems.problem is null
    union all by name
    select
        period as period,
        measure as measure,
        len(list_distinct(area_codes)) as areas_asked_for,
        problems.problem as reason
    from problems
    where problems.problem is not null

)

select * from answers
order by answers.basis
{%- endmacro %}
