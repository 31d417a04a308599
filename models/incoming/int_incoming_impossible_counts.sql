{%- set count_key = 'area_code, first_year, last_year, basis' -%}
with mentions as (

    select * from {{ ref('int_incoming_mentions') }}

),

figures as (

    select * from {{ ref('int_figures_published') }}
    where count_status = 'ok' and count_value is not null

),

item_parts as (

    select
        *,
        count(*) over (partition by whole_item, is_one_of_all_parts) as parts_expected
    from {{ ref('item_parts') }}

),

items as (

    select * from {{ ref('items') }}

),

supplied_areas as (

    select * from {{ ref('int_incoming_area_chains') }}

),

areas as (

    select * from {{ ref('stg_areas__areas') }}

),

area_levels as (

    select * from {{ ref('int_area_levels') }}

),

counts_offered as (

    select
        {{ count_key }},
        item,
        count_value,
        precedence,
        true as is_supplied
    from mentions
    where fault_code is null and count_value is not null
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

),

counts_in_order as (

    select
        *,
        row_number() over (partition by {{ count_key }}, item order by precedence asc) as choice
    from counts_offered

),

-- Whichever file a count comes from, it is held against those that would be used beside it.
counts_chosen as (

    select * from counts_in_order
    where choice = 1

),

items_beside_parts as (

    select
        wholes.area_code,
        wholes.first_year,
        wholes.last_year,
        wholes.basis,
        wholes.precedence,
        parts.precedence as part_precedence,
        item_parts.whole_item,
        item_parts.part_item,
        item_parts.parts_expected,
        item_parts.is_one_of_all_parts,
        wholes.count_value as whole_value,
        parts.count_value as part_value,
        case when wholes.is_supplied and wholes.precedence = parts.precedence then 1 else 0 end as is_of_one_source
    from item_parts
    inner join counts_in_order as wholes on item_parts.whole_item = wholes.item
    inner join counts_in_order as parts
        on item_parts.part_item = parts.item
        and wholes.area_code = parts.area_code
        and wholes.first_year = parts.first_year
        and wholes.last_year = parts.last_year
        and wholes.basis = parts.basis
    where (wholes.choice = 1 and parts.choice = 1)
        or (wholes.is_supplied and wholes.precedence = parts.precedence and (wholes.choice = 1 or parts.choice = 1))

),

-- Counts of one source belong together: each is held against those of its own, and against what others have where it has none.
items_beside_own_parts as (

    select
        *,
        max(is_of_one_source) over (partition by {{ count_key }}, whole_item, part_item, precedence) as whole_has_own_part,
        max(is_of_one_source) over (partition by {{ count_key }}, whole_item, part_item, part_precedence) as part_has_own_whole
    from items_beside_parts

),

items_paired as (

    select * from items_beside_own_parts
    where is_of_one_source = 1 or (whole_has_own_part = 0 and part_has_own_whole = 0)

),

-- Parts and wholes that were each rounded may miss each other by one for each part.
sums_missed as (

    select
        {{ count_key }},
        whole_item,
        max(whole_value) as whole_value,
        sum(part_value) as parts_value,
        case when abs(sum(part_value) - max(whole_value)) <= parts_expected then 'parts_rounded' else 'parts_do_not_sum' end as fault_code
    from items_paired
    where is_one_of_all_parts
    group by {{ count_key }}, precedence, whole_item, parts_expected
    having count(*) = parts_expected and sum(part_value) <> max(whole_value)

),

areas_within_others as (

    select
        areas.area_code,
        wholes.parent_code
    from areas
    cross join lateral (values (areas.county_code), (areas.region_code), (areas.country_code)) as wholes (parent_code)
    where areas.area_code <> wholes.parent_code
    union
    select
        supplied_areas.area_code,
        wholes.parent_code
    from supplied_areas
    cross join lateral (values (supplied_areas.parent_area_code), (supplied_areas.top_area_code)) as wholes (parent_code)
    where wholes.parent_code is not null

),

-- Impossible beside the other counts of its own area, it says nothing of the area that contains it.
counts_impossible_alone as (

    select distinct
        {{ count_key }},
        items_involved.item
    from items_paired
    cross join lateral (values (items_paired.part_item), (items_paired.whole_item)) as items_involved (item)
    where items_paired.part_value > items_paired.whole_value

),

counts_possible_alone as (

    select counts_chosen.*
    from counts_chosen
    left join counts_impossible_alone
        on counts_chosen.area_code = counts_impossible_alone.area_code
        and counts_chosen.first_year = counts_impossible_alone.first_year
        and counts_chosen.last_year = counts_impossible_alone.last_year
        and counts_chosen.basis = counts_impossible_alone.basis
        and counts_chosen.item = counts_impossible_alone.item
    where counts_impossible_alone.area_code is null

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
    from areas_within_others
    inner join counts_possible_alone as children on areas_within_others.area_code = children.area_code
    inner join counts_chosen as parents
        on areas_within_others.parent_code = parents.area_code
        and children.first_year = parents.first_year
        and children.last_year = parents.last_year
        and children.basis = parents.basis
        and children.item = parents.item
    where children.count_value > parents.count_value

),

-- Areas of one level have no people in common, as long as none of them contains another by a later change.
areas_apart as (

    select
        area_levels.ranking_level,
        area_levels.area_code,
        area_levels.exists_from_year,
        area_levels.exists_to_year,
        wholes.parent_code
    from area_levels
    cross join
        lateral (
            values (area_levels.benchmark_area_code), (area_levels.region_code), (area_levels.county_code)
        ) as wholes (parent_code)
    where area_levels.area_code <> wholes.parent_code
    union
    select
        ranking_level,
        area_code,
        first_year as exists_from_year,
        last_year as exists_to_year,
        parent_area_code as parent_code
    from supplied_areas
    where ranking_level is not null and parent_area_code is not null

),

