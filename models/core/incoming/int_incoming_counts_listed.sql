{%- set count_fields = ['numerator', 'denominator', 'live_births', 'stillbirths', 'neonatal_deaths'] -%}
with fields as (

    {{ from_files('int_incoming_fields_read', {
        'source_file': 'varchar', 'layout': 'varchar', 'source_line': 'bigint', 'block': 'integer',
        'area_code_text': 'varchar', 'area_name_text': 'varchar', 'period_text': 'varchar', 'basis_text': 'varchar',
        'item_text': 'varchar', 'count_text': 'varchar', 'indicator_text': 'varchar', 'sex_text': 'varchar', 'category_text': 'varchar',
        'value_note_text': 'varchar', 'numerator_text': 'varchar', 'denominator_text': 'varchar', 'live_births_text': 'varchar',
        'stillbirths_text': 'varchar', 'neonatal_deaths_text': 'varchar', 'count_digits': 'varchar', 'numerator_digits': 'varchar',
        'denominator_digits': 'varchar', 'live_births_digits': 'varchar', 'stillbirths_digits': 'varchar',
        'neonatal_deaths_digits': 'varchar', 'first_year_digits': 'varchar', 'last_year_digits': 'varchar',
        'is_period_well_formed': 'boolean', 'field_with_character': 'varchar', 'code_point_refused': 'varchar',
        'cell_with_character': 'varchar',
        'is_malformed': 'boolean', 'has_more_fields_than_header': 'boolean', 'line_text': 'varchar',
    }) | indent(4) }}

),

layout_items as (

    select * from {{ ref('incoming_layout_items') }}

),

publication_tables as (

    select * from {{ ref('publication_tables') }}

),

value_notes as (

    select * from {{ ref('incoming_value_notes') }}

),

areas as (

    select * from {{ ref('stg_areas__areas') }}

),

-- A name that two areas share says nothing of which is meant.
areas_by_name as (

    select
        lower(area_name) as area_name_lower,
        min(area_code) as area_code
    from areas
    group by lower(area_name)
    having count(*) = 1

),

counts_in_rows as (

    select
        fields.*,
        'count' as count_column,
        lower(fields.item_text) as item,
        fields.count_text as text_of_count,
        fields.count_digits as digits_of_count
    from fields
    where fields.layout = 'own'
    union all
    -- Layouts with several counts in a row: one line for each, and one without an item where the indicator is not known.
    select
        fields.*,
        coalesce(layout_items.field, 'indicator') as count_column,
        layout_items.item,
        case layout_items.field
            {%- for field in count_fields %}
            when '{{ field }}' then fields.{{ field }}_text
            {%- endfor %}
        end as text_of_count,
        case layout_items.field
            {%- for field in count_fields %}
            when '{{ field }}' then fields.{{ field }}_digits
            {%- endfor %}
        end as digits_of_count
    from fields
    left join layout_items
        on fields.layout = layout_items.layout
        and (layout_items.indicator is null or lower(fields.indicator_text) like layout_items.indicator || '%')
    where fields.layout not in ('own', 'areas')

),

notes_of_marks as (

    select
        fields.value_note_text,
        min(value_notes.mark) as mark
    from fields
    inner join value_notes on lower(fields.value_note_text) like '%' || value_notes.note || '%'
    group by fields.value_note_text

),

-- Where a count stands for several years, the last is written with two digits or four.
counts_typed as (

    select
        counts_in_rows.*,
        cast(publication_tables.precedence as integer) as precedence,
        coalesce(publication_tables.basis, lower(counts_in_rows.basis_text)) as basis,
        case when counts_in_rows.is_period_well_formed then {{ whole_number('counts_in_rows.first_year_digits') }} end as first_year,
        case
            when not counts_in_rows.is_period_well_formed then null
            when coalesce(counts_in_rows.last_year_digits, '') = '' then {{ whole_number('counts_in_rows.first_year_digits') }}
            when length(counts_in_rows.last_year_digits) = 2
                then {{ whole_number('substr(counts_in_rows.first_year_digits, 1, 2) || counts_in_rows.last_year_digits') }}
            else {{ whole_number('counts_in_rows.last_year_digits') }}
        end as last_year,
        -- A count that a note says was hidden, or that is empty where notes stand, is marked as if a mark were printed.
        case
            when counts_in_rows.text_of_count is not null then counts_in_rows.text_of_count
            when counts_in_rows.layout <> 'fingertips' then null
            else coalesce(notes_of_marks.mark, ':')
        end as count_or_mark,
        coalesce(counts_in_rows.area_code_text, areas_by_name.area_code) as area_code
    from counts_in_rows
    left join publication_tables on 'supplied/' || counts_in_rows.layout = publication_tables.source_file
    left join notes_of_marks on counts_in_rows.value_note_text = notes_of_marks.value_note_text
    left join areas_by_name
        on counts_in_rows.area_code_text is null
        and counts_in_rows.layout = 'nhs_sheet'
        and lower(counts_in_rows.area_name_text) = areas_by_name.area_name_lower

),

counts_listed as (

    select
        source_file,
        source_line,
        cast(row_number() over (
            partition by source_file, source_line
            order by block asc, item asc nulls last
        ) as integer) as place,
        layout,
        precedence,
        area_code,
        area_name_text as area_name,
        basis,
        item,
        first_year,
        last_year,
        count_column,
        count_or_mark as count_text,
        {{ whole_number('digits_of_count') }} as count_value,
        case when {{ whole_number('digits_of_count') }} is null then lower(count_or_mark) end as count_mark,
        digits_of_count as count_digits,
        period_text,
        basis_text,
        item_text,
        indicator_text,
        sex_text,
        category_text,
        field_with_character,
        code_point_refused,
        cell_with_character,
        is_malformed,
        has_more_fields_than_header,
        line_text
    from counts_typed

)

select * from counts_listed
