with counts as (

    select * from {{ ref('int_counts') }}
    where choice = 1

),

items as (

    select * from {{ ref('items') }}

),

bases as (

    select distinct basis from counts

),

-- A birth is the same event whether the deaths beside it are put into the year of their registration or of their occurrence. So births
-- that stand in a publication of one basis are births for the other one too, but only where that has none of its own, so that a rate stands
-- over the births that its publisher divided by (England 2014: 661,496 in the births table, 661,501 in the child mortality tables).
counts_offered as (

    select
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
            partition by counts.area_code, counts.data_year, counts.years_in_count, counts.item, bases.basis
            order by case when counts.basis = bases.basis then 1 else 2 end asc, counts.basis asc nulls last
        ) as choice
    from counts
    inner join items on counts.item = items.item
    inner join bases on counts.basis = bases.basis or not items.has_own_basis

),

denominator_counts_chosen as (

    select
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
