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
components_joined_to_counts as (

    select
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
        false as is_from_other_basis,
        counts.publication
    from measure_components
    inner join counts on measure_components.item = counts.item
    where measure_components.role like 'numerator%'
    union all
    select
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
        denominator_counts.is_from_other_basis,
        denominator_counts.publication
    from measure_components
    inner join denominator_counts on measure_components.item = denominator_counts.item
    where measure_components.role like 'denominator%'

),

-- A part that was never published (stillbirths of areas before 2018) leaves a side with fewer rows than it has
-- components. A numerator like that is no row at all; a denominator like that is missing.
sides_added_up as (

    select
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
        max(case when is_from_other_basis then 1 else 0 end) as components_from_other_basis,
        min(publication) as first_publication,
        max(publication) as last_publication
    from components_joined_to_counts
    group by area_code, data_year, years_in_count, basis, measure, role
    having count(*) = max(components) or role = 'denominator'

),

-- A side that a source gives only as a whole (supplied NHS figures: stillbirths and deaths under 28 days in one number) stands in where
-- its components do not add up to a count, and comes before births of the other basis.
sides_or_wholes as (

    select
        *,
        replace(role, '_whole', '') as side,
        row_number() over (
            partition by area_code, data_year, years_in_count, basis, measure, replace(role, '_whole', '')
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

numerators as (

    select * from sides_or_wholes
    where side = 'numerator' and choice = 1

),

denominators as (

    select * from sides_or_wholes
    where side = 'denominator' and choice = 1

),

numerators_joined_to_denominators as (

    select
        numerators.area_code,
        numerators.data_year,
        numerators.years_in_count,
        numerators.basis,
        numerators.measure,
        numerators.side_count as numerator,
        denominators.side_count as denominator,
        {{ rate_status(
            'numerators.side_count', 'numerators.side_status',
            'denominators.side_count', "coalesce(denominators.side_status, 'missing')",
            'measures.numerator_lies_within_denominator'
        ) }} as status,
        numerators.is_derived as is_numerator_derived,
        numerators.is_supplied or coalesce(denominators.is_supplied, false) as is_supplied,
        numerators.last_publication as numerator_publication,
        -- Live births and stillbirths may come from two.
        case
            when denominators.first_publication = denominators.last_publication then denominators.last_publication
            else denominators.first_publication || ' and ' || denominators.last_publication
        end as denominator_publication
    from numerators
    inner join measures on numerators.measure = measures.measure
    left join denominators
        on numerators.area_code = denominators.area_code
        and numerators.data_year = denominators.data_year
        and numerators.years_in_count = denominators.years_in_count
        and numerators.basis = denominators.basis
        and numerators.measure = denominators.measure

)

select * from numerators_joined_to_denominators