children_together as (

    select
        children.first_year,
        children.last_year,
        children.basis,
        children.item,
        children.area_code as child_code,
        parents.area_code as parent_code,
        parents.count_value as parent_value,
        count(*) over same_level as children_counted,
        sum(children.count_value) over same_level as children_value
    from areas_apart
    inner join counts_possible_alone as children
        on areas_apart.area_code = children.area_code
        and children.is_supplied
        and coalesce(areas_apart.exists_from_year, children.first_year) <= children.first_year
        and coalesce(areas_apart.exists_to_year, children.last_year) >= children.last_year
    inner join counts_chosen as parents
        on areas_apart.parent_code = parents.area_code
        and children.first_year = parents.first_year
        and children.last_year = parents.last_year
        and children.basis = parents.basis
        and children.item = parents.item
        and children.count_value <= parents.count_value
    window same_level as (
        partition by
            areas_apart.ranking_level, areas_apart.parent_code, children.first_year, children.last_year, children.basis, children.item
    )

),

-- By far: counts that were rounded to tens are out by at most five each, and those of another day or definition by less than a tenth.
children_together_above as (

    select * from children_together
    where children_value > 1.1 * parent_value + 5 * children_counted

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
        items_paired.area_code,
        items_paired.first_year,
        items_paired.last_year,
        items_paired.basis,
        items_involved.item,
        items_paired.part_item,
        items_paired.whole_item,
        cast(items_paired.part_value as varchar) || ' of ' || cast(items_paired.whole_value as varchar) as detail
    from items_paired
    cross join lateral (values (items_paired.part_item), (items_paired.whole_item)) as items_involved (item)
    where items_paired.part_value > items_paired.whole_value
    union all
    select
        sums_missed.fault_code,
        sums_missed.area_code,
        sums_missed.first_year,
        sums_missed.last_year,
        sums_missed.basis,
        items_involved.item,
        cast(null as varchar) as part_item,
        sums_missed.whole_item,
        cast(sums_missed.parts_value as varchar) || ' beside ' || cast(sums_missed.whole_value as varchar) as detail
    from sums_missed
    inner join item_parts
        on sums_missed.whole_item = item_parts.whole_item
        and item_parts.is_one_of_all_parts
    cross join lateral (values (item_parts.part_item), (item_parts.whole_item)) as items_involved (item)
    union all
    select
        'child_above_parent' as fault_code,
        areas_involved.area_code,
        children.first_year,
        children.last_year,
        children.basis,
        children.item,
        cast(null as varchar) as part_item,
        cast(null as varchar) as whole_item,
        cast(children.child_value as varchar) || ' in ' || children.child_code || ', '
        || cast(children.parent_value as varchar) || ' in ' || children.parent_code as detail
    from children_above_parents as children
    cross join lateral (values (children.child_code), (children.parent_code)) as areas_involved (area_code)
    union all
    select distinct
        'children_above_parent' as fault_code,
        areas_involved.area_code,
        children.first_year,
        children.last_year,
        children.basis,
        children.item,
        cast(null as varchar) as part_item,
        cast(null as varchar) as whole_item,
        cast(children.children_value as varchar) || ' in ' || cast(children.children_counted as varchar) || ' parts of '
        || children.parent_code || ', which has ' || cast(children.parent_value as varchar) as detail
    from children_together_above as children
    cross join lateral (values (children.child_code), (children.parent_code)) as areas_involved (area_code)
    union all
    select
        'years_above_period' as fault_code,
        years_above_periods.area_code,
        counts_involved.first_year,
        counts_involved.last_year,
        years_above_periods.basis,
        years_above_periods.item,
        cast(null as varchar) as part_item,
        cast(null as varchar) as whole_item,
        cast(years_above_periods.years_value as varchar) || ' in ' || cast(years_above_periods.years_known as varchar)
        || ' of its years, ' || cast(years_above_periods.period_value as varchar) || ' in '
        || cast(years_above_periods.first_year as varchar) || '-' || cast(years_above_periods.last_year as varchar) as detail
    from years_above_periods
    inner join counts_chosen as counts_involved
        on years_above_periods.area_code = counts_involved.area_code
        and years_above_periods.basis = counts_involved.basis
        and years_above_periods.item = counts_involved.item
        and years_above_periods.first_year <= counts_involved.first_year
        and years_above_periods.last_year >= counts_involved.last_year
        and (
            counts_involved.first_year = counts_involved.last_year
            or counts_involved.last_year - counts_involved.first_year = years_above_periods.last_year - years_above_periods.first_year
        )

),

-- The count that was chosen, and the rows that repeat it.
impossible_counts_found as (

    select
        mentions.source_file,
        mentions.source_line,
        mentions.place,
        counts_impossible.fault_code,
        mentions.count_column as column_name,
        mentions.count_text as problem_value,
        min(counts_impossible.detail) as detail,
        min(lower(part_items.item_name)) as part_name,
        min(lower(whole_items.item_name)) as whole_name
    from counts_impossible
    inner join counts_chosen
        on counts_impossible.area_code = counts_chosen.area_code
        and counts_impossible.first_year = counts_chosen.first_year
        and counts_impossible.last_year = counts_chosen.last_year
        and counts_impossible.basis = counts_chosen.basis
        and counts_impossible.item = counts_chosen.item
        and counts_chosen.is_supplied
    inner join mentions
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

select * from impossible_counts_found
