with figures_accepted as (

    select * from {{ ref('int_incoming_figures_accepted') }}

),

counts_used as (

    select * from {{ ref('int_counts_ordered') }}
    where choice = 1

),

fault_wordings as (

    select * from {{ ref('incoming_faults') }}

),

figures_beside_those_used as (

    select
        figures_accepted.source_file,
        figures_accepted.source_line,
        figures_accepted.item,
        coalesce(figures_accepted.count_as_printed, figures_accepted.count_mark) as problem_value,
        coalesce(counts_used.publication <> figures_accepted.publication, false) as is_superseded,
        coalesce(cast(counts_used.count_value as varchar), counts_used.count_status) || ' in ' || counts_used.publication as count_used
    from figures_accepted
    left join counts_used
        on figures_accepted.area_code = counts_used.area_code
        and figures_accepted.data_year = counts_used.data_year
        and figures_accepted.basis = counts_used.basis
        and figures_accepted.item = counts_used.item

),

-- A row is used if any of its counts is.
lines_superseded as (

    select
        figures_beside_those_used.source_file,
        figures_beside_those_used.source_line,
        'count' as column_name,
        min(figures_beside_those_used.problem_value) as problem_value,
        min({{ filled_template('fault_wordings.template', {'detail': 'figures_beside_those_used.count_used'}) }}) as reason
    from figures_beside_those_used
    inner join fault_wordings on fault_wordings.fault_code = 'count_superseded'
    group by figures_beside_those_used.source_file, figures_beside_those_used.source_line
    having min(case when figures_beside_those_used.is_superseded then 1 else 0 end) = 1

)

select * from lines_superseded
