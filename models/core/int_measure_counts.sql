with counts as (

    select * from {{ ref('int_counts') }}
    where choice = 1

),

denominator_counts as (

    select * from {{ ref('int_denominators') }}

),

measure_components as (

    select * from {{ ref('stg_reference__measure_components') }}

),

measures as (

    select * from {{ ref('measures') }}

),

-- Stillbirths that are counted with the deaths keep to the basis of these: only births below the line may come from the other basis.
numerator_components as (

    select
        'all' as offered_by,
        counts.area_code,
        counts.data_year,
        counts.years_in_count,
        counts.basis,
        measure_components.measure,
        measure_components.role,
        measure_components.components,
        counts.count_value,
        counts.count_status,
        counts.is_derived,
        counts.is_supplied,
        case when counts.is_supplied then counts.precedence end as supplied_precedence,
        false as is_from_other_basis,
        counts.publication
    from measure_components
    inner join counts on measure_components.item = counts.item
    where measure_components.role like 'numerator%'

),

-- Births alone make no rate: most areas have deaths for a few of the measures only.
rates_sought as (

    select distinct
        area_code,
        data_year,
        years_in_count,
        basis,
        measure
    from numerator_components

),

components_joined_to_counts as (

    select * from numerator_components
    union all
    select
        denominator_counts.offered_by,
        denominator_counts.area_code,
        denominator_counts.data_year,
        denominator_counts.years_in_count,
        denominator_counts.basis,
        measure_components.measure,
        measure_components.role,
        measure_components.components,
        denominator_counts.count_value,
        denominator_counts.count_status,
        denominator_counts.is_derived,
        denominator_counts.is_supplied,
        cast(null as integer) as supplied_precedence,
        denominator_counts.is_from_other_basis,
        denominator_counts.publication
    from measure_components
    inner join denominator_counts on measure_components.item = denominator_counts.item
    inner join rates_sought
        on denominator_counts.area_code = rates_sought.area_code
        and denominator_counts.data_year = rates_sought.data_year
        and denominator_counts.years_in_count = rates_sought.years_in_count
        and denominator_counts.basis = rates_sought.basis
        and measure_components.measure = rates_sought.measure
    where measure_components.role like 'denominator%'
        or (denominator_counts.offered_by like 'supplied/%' and not denominator_counts.is_from_other_basis)

),

-- A part that was never published (stillbirths of areas before 2018) leaves a side with fewer rows than it has
-- components. A numerator like that is no row at all; a denominator like that is missing.
sides_added_up as (

    select
        offered_by,
        area_code,
        data_year,
        years_in_count,
        basis,
        measure,
        role,
        case
            when count(*) < max(components) then 'missing'
            else {{ worst_status('count_status') }}
        end as side_status,
        case
            when count(*) = max(components) and {{ worst_status('count_status') }} in ('ok', 'invalid')
                then cast(sum(count_value) as bigint)
        end as side_count,
        max(case when is_derived then 1 else 0 end) = 1 as is_derived,
        max(case when is_supplied then 1 else 0 end) = 1 as is_supplied,
        'supplied/' || cast(max(supplied_precedence) as varchar) as supplied_source,
        max(case when is_from_other_basis then 1 else 0 end) as components_from_other_basis,
        min(publication) as first_publication,
        max(publication) as last_publication
    from components_joined_to_counts
    group by offered_by, area_code, data_year, years_in_count, basis, measure, role
    having count(*) = max(components) or role = 'denominator'

),

-- A side that a source gives only as a whole (supplied NHS figures: stillbirths and deaths under 28 days in one number) stands in where
-- its components do not add up to a count, and comes before births of the other basis.
sides_or_wholes as (

    select
        *,
        replace(role, '_whole', '') as side,
        row_number() over (
            partition by offered_by, area_code, data_year, years_in_count, basis, measure, replace(role, '_whole', '')
            order by
                case
                    when side_status not in ('ok', 'invalid') and role not like '%whole' then 4
                    when components_from_other_basis = 1 then 3
                    when role like '%whole' then 2
                    else 1
                end asc
        ) as choice
    from sides_added_up

),

-- Both sides of a source's rate in one row.
rates_of_sources as (

    select
        offered_by,
        area_code,
        data_year,
        years_in_count,
        basis,
        measure,
        {%- for side in ['numerator', 'denominator'] %}
        {%- for column in ['status', 'count'] %}
        max(case when side = '{{ side }}' then side_{{ column }} end) as {{ side }}_{{ column }},
        {%- endfor %}
        {%- for column in ['first_publication', 'last_publication'] %}
        max(case when side = '{{ side }}' then {{ column }} end) as {{ side }}_{{ column }},
        {%- endfor %}
        max(case when side = '{{ side }}' and is_supplied then 1 else 0 end) = 1 as is_{{ side }}_supplied,
        {%- endfor %}
        max(case when side = 'numerator' and is_derived then 1 else 0 end) = 1 as is_numerator_derived,
        max(case when side = 'numerator' then supplied_source end) as supplied_source
    from sides_or_wholes
    where choice = 1
    group by offered_by, area_code, data_year, years_in_count, basis, measure
    having max(case when side = 'numerator' then 1 else 0 end) = 1

),

