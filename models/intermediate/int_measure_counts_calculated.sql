with counts as (

    select * from {{ ref('int_counts_selected') }}

),

measure_components as (

    select * from {{ ref('stg_reference__measure_components') }}

),

measures as (

    select * from {{ ref('stg_reference__measures') }}

),

components_joined_to_counts as (

    select
        counts.area_code,
        counts.data_year,
        counts.basis,
        measure_components.measure,
        measure_components.role,
        measure_components.components,
        counts.count_value,
        counts.count_status,
        counts.is_derived,
        counts.publication
    from measure_components
    inner join counts on measure_components.item = counts.item

),

-- A part that was never published (stillbirths of areas before 2018) leaves a side with fewer rows than it has
-- components. A numerator like that is no row at all; a denominator like that is missing.
sides_added_up as (

    select
        area_code,
        data_year,
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
        max(publication) as publication
    from components_joined_to_counts
    group by area_code, data_year, basis, measure, role
    having count(*) = max(components) or role = 'denominator'

),

numerators as (

    select * from sides_added_up
    where role = 'numerator'

),

denominators as (

    select * from sides_added_up
    where role = 'denominator'

),

numerators_joined_to_denominators as (

    select
        numerators.area_code,
        numerators.data_year,
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
        numerators.publication as numerator_publication,
        denominators.publication as denominator_publication
    from numerators
    inner join measures on numerators.measure = measures.measure
    left join denominators
        on numerators.area_code = denominators.area_code
        and numerators.data_year = denominators.data_year
        and numerators.basis = denominators.basis
        and numerators.measure = denominators.measure

)

select * from numerators_joined_to_denominators
