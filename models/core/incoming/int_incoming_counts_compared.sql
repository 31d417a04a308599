with counts as (

    select * from {{ ref('int_incoming_counts_listed') }}

),

faults as (

    select
        source_file,
        source_line
    from {{ ref('int_incoming_faults_found') }}
    group by source_file, source_line

),

figures as (

    select * from {{ ref('int_figures_published') }}

),

item_parts as (

    select * from {{ ref('item_parts') }}

),

items as (

    select * from {{ ref('items') }}

),

supplied_areas as (

    select * from {{ ref('int_incoming_areas_placed') }}

),

areas as (

    select * from {{ ref('stg_areas__areas') }}

),

counts_without_fault as (

    select
        counts.*,
        -- What is compared: the number, or the mark in its place.
        coalesce(cast(counts.count_value as varchar), counts.count_mark) as count_said,
        row_number() over (
            partition by counts.area_code, counts.first_year, counts.last_year, counts.basis, counts.item, counts.precedence
            order by counts.source_file asc, counts.source_line asc, counts.place asc
        ) as mention
    from counts
    left join faults
        on counts.source_file = faults.source_file
        and counts.source_line = faults.source_line
    where faults.source_file is null

),

mentions_counted as (

    select
        precedence,
        area_code,
        first_year,
        last_year,
        basis,
        item,
        min(count_said) as lowest_said,
        max(count_said) as highest_said,
        min(case when mention = 1 then source_file end) as first_file,
        min(case when mention = 1 then source_line end) as first_line
    from counts_without_fault
    group by precedence, area_code, first_year, last_year, basis, item

),

-- Two rows that say the same are one and a repeat; two that differ leave nobody to say which is right.
mentions_beside_the_first as (

    select
        counts_without_fault.*,
        mentions_counted.lowest_said <> mentions_counted.highest_said as is_contradicted,
        mentions_counted.lowest_said,
        mentions_counted.highest_said,
        mentions_counted.first_file,
        mentions_counted.first_line
    from counts_without_fault
    inner join mentions_counted
        on counts_without_fault.precedence = mentions_counted.precedence
        and counts_without_fault.area_code = mentions_counted.area_code
        and counts_without_fault.first_year = mentions_counted.first_year
        and counts_without_fault.last_year = mentions_counted.last_year
        and counts_without_fault.basis = mentions_counted.basis
        and counts_without_fault.item = mentions_counted.item

),

counts_offered as (

    select
        area_code,
        first_year,
        last_year,
        basis,
        item,
        count_value,
        precedence,
        true as is_supplied
    from mentions_beside_the_first
    where mention = 1 and not is_contradicted and count_value is not null
    union all
    select
        area_code,
        data_year as first_year,
        data_year as last_year,
        basis,
        item,
        count_value,
        precedence,
        false as is_supplied
    from figures
    where count_status = 'ok' and count_value is not null

),

-- Whichever file a count comes from, it is held against those that would be used beside it.
counts_in_order as (

    select
        *,
        row_number() over (partition by area_code, first_year, last_year, basis, item order by precedence asc) as choice
    from counts_offered

),

counts_chosen as (

    select * from counts_in_order
    where choice = 1

),

items_paired as (

    select
        wholes.area_code,
        wholes.first_year,
        wholes.last_year,
        wholes.basis,
        item_parts.whole_item,
        item_parts.part_item,
        item_parts.is_one_of_all_parts,
        wholes.count_value as whole_value,
        parts.count_value as part_value
    from item_parts
    inner join counts_chosen as wholes on item_parts.whole_item = wholes.item
    inner join counts_chosen as parts
        on item_parts.part_item = parts.item
        and wholes.area_code = parts.area_code
        and wholes.first_year = parts.first_year
        and wholes.last_year = parts.last_year
        and wholes.basis = parts.basis

),

parts_counted as (

    select
        whole_item,
        count(*) as parts_expected
    from item_parts
    where is_one_of_all_parts
    group by whole_item

),

