with files as (

    {{ from_files('stg_incoming__fields', {
        'source_file': 'varchar', 'source_line': 'bigint', 'file_name': 'varchar', 'sheet_read': 'varchar', 'edition': 'integer',
    }) | indent(4) }}

),

lines_judged as (

    select * from {{ ref('int_incoming_lines') }}

),

lines_superseded as (

    select * from {{ ref('int_incoming_counts_superseded') }}

),

records_rejected as (

    select * from {{ ref('int_rejected_records') }}

),

figures as (

    select * from {{ ref('int_figures') }}

),

counts as (

    select * from {{ ref('int_counts') }}

),

item_differences as (

    select * from {{ ref('item_differences') }}

),

measure_counts as (

    select * from {{ ref('int_measure_counts') }}

),

measure_components as (

    select * from {{ ref('stg_reference__measure_components') }}
    where role like 'numerator%'

),

measures as (

    select * from {{ ref('measures') }}

),

incoming_rejected as (

    select
        source_file as file_name,
        source_line as file_line,
        column_name,
        problem_value,
        reason,
        cast(1 as bigint) as input_rows
    from lines_judged
    where is_rejected

),

births_rejected as (

    select
        source_file as file_name,
        source_line as file_line,
        problem_column as column_name,
        problem_value,
        problem as reason,
        input_rows
    from records_rejected

),

incoming_superseded as (

    select
        source_file as file_name,
        source_line as file_line,
        column_name,
        problem_value,
        reason,
        cast(1 as bigint) as input_rows
    from lines_superseded

),

-- Counts of the seeds of figures that are no counts: the status travels on, the row is named here.
figures_invalid as (

    select
        source_file as file_name,
        cast(source_line as bigint) as file_line,
        'count_value' as column_name,
        coalesce(count_as_printed, count_mark) as problem_value,
        'a whole number of 0 or more, or a known mark, was expected' as reason,
        cast(1 as bigint) as input_rows
    from figures
    where count_status = 'invalid'

),

wholes_below_their_parts as (

    select
        figures.source_file as file_name,
        cast(figures.source_line as bigint) as file_line,
        'count_value' as column_name,
        figures.count_as_printed as problem_value,
        'the ' || replace(item_differences.whole_item, '_', ' ') || ' are fewer than the ' || replace(item_differences.part_item, '_', ' ')
        || ' among them' as reason,
        cast(1 as bigint) as input_rows
    from counts
    inner join item_differences on counts.item = item_differences.item
    inner join figures
        on counts.publication = figures.publication
        and counts.source_table = figures.source_table
        and counts.data_year = figures.data_year
        and counts.years_in_count = figures.years_in_count
        and counts.basis = figures.basis
        and counts.area_code = figures.area_code
        and item_differences.whole_item = figures.item
    where counts.is_derived
        and counts.count_status = 'invalid'
        and figures.count_status = 'ok'

),

numerators_above_denominators as (

    select
        figures.source_file as file_name,
        cast(figures.source_line as bigint) as file_line,
        case when figures.is_supplied then 'count' else 'count_value' end as column_name,
        figures.count_as_printed as problem_value,
        'more deaths than births: ' || cast(measure_counts.numerator as varchar) || ' of ' || cast(measure_counts.denominator as varchar)
        || ' for the measure ' || measure_counts.measure as reason,
        cast(1 as bigint) as input_rows
    from measure_counts
    inner join measures on measure_counts.measure = measures.measure
    inner join measure_components on measure_counts.measure = measure_components.measure
    inner join figures
        on measure_counts.numerator_publication = figures.publication
        and measure_counts.data_year = figures.data_year
        and measure_counts.years_in_count = figures.years_in_count
        and measure_counts.basis = figures.basis
        and measure_counts.area_code = figures.area_code
        and measure_components.item = figures.item
    where measure_counts.status = 'invalid'
        and figures.count_status = 'ok'
        and measure_counts.numerator >= 0
        and measure_counts.numerator > measure_counts.denominator
        and measures.numerator_lies_within_denominator

),

rows_rejected as (

    select * from incoming_rejected
    union all
    select * from births_rejected
    union all
    select * from incoming_superseded
    union all
    select * from figures_invalid
    union all
    select * from wholes_below_their_parts
    union all
    select * from numerators_above_denominators

),

-- One row may be impossible for several reasons; it is one row of one file, with all of them.
reasons_told_apart as (

    select
        file_name,
        file_line,
        reason,
        min(column_name) as column_name,
        min(problem_value) as problem_value,
        max(input_rows) as input_rows,
        row_number() over (partition by file_name, file_line order by min(column_name) asc, reason asc) as place
    from rows_rejected
    group by file_name, file_line, reason

),

rows_with_reasons as (

    select
        file_name,
        file_line,
        max(case when place = 1 then column_name end) as column_name,
        max(case when place = 1 then problem_value end) as problem_value,
        string_agg(reason, '; ' order by place) as reason,
        max(input_rows) as input_rows
    from reasons_told_apart
    group by file_name, file_line

),

-- Of a workbook of ONS several sheets are read.
sheets as (

    select
        source_file,
        file_name,
        sheet_read
    from files
    where source_line is null and edition is not null

),

rows_placed as (

    select
        coalesce(sheets.file_name, rows_with_reasons.file_name) as {{ adapter.quote('file') }},
        coalesce(sheets.sheet_read, '') as sheet,
        rows_with_reasons.file_line as {{ adapter.quote('line') }},
        rows_with_reasons.column_name as {{ adapter.quote('column') }},
        rows_with_reasons.problem_value as {{ adapter.quote('value') }},
        rows_with_reasons.reason,
        rows_with_reasons.input_rows
    from rows_with_reasons
    left join sheets on rows_with_reasons.file_name = sheets.source_file

)

select * from rows_placed
