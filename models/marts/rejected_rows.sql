with incoming as (

    select * from {{ ref('int_incoming_counts_checked') }}
    where problem_column is not null

),

records_rejected as (

    select * from {{ ref('int_rejected_records_listed') }}

),

incoming_accepted as (

    select * from {{ ref('int_incoming_figures_accepted') }}

),

figures as (

    select * from {{ ref('int_figures_unioned') }}

),

counts as (

    select * from {{ ref('int_counts_ordered') }}

),

counts_used as (

    select * from counts
    where choice = 1

),

item_differences as (

    select * from {{ ref('item_differences') }}

),

measure_counts as (

    select * from {{ ref('int_measure_counts_calculated') }}

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
        cast(source_line as bigint) as file_line,
        problem_column as column_name,
        problem_value,
        problem as reason,
        cast(1 as bigint) as input_rows
    from incoming

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
        incoming_accepted.source_file as file_name,
        incoming_accepted.source_line as file_line,
        'count' as column_name,
        coalesce(incoming_accepted.count_as_printed, incoming_accepted.count_mark) as problem_value,
        'this count was published (' || coalesce(cast(counts_used.count_value as varchar), counts_used.count_status) || ' in '
        || counts_used.publication || '), which is used' as reason,
        cast(1 as bigint) as input_rows
    from incoming_accepted
    inner join counts_used
        on incoming_accepted.area_code = counts_used.area_code
        and incoming_accepted.data_year = counts_used.data_year
        and incoming_accepted.basis = counts_used.basis
        and incoming_accepted.item = counts_used.item
    where not counts_used.is_supplied

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

-- One count may be impossible in several measures; it is one row of one file.
rows_with_first_reason as (

    select
        file_name as {{ adapter.quote('file') }},
        file_line as {{ adapter.quote('line') }},
        column_name as {{ adapter.quote('column') }},
        problem_value as {{ adapter.quote('value') }},
        min(reason) as reason,
        max(input_rows) as input_rows
    from rows_rejected
    group by file_name, file_line, column_name, problem_value

)

select * from rows_with_first_reason