parts_added_up as (

    select
        items_paired.area_code,
        items_paired.first_year,
        items_paired.last_year,
        items_paired.basis,
        items_paired.whole_item,
        max(items_paired.whole_value) as whole_value,
        sum(items_paired.part_value) as parts_value,
        count(*) as parts_found
    from items_paired
    where items_paired.is_one_of_all_parts
    group by items_paired.area_code, items_paired.first_year, items_paired.last_year, items_paired.basis, items_paired.whole_item

),

sums_broken as (

    select
        parts_added_up.area_code,
        parts_added_up.first_year,
        parts_added_up.last_year,
        parts_added_up.basis,
        parts_added_up.whole_item,
        parts_added_up.whole_value,
        parts_added_up.parts_value
    from parts_added_up
    inner join parts_counted
        on parts_added_up.whole_item = parts_counted.whole_item
        and parts_added_up.parts_found = parts_counted.parts_expected
    where parts_added_up.whole_value <> parts_added_up.parts_value

),

area_parents as (

    select
        area_code,
        county_code as parent_code
    from areas
    where county_code <> area_code
    union
    select
        area_code,
        region_code as parent_code
    from areas
    where region_code <> area_code
    union
    select
        area_code,
        country_code as parent_code
    from areas
    where country_code <> area_code
    union
    select
        area_code,
        parent_area_code as parent_code
    from supplied_areas
    where parent_area_code is not null
    union
    select
        area_code,
        top_area_code as parent_code
    from supplied_areas
    where top_area_code is not null

),

children_above_parents as (

    select
        children.first_year,
        children.last_year,
        children.basis,
        children.item,
        children.area_code as child_code,
        parents.area_code as parent_code,
        children.count_value as child_value,
        parents.count_value as parent_value
    from area_parents
    inner join counts_chosen as children on area_parents.area_code = children.area_code
    inner join counts_chosen as parents
        on area_parents.parent_code = parents.area_code
        and children.first_year = parents.first_year
        and children.last_year = parents.last_year
        and children.basis = parents.basis
        and children.item = parents.item
    where children.count_value > parents.count_value

),

-- Where not every year of a period is known, those that are cannot hold more than all of it.
years_above_periods as (

    select
        periods.first_year,
        periods.last_year,
        periods.basis,
        periods.item,
        periods.area_code,
        periods.count_value as period_value,
        sum(years.count_value) as years_value,
        count(*) as years_known
    from counts_chosen as periods
    inner join counts_chosen as years
        on periods.area_code = years.area_code
        and periods.basis = years.basis
        and periods.item = years.item
        and years.first_year = years.last_year
        and years.first_year between periods.first_year and periods.last_year
    where periods.first_year < periods.last_year
    group by periods.first_year, periods.last_year, periods.basis, periods.item, periods.area_code, periods.count_value
    having count(*) <= periods.last_year - periods.first_year
        and sum(years.count_value) > periods.count_value

),