-- Of two sources' births of one area and year, whether they are so far apart that deaths of the one cannot stand over births of the other:
-- those of a user's source and those used, and those used and those published.
births_compared as (

    select
        own_births.offered_by,
        own_births.area_code,
        own_births.data_year,
        own_births.years_in_count,
        own_births.basis,
        max(case
            when abs(own_births.count_value - births_used.count_value) > 0.02 * births_used.count_value then 1 else 0
        end) = 1 as are_far_apart
    from denominator_counts as own_births
    inner join denominator_counts as births_used
        on own_births.area_code = births_used.area_code
        and own_births.data_year = births_used.data_year
        and own_births.years_in_count = births_used.years_in_count
        and own_births.basis = births_used.basis
        and own_births.item = births_used.item
    where (
        (own_births.offered_by like 'supplied/%' and births_used.offered_by = 'all')
        or (own_births.offered_by = 'all' and births_used.offered_by = 'published')
    )
    and own_births.item like 'live_births%'
    group by
        own_births.offered_by,
        own_births.area_code,
        own_births.data_year,
        own_births.years_in_count,
        own_births.basis

),

-- Deaths of a user's source stand over births of that source, where it has any for the area and year; the rate is then all its own.
rates_chosen as (

    select
        used.area_code,
        used.data_year,
        used.years_in_count,
        used.basis,
        used.measure,
        {%- for column in [
            'numerator_status', 'numerator_count', 'numerator_last_publication', 'denominator_status', 'denominator_count',
            'denominator_first_publication', 'denominator_last_publication', 'is_numerator_supplied', 'is_denominator_supplied',
            'is_numerator_derived',
        ] %}
        case when own.offered_by is null then used.{{ column }} else own.{{ column }} end as {{ column }},
        {%- endfor %}
        own.offered_by is null as is_of_all_sources,
        own.offered_by is null
        and (coalesce(births_compared.are_far_apart, false) or coalesce(births_beside_published.are_far_apart, false))
            as is_mixed_and_far_apart
    from rates_of_sources as used
    left join rates_of_sources as own
        on used.supplied_source = own.offered_by
        and used.area_code = own.area_code
        and used.data_year = own.data_year
        and used.years_in_count = own.years_in_count
        and used.basis = own.basis
        and used.measure = own.measure
        and own.denominator_status <> 'missing'
    left join births_compared
        on used.supplied_source = births_compared.offered_by
        and used.area_code = births_compared.area_code
        and used.data_year = births_compared.data_year
        and used.years_in_count = births_compared.years_in_count
        and used.basis = births_compared.basis
    left join births_compared as births_beside_published
        on births_beside_published.offered_by = 'all'
        and used.area_code = births_beside_published.area_code
        and used.data_year = births_beside_published.data_year
        and used.years_in_count = births_beside_published.years_in_count
        and used.basis = births_beside_published.basis
    where used.offered_by = 'all'

),

measure_counts as (

    select
        rates.area_code,
        rates.data_year,
        rates.years_in_count,
        rates.basis,
        rates.measure,
        rates.numerator_count as numerator,
        rates.denominator_count as denominator,
        {{ rate_status(
            'rates.numerator_count',
            "case when rates.is_mixed_and_far_apart then 'invalid' else rates.numerator_status end",
            'rates.denominator_count', "coalesce(rates.denominator_status, 'missing')",
            'measures.numerator_lies_within_denominator'
        ) }} as status,
        rates.is_numerator_derived,
        rates.is_numerator_supplied or rates.is_denominator_supplied as is_supplied,
        -- Not one source that has both sides, and not the published figures alone.
        rates.is_of_all_sources
        and (rates.is_numerator_supplied or rates.is_denominator_supplied)
        and coalesce(rates.denominator_status, 'missing') <> 'missing' as is_from_two_sources,
        rates.numerator_last_publication as numerator_publication,
        -- Live births and stillbirths may come from two.
        case
            when rates.denominator_first_publication = rates.denominator_last_publication then rates.denominator_last_publication
            else rates.denominator_first_publication || ' and ' || rates.denominator_last_publication
        end as denominator_publication
    from rates_chosen as rates
    inner join measures on rates.measure = measures.measure

)

select * from measure_counts
