{%- set line = 'source_file, source_line' -%}
{%- set words_of_totals = "('total', 'totals', 'all', 'all areas', 'grand total', 'sum', 'overall')" -%}
{%- set parts_together = "('t', '_t', 'both', 'both sexes', 'all sexes', 'persons', 'all persons', 'people', 'all ages')" -%}
{%- set no_part = "'all', 'total', 'na', 'n/a'" -%}
{#- AAA is what WHO calls all causes. -#}
{%- set all_together = "(" ~ no_part ~ ", 'all causes', 'aaa', 'all ages', 'all ethnicities', 'all ethnic groups')" -%}
{%- set whole_years = "(" ~ no_part ~ ", 'year', 'whole year', 'annual', 'jan-dec', 'january to december', 'q1-q4')" -%}
{%- set totals -%}
(lower(counts.area_code) in {{ words_of_totals }} or lower(counts.area_name) in {{ words_of_totals }})
{%- endset -%}
with counts as (

    select * from {{ ref('int_incoming_counts') }}

),

character_names as (

    select * from {{ ref('character_names') }}

),

items as (

    select * from {{ ref('items') }}

),

areas as (

    select * from {{ ref('stg_areas__areas') }}

),

supplied_areas as (

    select distinct area_code from {{ ref('int_incoming_areas') }}

),

-- A file in which no known code stands beside its own name, and most of the names are those of other codes: a column has been shifted.
names_beside_codes as (

    select distinct
        counts.source_file,
        counts.area_code,
        lower(counts.area_name) as area_name_lower
    from counts
    where counts.area_code is not null and counts.area_name is not null

),

names_known as (

    select distinct lower(area_name) as area_name_lower
    from areas

),

files_with_shifted_names as (

    select
        names_beside_codes.source_file,
        cast(count(*) as varchar) || ' names beside known codes, and none is the name of its code' as detail
    from names_beside_codes
    inner join areas on names_beside_codes.area_code = areas.area_code
    left join names_known on names_beside_codes.area_name_lower = names_known.area_name_lower
    group by names_beside_codes.source_file
    having count(*) > 1
        and sum(case when names_beside_codes.area_name_lower = lower(areas.area_name) then 1 else 0 end) = 0
        and 2 * count(names_known.area_name_lower) > count(*)

),

-- What a check asks of other tables is joined first: a check may hold no query of its own.
counts_beside_lists as (

    select
        counts.*,
        counts.is_malformed or counts.has_more_fields_than_header or counts.field_with_character is not null as is_unreadable,
        items.item is not null as is_known_item,
        coalesce(counts.count_mark in (
            {%- for mark in count_marks()['suppressed'] + count_marks()['missing'] %}
            '{{ mark }}'{{ ',' if not loop.last }}
            {%- endfor %}
        ), false) as is_known_mark,
        coalesce(counts.count_digits similar to '[0-9]{19,}', false) as is_beyond_integers,
        counts.code_point_refused || coalesce(' ' || character_names.character_name, '') as character_told,
        areas.area_code is null and supplied_areas.area_code is null and {{ totals }} as is_total,
        files_with_shifted_names.detail as shifted_names,
        lower(counts.breakdown_text) as breakdown_lower
    from counts
    left join items on counts.item = items.item
    left join areas on counts.area_code = areas.area_code
    left join supplied_areas on counts.area_code = supplied_areas.area_code
    left join files_with_shifted_names on counts.source_file = files_with_shifted_names.source_file
    left join character_names on counts.code_point_refused = character_names.code_point

),

-- Where the fields of a line cannot be told apart, or one holds a character that may not stand there, nothing else is checked.
faults_of_counts as (

    select
        counts.source_file,
        counts.source_line,
        checks.fault_code,
        checks.column_name,
        checks.problem_value,
        checks.detail
    from counts_beside_lists as counts
    cross join
        lateral (
            values
            (counts.is_malformed, 'quotation_mark_astray', 'whole line', counts.line_text, cast(null as varchar)),
            (
                counts.has_more_fields_than_header and not counts.is_malformed,
                'more_fields_than_header', 'whole line', counts.line_text, null
            ),
            (
                counts.field_with_character is not null and not (counts.is_malformed or counts.has_more_fields_than_header),
                'character_refused', counts.field_with_character, counts.cell_with_character, counts.character_told
            )
        ) as checks (is_fault, fault_code, column_name, problem_value, detail)
    where counts.is_unreadable and checks.is_fault
    union
    select
        counts.source_file,
        counts.source_line,
        checks.fault_code,
        checks.column_name,
        checks.problem_value,
        checks.detail
    from counts_beside_lists as counts
    cross join
        lateral (
            values
            (
                counts.area_code is null and not (counts.has_names_alone and counts.area_name is not null),
                'area_code_missing', 'area_code', null, null
            ),
            (length(counts.area_code) > 40, 'area_code_too_long', 'area_code', counts.area_code, null),
            (upper(counts.area_code) similar to '[^A-Z0-9].*', 'area_code_ill_begun', 'area_code', counts.area_code, null),
            (counts.area_name is null, 'area_name_missing', 'area_name', null, null),
            (
                counts.area_name is not null and counts.area_code is null and counts.has_names_alone,
                'area_name_unknown', 'area_name', counts.area_name, null
            ),
            (
                coalesce(counts.first_year, 0) not between 1900 and 2099
                or counts.last_year not between counts.first_year and 2099
                or (counts.layout = 'own' and counts.first_year <> counts.last_year),
                'year_ill_formed', 'year', counts.period_text, null
            ),
            (
                counts.first_year between 1900 and 2099
                and counts.last_year > counts.first_year
                and counts.last_year <= 2099
                and counts.layout <> 'own'
                and counts.last_year - counts.first_year + 1 not in ({{ setting('rolling_window_years') | join(', ') }}),
                'years_pooled', 'year', counts.period_text,
                cast(counts.first_year as varchar) || ' to ' || cast(counts.last_year as varchar)
            ),
            (coalesce(counts.basis, '') not in ('registration', 'occurrence'), 'basis_unknown', 'basis', counts.basis_text, null),
            (counts.has_item_in_row and not counts.is_known_item, 'item_unknown', 'item', counts.item_text, null),
            (not counts.has_item_in_row and counts.item is null, 'indicator_unknown', 'indicator', counts.indicator_text, null),
            (
                lower(counts.sex_text) not in {{ parts_together }} and lower(counts.sex_text) not in ({{ no_part }}),
                'not_all_persons', 'sex', counts.sex_text, null
            ),
            {%- for part in ('category', 'ethnicity', 'ethnic_group', 'cause', 'cause_of_death', 'age_of_mother') %}
            (
                lower(counts.{{ part }}_text) not in {{ all_together }},
                'not_whole_area', '{{ part }}', counts.{{ part }}_text, null
            ),
            {%- endfor %}
            {%- for part in ('month', 'quarter') %}
            (
                lower(counts.{{ part }}_text) not in {{ whole_years }},
                'not_whole_year', '{{ part }}', counts.{{ part }}_text, null
            ),
            {%- endfor %}
            (
                counts.breakdown_lower <> lower(coalesce(counts.area_name, ''))
                and counts.breakdown_lower not similar to
                '.*(national|ccg|commissioning|region|area|authority|council|trust|all|total|persons).*'
                or counts.breakdown_lower similar to
                '(.*[^a-z])?(males?|females?|boys?|girls?|women|men|sex|gender|ages?|ethnic.*|depriv.*|quintile.*|decile.*)([^a-z].*)?',
                'not_whole_area', 'breakdown', counts.breakdown_text, null
            ),
            (
                lower(counts.sum_text) in {{ words_of_totals }} or lower(counts.sum_text) in {{ parts_together }},
                'total_among_parts', 'sum', counts.sum_text, null
            ),
            (counts.is_total, 'not_an_area', 'area_code', counts.area_code, null),
            (counts.shifted_names is not null, 'names_of_other_areas', 'area_name', counts.area_name, counts.shifted_names),
            (counts.count_text is null and counts.count_column <> 'indicator', 'count_missing', counts.count_column, null, null),
            (
                counts.count_text is not null
                and counts.count_column <> 'indicator'
                and coalesce(counts.count_value, -1) < 0
                and not counts.is_known_mark
                and not counts.is_beyond_integers,
                'count_ill_formed', counts.count_column, counts.count_text, null
            ),
            -- More than are born in the world in seven years; products of larger counts would not fit into whole numbers.
            (
                counts.count_value > 1000000000 or counts.is_beyond_integers,
                'count_too_large', counts.count_column, counts.count_text, null
            )
        ) as checks (is_fault, fault_code, column_name, problem_value, detail)
    where not counts.is_unreadable and checks.is_fault

),

-- Where a line tells of several areas, the same may be wrong with two of them.
faults_found as (

    select
        {{ line }},
        fault_code,
        column_name,
        string_agg(problem_value, ', ' order by problem_value asc) as problem_value,
        string_agg(distinct detail, ', ' order by detail asc) as detail
    from faults_of_counts
    group by {{ line }}, fault_code, column_name

)

select * from faults_found
