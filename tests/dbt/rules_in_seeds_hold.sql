-- What must be true within a small table kept by hand, row by row or from row to row, if it says what is meant.
with item_parts as (

    select * from {{ ref('item_parts') }}

),

outcome_items as (

    select * from {{ ref('record_outcome_items') }}

),

areas as (

    select * from {{ ref('areas') }}

),

editions as (

    select
        *,
        lag(last_year) over (partition by used_for order by first_year asc) as last_year_before,
        max(last_year) over (partition by used_for) as last_year_of_all
    from {{ ref('deprivation_index_editions') }}

),

ranges_of_chance as (

    select
        *,
        coalesce(lag(below) over (order by at_least asc), 0) as below_before,
        max(below) over () as below_of_all,
        case out_of when 1000 then '% in 1,000%' when 100 then '% in 100' else '%' end as words_of_out_of
    from {{ ref('chance_words') }}

),

rules as (

    select
        *,
        max(rule_order) over (partition by rule_set) as last_rule,
        coalesce(is_computable, is_complete, is_fit, is_agreeing, is_possible, is_beyond_chance) is not null as has_condition
    from {{ ref('claim_rules') }}

),

files_with_counts as (

    select source_file from {{ ref('stg_ons__figures') }}
    union distinct
    select source_file from {{ ref('stg_nhs__figures') }}
    union distinct
    select 'supplied/births' as source_file
    union distinct
    select 'supplied/' || layout as source_file from {{ ref('incoming_layouts') }}
    where layout not in ('areas', 'columns')

),

-- Groups that bear the name of a county, as far as the county is made of areas that ONS prints.
members_of_counties as (

    select distinct
        counties.area_name as group_name,
        parts.area_code as member_area_code
    from areas as counties
    inner join areas as parts on counties.area_code = parts.county_code
    where counties.area_level = 'metropolitan_county'
        and parts.is_lower_tier
        and counties.area_name in (select group_name from {{ ref('area_groups') }})

),

groups_with_names_of_counties as (

    select * from {{ ref('area_groups') }}
    where group_name in (select group_name from members_of_counties)

),

