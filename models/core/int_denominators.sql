with counts as (

    select * from {{ ref('int_counts') }}

),

items as (

    select * from {{ ref('items') }}

),

bases as (

    select distinct basis from counts

),

-- The counts that are used, those of them that were published, and all that a source of users' counts gives, used or not: deaths of a
-- source belong over its own births, and a printed rate over published ones.
counts_of_sources as (

    select
        *,
        'all' as offered_by
    from counts
    where choice = 1
    union all
    select
        *,
        'published' as offered_by
    from counts
    where choice = 1 and not is_supplied
    union all
    select
        *,
        'supplied/' || cast(precedence as varchar) as offered_by
    from counts
    where is_supplied

),

-- A birth is the same event whether the deaths beside it are put into the year of their registration or of their occurrence. So births
-- that stand in a publication of one basis are births for the other one too, but only where that has none of its own, so that a rate stands
-- over the births that its publisher divided by (England 2014: 661,496 in the births table, 661,501 in the child mortality tables).
counts_offered as (

    select
        counts.offered_by,
        counts.area_code,
        counts.data_year,
        counts.years_in_count,
        bases.basis,
        counts.item,
        counts.count_value,
        counts.count_status,
        counts.publication,
        counts.is_supplied,
        counts.is_derived,
        counts.basis <> bases.basis as is_from_other_basis,
        row_number() over (
            partition by counts.offered_by, counts.area_code, counts.data_year, counts.years_in_count, counts.item, bases.basis
            order by case when counts.basis = bases.basis then 1 else 2 end asc, counts.basis asc nulls last, counts.choice asc nulls last
        ) as choice
    from counts_of_sources as counts
    inner join items on counts.item = items.item
    inner join bases on counts.basis = bases.basis or not items.has_own_basis

),

denominator_counts_chosen as (

    select
        offered_by,
        area_code,
        data_year,
        years_in_count,
        basis,
        item,
        count_value,
        count_status,
        publication,
        is_supplied,
        is_derived,
        is_from_other_basis
    from counts_offered
    where choice = 1

)

select * from denominator_counts_chosen
