with counts as (

    select * from {{ ref('int_measure_counts_calculated') }}
    where years_in_count = 1

),

-- A county that became one district is the same area under another code, and districts merged whole are together the new one.
area_lineage as (

    select * from {{ ref('area_lineage') }}
    where change_type in ('recode', 'merger')

),

predecessors_counted as (

    select
        successor_code,
        change_type,
        count(*) as predecessors
    from area_lineage
    group by successor_code, change_type

),

-- Where one predecessor has no row there is no sum; where one has no count the status says why.
predecessors_added_up as (

    select
        area_lineage.successor_code as area_code,
        counts.data_year,
        counts.basis,
        counts.measure,
        area_lineage.change_type,
        {{ worst_status('counts.status') }} as status,
        cast(sum(counts.numerator) as bigint) as numerator,
        cast(sum(counts.denominator) as bigint) as denominator,
        max(case when counts.is_numerator_derived then 1 else 0 end) = 1 as is_numerator_derived,
        max(case when counts.is_supplied then 1 else 0 end) = 1 as is_supplied,
        max(counts.numerator_publication) as numerator_publication,
        max(counts.denominator_publication) as denominator_publication
    from area_lineage
    inner join predecessors_counted
        on area_lineage.successor_code = predecessors_counted.successor_code
        and area_lineage.change_type = predecessors_counted.change_type
    inner join counts on area_lineage.predecessor_code = counts.area_code
    group by area_lineage.successor_code, counts.data_year, counts.basis, counts.measure, area_lineage.change_type
    having count(*) = max(predecessors_counted.predecessors)

),

-- A whole that was printed as one comes before the sum of its districts.
predecessors_in_order as (

    select
        *,
        row_number() over (
            partition by area_code, data_year, basis, measure
            order by case change_type when 'recode' then 1 else 2 end asc
        ) as choice
    from predecessors_added_up

),

-- Only for years in which the area has no figure of its own.
counts_before_change as (

    select predecessors_in_order.*
    from predecessors_in_order
    left join counts
        on predecessors_in_order.area_code = counts.area_code
        and predecessors_in_order.data_year = counts.data_year
        and predecessors_in_order.basis = counts.basis
        and predecessors_in_order.measure = counts.measure
    where predecessors_in_order.choice = 1
        and counts.area_code is null

),

counts_carried_over as (

    select
        area_code,
        data_year,
        basis,
        measure,
        numerator,
        denominator,
        status,
        is_numerator_derived,
        is_supplied,
        numerator_publication,
        denominator_publication,
        false as is_like_for_like
    from counts
    union all
    select
        area_code,
        data_year,
        basis,
        measure,
        case when status in ('ok', 'invalid') then numerator end as numerator,
        case when status in ('ok', 'invalid') then denominator end as denominator,
        status,
        is_numerator_derived,
        is_supplied,
        numerator_publication,
        denominator_publication,
        true as is_like_for_like
    from counts_before_change

)

select * from counts_carried_over