broken as (

    -- A part of a part is a part of the whole.
    select
        'item_parts' as seed,
        wholes.whole_item || ', ' || parts.part_item as which
    from item_parts as wholes
    inner join item_parts as parts on wholes.part_item = parts.whole_item
    left join item_parts as pairs
        on wholes.whole_item = pairs.whole_item
        and parts.part_item = pairs.part_item
    where pairs.whole_item is null
    union all
    -- A whole is made up of two parts or more, or of none that is known.
    select
        'item_parts' as seed,
        whole_item as which
    from item_parts
    group by whole_item
    having sum(case when is_one_of_all_parts then 1 else 0 end) = 1
    union all
    -- Whoever is counted in an item is counted in every whole of it that is counted at all.
    select
        'record_outcome_items' as seed,
        outcome_items.outcome || ', ' || item_parts.whole_item as which
    from outcome_items
    inner join item_parts on outcome_items.item = item_parts.part_item
    left join outcome_items as wholes
        on outcome_items.outcome = wholes.outcome
        and item_parts.whole_item = wholes.item
    where wholes.item is null
        and item_parts.whole_item in (select item from {{ ref('record_outcome_items') }})
    union all
    -- And in one of the parts, where these make up the whole.
    select
        'record_outcome_items' as seed,
        outcome_items.outcome || ', part of ' || outcome_items.item as which
    from outcome_items
    inner join item_parts
        on outcome_items.item = item_parts.whole_item
        and item_parts.is_one_of_all_parts
    left join outcome_items as parts
        on outcome_items.outcome = parts.outcome
        and item_parts.part_item = parts.item
    group by outcome_items.outcome, outcome_items.item
    having count(parts.item) <> 1
    union all
    -- Each child was born once, alive or not.
    select
        'record_outcome_items' as seed,
        outcome as which
    from outcome_items
    group by outcome
    having sum(case when item in ('live_births', 'stillbirths') then 1 else 0 end) <> 1
    union all
    -- A birth belongs to its year, as a stillbirth does; a death of a child born alive to its own.
    select
        'record_outcome_items' as seed,
        outcome_items.outcome || ', ' || outcome_items.item as which
    from outcome_items
    inner join {{ ref('items') }} as items on outcome_items.item = items.item
    where outcome_items.is_death <> (items.has_own_basis and outcome_items.outcome <> 'stillbirth')
    union all
    -- Deaths depend on how they are put into years, births do not.
    select
        'items' as seed,
        item as which
    from {{ ref('items') }}
    where has_own_basis <> (item like '%_deaths')
    union all
    -- Tenths are numbered in their codes.
    select
        'deprivation_deciles' as seed,
        area_code as which
    from {{ ref('deprivation_deciles') }}
    where cast(right(area_code, 2) as integer) <> deprivation_decile
    union all
    select
        'area_parts' as seed,
        deciles.area_code as which
    from {{ ref('deprivation_deciles') }} as deciles
    left join {{ ref('area_parts') }} as area_parts on deciles.area_code = area_parts.part_code
    where area_parts.part_code is null
    union all
    -- One edition of the index follows on the other, and none was published after its first year of use but for the first.
    select
        'deprivation_index_editions' as seed,
        edition as which
    from editions
    where first_year <> last_year_before + 1
        or last_year < first_year
        or (last_year_before is null and first_year <> 1900)
        or (last_year = last_year_of_all and last_year <> 2099)
        or used_for not in ('areas', 'deciles')
    union all
    -- One range of probabilities follows on the other, from 0 to 1.
    select
        'chance_words' as seed,
        words as which
    from ranges_of_chance
    where below_before <> at_least
        or below <= at_least
        or below_of_all <= 1
        or out_of not in (1, 100, 1000)
        or words not like words_of_out_of
    union all
    -- The last rule of a set judges whatever the others left.
    select
        'claim_rules' as seed,
        rule_set as which
    from rules
    where (rule_order = last_rule) = has_condition
        or verdict is null
        or certainty is null
        or why is null
        or verdict not in ('reproduced', 'consistent', 'contradicted', 'not_checkable')
        or certainty not in ('exact', 'beyond_chance', 'within_chance', 'unknown')
    union all
    -- Each seed of figures has its basis, and so has each layout of files with counts; none is told twice, or of a file that is none.
    select
        'publication_tables' as seed,
        coalesce(publication_tables.source_file, known_files.source_file) as which
    from {{ ref('publication_tables') }} as publication_tables
    full join files_with_counts as known_files on publication_tables.source_file = known_files.source_file
    where publication_tables.source_file is null
        or known_files.source_file is null
        or publication_tables.what_it_is is null
        or publication_tables.precedence < 1
        or coalesce(publication_tables.basis, 'none') not in ('registration', 'occurrence', 'none')
        or (publication_tables.basis is null) <> (publication_tables.source_file in ('supplied/own', 'supplied/table'))
    union all
    -- Every heading that a layout needs stands among its columns in words, and each field is read of one column.
    select
        'incoming_layout_columns' as seed,
        layout_columns.layout || ', ' || layout_columns.header as which
    from {{ ref('incoming_layout_columns') }} as layout_columns
    inner join {{ ref('incoming_layouts') }} as layouts on layout_columns.layout = layouts.layout
    where layout_columns.is_required
        and replace(replace(lower(layouts.columns_in_words), '_', ''), ' ', '') not like '%' || layout_columns.header || '%'
    union all
    select
        'incoming_layout_columns' as seed,
        layout || ', ' || field as which
    from {{ ref('incoming_layout_columns') }}
    group by layout, field
    having count(*) > 1
    union all
    -- Members of a level lie in the area that it is compared with.
    select
        'ranking_levels' as seed,
        levels.ranking_level as which
    from {{ ref('ranking_levels') }} as levels
    inner join {{ ref('ranking_level_members') }} as members on levels.ranking_level = members.ranking_level
    inner join areas on members.area_level = areas.area_level
    where areas.country_code <> levels.benchmark_area_code
    union all
    -- A mark stands for what no number was printed for, and a kind of area is one that some area has.
    select
        'ranking_level_members' as seed,
        area_level as which
    from {{ ref('ranking_level_members') }}
    where area_level not in (select area_level from {{ ref('stg_areas__areas') }})
    union all
    -- A group that bears the name of a county is that county: its districts, each of them, and no other area.
    select
        'area_groups' as seed,
        coalesce(members.group_name, groups_with_names.group_name) as which
    from members_of_counties as members
    full join groups_with_names_of_counties as groups_with_names
        on members.group_name = groups_with_names.group_name
        and members.member_area_code = groups_with_names.member_area_code
    where groups_with_names.group_name is null
        or members.group_name is null

)

select * from broken