-- Which of the counts is wrong nobody can say: each of them that was supplied is set aside.
counts_impossible as (

    select
        'part_above_whole' as fault_code,
        area_code,
        first_year,
        last_year,
        basis,
        part_item as item,
        part_item,
        whole_item,
        cast(part_value as varchar) || ' of ' || cast(whole_value as varchar) as detail
    from items_paired
    where part_value > whole_value
    union all
    select
        'part_above_whole' as fault_code,
        area_code,
        first_year,
        last_year,
        basis,
        whole_item as item,
        part_item,
        whole_item,
        cast(part_value as varchar) || ' of ' || cast(whole_value as varchar) as detail
    from items_paired
    where part_value > whole_value
    union all
    select
        'parts_do_not_sum' as fault_code,
        sums_broken.area_code,
        sums_broken.first_year,
        sums_broken.last_year,
        sums_broken.basis,
        sums_broken.whole_item as item,
        cast(null as varchar) as part_item,
        sums_broken.whole_item,
        cast(sums_broken.parts_value as varchar) || ' beside ' || cast(sums_broken.whole_value as varchar) as detail
    from sums_broken
    union all
    select
        'parts_do_not_sum' as fault_code,
        sums_broken.area_code,
        sums_broken.first_year,
        sums_broken.last_year,
        sums_broken.basis,
        item_parts.part_item as item,
        cast(null as varchar) as part_item,
        sums_broken.whole_item,
        cast(sums_broken.parts_value as varchar) || ' beside ' || cast(sums_broken.whole_value as varchar) as detail
    from sums_broken
    inner join item_parts
        on sums_broken.whole_item = item_parts.whole_item
        and item_parts.is_one_of_all_parts
    union all
    select
        'child_above_parent' as fault_code,
        child_code as area_code,
        first_year,
        last_year,
        basis,
        item,
        cast(null as varchar) as part_item,
        cast(null as varchar) as whole_item,
        cast(child_value as varchar) || ' in ' || child_code || ', ' || cast(parent_value as varchar) || ' in ' || parent_code as detail
    from children_above_parents
    union all
    select
        'child_above_parent' as fault_code,
        parent_code as area_code,
        first_year,
        last_year,
        basis,
        item,
        cast(null as varchar) as part_item,
        cast(null as varchar) as whole_item,
        cast(child_value as varchar) || ' in ' || child_code || ', ' || cast(parent_value as varchar) || ' in ' || parent_code as detail
    from children_above_parents
    union all
    select
        'years_above_period' as fault_code,
        years_above_periods.area_code,
        mentions.first_year,
        mentions.last_year,
        years_above_periods.basis,
        years_above_periods.item,
        cast(null as varchar) as part_item,
        cast(null as varchar) as whole_item,
        cast(years_above_periods.years_value as varchar) || ' in ' || cast(years_above_periods.years_known as varchar)
        || ' of its years, ' || cast(years_above_periods.period_value as varchar) || ' in '
        || cast(years_above_periods.first_year as varchar) || '-' || cast(years_above_periods.last_year as varchar) as detail
    from years_above_periods
    inner join counts_chosen as mentions
        on years_above_periods.area_code = mentions.area_code
        and years_above_periods.basis = mentions.basis
        and years_above_periods.item = mentions.item
        and years_above_periods.first_year <= mentions.first_year
        and years_above_periods.last_year >= mentions.last_year
        and (
            mentions.first_year = mentions.last_year
            or mentions.last_year - mentions.first_year = years_above_periods.last_year - years_above_periods.first_year
        )

),

counts_compared as (

    select
        source_file,
        source_line,
        place,
        case when is_contradicted then 'counts_contradict' else 'count_repeated' end as fault_code,
        count_column as column_name,
        count_text as problem_value,
        case
            when is_contradicted then lowest_said || ' and ' || highest_said || ' among them'
            else first_file || ', line ' || cast(first_line as varchar)
        end as detail,
        cast(null as varchar) as part_name,
        cast(null as varchar) as whole_name,
        is_contradicted as is_of_whole_line
    from mentions_beside_the_first
    where is_contradicted or mention > 1
    union all
    select
        mentions.source_file,
        mentions.source_line,
        mentions.place,
        counts_impossible.fault_code,
        mentions.count_column as column_name,
        mentions.count_text as problem_value,
        min(counts_impossible.detail) as detail,
        min(lower(part_items.item_name)) as part_name,
        min(lower(whole_items.item_name)) as whole_name,
        true as is_of_whole_line
    from counts_impossible
    inner join counts_chosen
        on counts_impossible.area_code = counts_chosen.area_code
        and counts_impossible.first_year = counts_chosen.first_year
        and counts_impossible.last_year = counts_chosen.last_year
        and counts_impossible.basis = counts_chosen.basis
        and counts_impossible.item = counts_chosen.item
        and counts_chosen.is_supplied
    inner join mentions_beside_the_first as mentions
        on counts_chosen.area_code = mentions.area_code
        and counts_chosen.first_year = mentions.first_year
        and counts_chosen.last_year = mentions.last_year
        and counts_chosen.basis = mentions.basis
        and counts_chosen.item = mentions.item
        and counts_chosen.precedence = mentions.precedence
    left join items as part_items on counts_impossible.part_item = part_items.item
    left join items as whole_items on counts_impossible.whole_item = whole_items.item
    group by
        mentions.source_file,
        mentions.source_line,
        mentions.place,
        counts_impossible.fault_code,
        mentions.count_column,
        mentions.count_text

)

select * from counts_compared
