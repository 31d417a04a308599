{#- A folder that was named and is not there is a mistake of the person who runs the build, and told before anything is made. -#}
{%- if execute and target.type == 'duckdb' and flags.WHICH in ('build', 'run') -%}
    {%- set problems = run_query("select problem from " ~ ref('stg_incoming__fields') ~ " where source_file = ''").columns[0].values() -%}
    {%- if problems -%}
        {{ exceptions.raise_compiler_error(problems[0]) }}
    {%- endif -%}
{%- endif -%}

{%- set texts = [
    'area_code', 'area_name', 'period', 'basis', 'item', 'count', 'indicator', 'sex', 'category', 'value_note',
    'numerator', 'denominator', 'live_births', 'stillbirths', 'neonatal_deaths', 'breakdown', 'indicator_id',
    'gender', 'sum',
] -%}
{#- A breakdown, which only the row of the whole is used of. -#}
{%- set parts = ['ethnicity', 'ethnic_group', 'cause', 'cause_of_death', 'age_of_mother', 'month', 'quarter'] -%}
{%- set texts = texts + parts -%}

with fields as (

    {{ from_files('stg_incoming__fields', {
        'source_file': 'varchar', 'layout': 'varchar', 'source_line': 'bigint', 'block': 'integer', 'is_malformed': 'boolean',
        'has_more_fields_than_header': 'boolean', 'line_text': 'varchar', 'count_heading': 'varchar', 'edition': 'integer',
    }, texts) | indent(4) }}

),

layouts as (

    select * from {{ ref('incoming_layouts') }}
    where layout not in ('areas', 'columns')

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

count_words as (

    select * from {{ ref('incoming_count_words') }}

),

areas as (

    select * from {{ ref('stg_areas__areas') }}

),

-- A name that two areas share does not say which of them is meant.
areas_by_name as (

    select
        lower(area_name) as area_name_lower,
        min(area_code) as area_code
    from areas
    group by lower(area_name)
    having count(*) = 1

),

-- Codes are known in small letters and capitals alike.
areas_by_code as (

    select
        upper(area_code) as area_code_upper,
        min(area_code) as area_code,
        min(area_name) as area_name
    from areas
    group by upper(area_code)

),

-- The edition of a workbook of ONS is the year of its title.
editions as (

    select
        source_file,
        max(edition) as edition
    from fields
    where source_line is null
    group by source_file

),

notes as (

    select distinct value_note_text
    from fields
    where value_note_text is not null

),

notes_of_marks as (

    select
        notes.value_note_text,
        min(value_notes.mark) as mark
    from notes
    inner join value_notes on lower(notes.value_note_text) like '%' || value_notes.note || '%'
    group by notes.value_note_text

),

-- An indicator with one of these numbers is known by it, whatever its name.
indicator_ids as (

    select distinct indicator_id
    from layout_items
    where indicator_id is not null

),

fields_inspected as (

    select
        fields.*,
        -- The Outcomes Framework puts a number before the name, as in "E01 - Infant mortality rate".
        regexp_replace(lower(fields.indicator_text), '^[a-z]?[0-9][0-9.a-z]* *[-–:] *', '') as indicator_name,
        indicator_ids.indicator_id is not null as has_known_indicator_id,
        layouts.has_item_in_row,
        layouts.has_names_alone,
        {{ character_refused(texts, 'field') | indent(8) }} as field_with_character
    from fields
    inner join layouts on fields.layout = layouts.layout
    left join indicator_ids on fields.indicator_id_text = indicator_ids.indicator_id
    where fields.source_line is not null

),

-- Layouts with several counts in a row: one line for each, and one without an item where the indicator is not known.
counts_in_rows as (

    select
        fields_inspected.*,
        coalesce(
            layout_items.field,
            fields_inspected.count_heading,
            case when fields_inspected.has_item_in_row then 'count' else 'indicator' end
        ) as count_column,
        case
            when fields_inspected.has_item_in_row then translate(lower(fields_inspected.item_text), ' -', '__')
            else layout_items.item
        end as item,
        case layout_items.field
            {%- for field in ('numerator', 'denominator', 'live_births', 'stillbirths', 'neonatal_deaths') %}
            when '{{ field }}' then fields_inspected.{{ field }}_text
            {%- endfor %}
            else fields_inspected.count_text
        end as text_of_count
    from fields_inspected
    left join layout_items
        on fields_inspected.layout = layout_items.layout
        and (
            layout_items.indicator is null
            or fields_inspected.indicator_id_text = layout_items.indicator_id
            or (
                fields_inspected.indicator_name = layout_items.indicator
                and not coalesce(fields_inspected.has_known_indicator_id, false)
            )
        )

),

-- Numbers as people write them: 5,472 or 5 472 by thousands, 5472.0 as spreadsheets keep it, 02014. What could be another number is none:
-- 12.000 may be twelve thousand, 0,456 less than one. Nearly all are plain, and to see that
-- takes a tenth of the time of a replacement.
numbers_freed as (

    select
        *,
        case
            when text_of_count similar to '[1-9][0-9]*' then text_of_count
            -- ONS printed a dash where nobody died.
            when text_of_count in ('{{ count_marks()["nil"] | join("', '") }}') and layout like 'ons_%' then '0'
            when text_of_count similar to '-?([0-9]+|[1-9][0-9]{0,2}(( [0-9]{3})+|(,[0-9]{3})+))([.]0{1,2}|[.]0{4,})?'
                then regexp_replace(regexp_replace(text_of_count, '[ ,]|[.]0+$', '', 'g'), '^(-?)0+([0-9])', '\1\2')
            else text_of_count
        end as count_digits,
        -- Where a count stands for several years, the last is written with two digits or four.
        case
            when period_text similar to '[0-9]{4}' then period_text
            when period_text similar to '[0-9]+([.]0+)?|[0-9]{4} ?[-–] ?([0-9]{2}|[0-9]{4})'
                then regexp_replace(period_text, '([.]0+| ?[-–].*)$', '')
        end as first_year_digits,
        case
            when period_text similar to '[0-9]{4}' then period_text
            else regexp_replace(regexp_replace(period_text, '[.]0+$', ''), '^.*[-–] ?', '')
        end as last_year_digits,
        case when field_with_character is not null then {{ character_refused(texts, 'cell') }} end as cell_with_character,
        case when field_with_character is not null then {{ character_refused(texts, 'character') }} end as character_refused
    from counts_in_rows

),

counts_typed as (

    select
        numbers_freed.source_file,
        numbers_freed.source_line,
        cast(row_number() over (
            partition by numbers_freed.source_file, numbers_freed.source_line
            order by numbers_freed.block asc, numbers_freed.item asc nulls last
        ) as integer) as place,
        numbers_freed.layout,
        numbers_freed.has_item_in_row,
        numbers_freed.has_names_alone,
        -- Of ONS's editions the later comes first.
        cast(publication_tables.precedence as integer) + coalesce(2100 - editions.edition, 0) as precedence,
        coalesce(areas_by_code.area_code, upper(numbers_freed.area_code_text), areas_by_name.area_code) as area_code,
        -- A table that has codes alone.
        coalesce(
            numbers_freed.area_name_text,
            case when numbers_freed.layout = 'table' then coalesce(areas_by_code.area_name, numbers_freed.area_code_text) end
        ) as area_name,
        coalesce(publication_tables.basis, lower(numbers_freed.basis_text)) as basis,
        numbers_freed.item,
        {{ whole_number('numbers_freed.first_year_digits') }} as first_year,
        case
            when numbers_freed.first_year_digits is null then null
            when length(numbers_freed.last_year_digits) = 2 and numbers_freed.period_text similar to '.*[-–].*'
                then {{ whole_number('substr(numbers_freed.first_year_digits, 1, 2) || numbers_freed.last_year_digits') }}
                    -- 1999 - 01 ends in the next century.
                    + case when numbers_freed.last_year_digits < substr(numbers_freed.first_year_digits, 3, 2) then 100 else 0 end
            else {{ whole_number('numbers_freed.last_year_digits') }}
        end as last_year,
        numbers_freed.count_column,
        -- A count that a note says was hidden, or that is empty where not every count of a row need be there, is marked as if a mark were
        -- printed.
        case
            when numbers_freed.text_of_count is not null then coalesce(count_words.mark, numbers_freed.text_of_count)
            when numbers_freed.layout = 'fingertips' or numbers_freed.count_heading is not null then coalesce(notes_of_marks.mark, ':')
        end as count_text,
        {{ whole_number('numbers_freed.count_digits') }} as count_value,
        numbers_freed.count_digits,
        numbers_freed.period_text,
        numbers_freed.basis_text,
        numbers_freed.item_text,
        numbers_freed.indicator_text,
        coalesce(numbers_freed.sex_text, numbers_freed.gender_text) as sex_text,
        numbers_freed.category_text,
        numbers_freed.breakdown_text,
        numbers_freed.sum_text,
        {%- for part in parts %}
        numbers_freed.{{ part }}_text,
        {%- endfor %}
        numbers_freed.field_with_character,
        numbers_freed.cell_with_character,
        numbers_freed.character_refused,
        numbers_freed.is_malformed,
        numbers_freed.has_more_fields_than_header,
        numbers_freed.line_text
    from numbers_freed
    left join publication_tables on 'supplied/' || numbers_freed.layout = publication_tables.source_file
    left join notes_of_marks on numbers_freed.value_note_text = notes_of_marks.value_note_text
    left join count_words on lower(replace(numbers_freed.text_of_count, '–', '-')) = count_words.word
    left join editions on numbers_freed.source_file = editions.source_file
    left join areas_by_code on upper(numbers_freed.area_code_text) = areas_by_code.area_code_upper
    left join areas_by_name
        on numbers_freed.area_code_text is null
        and numbers_freed.has_names_alone
        and lower(numbers_freed.area_name_text) = areas_by_name.area_name_lower

),

counts_listed as (

    select
        source_file,
        source_line,
        place,
        layout,
        has_item_in_row,
        has_names_alone,
        precedence,
        {{ printable_text('area_code') }} as area_code,
        {{ printable_text('area_name') }} as area_name,
        basis,
        item,
        first_year,
        last_year,
        count_column,
        {{ printable_text('count_text') }} as count_text,
        count_value,
        case when count_value is null then lower(count_text) end as count_mark,
        count_digits,
        {%- for text in ['period', 'basis', 'item', 'indicator', 'sex', 'category', 'breakdown', 'sum'] + parts %}
        {{ printable_text(text ~ '_text') }} as {{ text }}_text,
        {%- endfor %}
        field_with_character,
        {{ code_point('character_refused') }} as code_point_refused,
        {{ printable_text('cell_with_character') }} as cell_with_character,
        is_malformed,
        has_more_fields_than_header,
        {{ printable_text('line_text') }} as line_text
    from counts_typed

)

select * from counts_listed
