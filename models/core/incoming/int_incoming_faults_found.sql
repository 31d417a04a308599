{%- set line = 'source_file, source_line' -%}
with counts as (

    select * from {{ ref('int_incoming_counts_listed') }}

),

character_names as (

    select * from {{ ref('character_names') }}

),

items as (

    select * from {{ ref('items') }}

),

marks as (

    {% for mark in count_marks()['suppressed'] + count_marks()['missing'] -%}
    select '{{ mark }}' as mark
    {% if not loop.last %}union all
    {% endif %}
    {%- endfor %}

),

-- Where a line cannot be told into fields, or holds a character that may not stand there, nothing else is said of it.
lines_unreadable as (

    select
        {{ line }},
        'quotation_mark_astray' as fault_code,
        'whole line' as column_name,
        line_text as problem_value,
        cast(null as varchar) as detail
    from counts
    where is_malformed
    union all
    select
        {{ line }},
        'more_fields_than_header' as fault_code,
        'whole line' as column_name,
        line_text as problem_value,
        cast(null as varchar) as detail
    from counts
    where has_more_fields_than_header and not is_malformed
    union all
    select
        counts.source_file,
        counts.source_line,
        'character_refused' as fault_code,
        counts.field_with_character as column_name,
        counts.cell_with_character as problem_value,
        counts.code_point_refused || coalesce(' ' || character_names.character_name, '') as detail
    from counts
    left join character_names on counts.code_point_refused = character_names.code_point
    where counts.field_with_character is not null
        and not counts.is_malformed
        and not counts.has_more_fields_than_header

),

counts_readable as (

    select counts.*
    from counts
    left join lines_unreadable
        on counts.source_file = lines_unreadable.source_file
        and counts.source_line = lines_unreadable.source_line
    where lines_unreadable.source_file is null

),

fields_faulty as (

    select
        {{ line }},
        'area_code_missing' as fault_code,
        'area_code' as column_name,
        cast(null as varchar) as problem_value,
        cast(null as varchar) as detail
    from counts_readable
    where area_code is null and layout <> 'nhs_sheet'
    union all
    select
        {{ line }},
        'area_code_too_long' as fault_code,
        'area_code' as column_name,
        area_code as problem_value,
        cast(null as varchar) as detail
    from counts_readable
    where length(area_code) > 40
    union all
    select
        {{ line }},
        'area_code_ill_begun' as fault_code,
        'area_code' as column_name,
        area_code as problem_value,
        cast(null as varchar) as detail
    from counts_readable
    where area_code similar to '[^A-Z0-9].*'
    union all
    select
        {{ line }},
        'area_name_missing' as fault_code,
        'area_name' as column_name,
        cast(null as varchar) as problem_value,
        cast(null as varchar) as detail
    from counts_readable
    where area_name is null
    union all
    select
        {{ line }},
        'area_name_unknown' as fault_code,
        'area_name' as column_name,
        area_name as problem_value,
        cast(null as varchar) as detail
    from counts_readable
    where area_name is not null and area_code is null and layout = 'nhs_sheet'
    union all
    select
        {{ line }},
        'year_ill_formed' as fault_code,
        'year' as column_name,
        period_text as problem_value,
        cast(null as varchar) as detail
    from counts_readable
    where coalesce(first_year, 0) not between 1900 and 2099
        or last_year not between first_year and 2099
        or (layout = 'own' and first_year <> last_year)
    union all
    select
        {{ line }},
        'years_pooled' as fault_code,
        'year' as column_name,
        period_text as problem_value,
        cast(first_year as varchar) || ' to ' || cast(last_year as varchar) as detail
    from counts_readable
    where first_year between 1900 and 2099
        and last_year > first_year
        and last_year <= 2099
        and layout <> 'own'
        and last_year - first_year + 1 not in ({{ setting('rolling_window_years') | join(', ') }})
    union all
    select
        {{ line }},
        'basis_unknown' as fault_code,
        'basis' as column_name,
        basis_text as problem_value,
        cast(null as varchar) as detail
    from counts_readable
    where coalesce(basis, '') not in ('registration', 'occurrence')
    union all
    select
        {{ line }},
        'item_unknown' as fault_code,
        'item' as column_name,
        item_text as problem_value,
        cast(null as varchar) as detail
    from counts_readable
    where layout = 'own' and coalesce(item, '') not in (select item from items)
    union all
    select
        {{ line }},
        'indicator_unknown' as fault_code,
        'indicator' as column_name,
        indicator_text as problem_value,
        cast(null as varchar) as detail
    from counts_readable
    where layout <> 'own' and item is null
    union all
    select
        {{ line }},
        'not_all_persons' as fault_code,
        'sex' as column_name,
        sex_text as problem_value,
        cast(null as varchar) as detail
    from counts_readable
    where sex_text is not null and lower(sex_text) <> 'persons'
    union all
    select
        {{ line }},
        'not_whole_area' as fault_code,
        'category' as column_name,
        category_text as problem_value,
        cast(null as varchar) as detail
    from counts_readable
    where category_text is not null
    union all
    select
        {{ line }},
        'count_missing' as fault_code,
        count_column as column_name,
        cast(null as varchar) as problem_value,
        cast(null as varchar) as detail
    from counts_readable
    where count_text is null and count_column <> 'indicator'
    union all
    select
        {{ line }},
        'count_ill_formed' as fault_code,
        count_column as column_name,
        count_text as problem_value,
        cast(null as varchar) as detail
    from counts_readable
    where count_text is not null
        and count_column <> 'indicator'
        and coalesce(count_value, -1) < 0
        and coalesce(count_mark, '') not in (select mark from marks)
        and not coalesce(count_digits similar to '[0-9]{19,}', false)
    union all
    -- Doubles hold every whole number up to 2^53 and no further.
    select
        {{ line }},
        'count_too_large' as fault_code,
        count_column as column_name,
        count_text as problem_value,
        cast(null as varchar) as detail
    from counts_readable
    where count_value > 9007199254740992 or coalesce(count_digits similar to '[0-9]{19,}', false)

),

faults_unioned as (

    select * from lines_unreadable
    union
    select * from fields_faulty

),

-- Where a line tells of several areas, the same may be wrong with two of them.
faults_found as (

    select
        {{ line }},
        fault_code,
        column_name,
        string_agg(problem_value, ', ' order by problem_value asc) as problem_value,
        string_agg(distinct detail, ', ' order by detail asc) as detail
    from faults_unioned
    group by {{ line }}, fault_code, column_name

)

select * from faults_found
