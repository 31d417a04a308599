with incoming as (

    select * from {{ ref('stg_incoming__counts') }}

),

measure_components as (

    select * from {{ ref('stg_reference__measure_components') }}

),

items as (

    select distinct item from measure_components

),

suppression_marks as (

    {% for mark in count_marks()['suppressed'] + count_marks()['missing'] -%}
    select '{{ mark }}' as count_text
    {% if not loop.last %}union all
    {% endif %}
    {%- endfor %}

),

rows_checked as (

    select
        incoming.*,
        case
            when incoming.fields_found <> {{ incoming_columns() | length }} or not incoming.is_well_quoted then 'whole line'
            when incoming.area_code_text is null or incoming.area_code_text like '% %' then 'area_code'
            when incoming.area_name_text is null then 'area_name'
            when {{ whole_number('incoming.year_text') }} is null
                or {{ whole_number('incoming.year_text') }} not between 1900 and 2099 then 'year'
            when incoming.basis_text is null or incoming.basis_text not in ('registration', 'occurrence') then 'basis'
            when items.item is null then 'item'
            when incoming.count_text is null then 'count'
            when suppression_marks.count_text is null
                and coalesce({{ whole_number('incoming.count_text') }}, -1) < 0 then 'count'
        end as problem_column
    from incoming
    left join items on incoming.item_text = items.item
    left join suppression_marks on incoming.count_text = suppression_marks.count_text

),

rows_explained as (

    select
        *,
        case problem_column
            when 'whole line' then line_text
            {% for column in incoming_columns() -%}
            when '{{ column }}' then {{ column }}_text
            {% endfor -%}
        end as problem_value,
        case problem_column
            when 'whole line'
                then
                    case
                        when is_well_quoted
                            then cast(fields_found as varchar) || ' fields stand where {{ incoming_columns() | length }} were expected'
                        else 'a quotation mark is not closed or stands inside a field'
                    end
            when 'area_code' then 'an area code without spaces was expected'
            when 'area_name' then 'the name of the area was expected'
            when 'year' then 'a year from 1900 to 2099 was expected'
            when 'basis' then 'registration or occurrence was expected'
            when 'item' then 'the item is not one that a measure is made of; the README of the folder lists them'
            when 'count' then 'a whole number of 0 or more, or a mark for a hidden or missing count, was expected'
        end as problem
    from rows_checked

),

-- Two rows that say the same are one and a repeat; two that differ leave nobody to say which is right.
rows_beside_their_like as (

    select
        *,
        count(*) over same_count as rows_for_count,
        min(count_text) over same_count as lowest_count_text,
        max(count_text) over same_count as highest_count_text,
        row_number() over (
            partition by area_code_text, year_text, basis_text, item_text
            order by source_file asc nulls last, source_line asc nulls last
        ) as place
    from rows_explained
    where problem_column is null
    window same_count as (partition by area_code_text, year_text, basis_text, item_text)

),

rows_judged as (

    select
        source_file,
        source_line,
        area_code_text,
        area_name_text,
        year_text,
        basis_text,
        item_text,
        count_text,
        problem_column,
        problem_value,
        problem
    from rows_explained
    where problem_column is not null
    union all
    select
        source_file,
        source_line,
        area_code_text,
        area_name_text,
        year_text,
        basis_text,
        item_text,
        count_text,
        case when lowest_count_text <> highest_count_text or place > 1 then 'count' end as problem_column,
        case when lowest_count_text <> highest_count_text or place > 1 then count_text end as problem_value,
        case
            when lowest_count_text <> highest_count_text
                then cast(rows_for_count as varchar) || ' rows for the same area, year, basis and item give different counts, '
                    || lowest_count_text || ' and ' || highest_count_text || ' among them; none is used'
            when place > 1 then 'the row repeats an earlier one, which is used'
        end as problem
    from rows_beside_their_like

)

select * from rows_judged
