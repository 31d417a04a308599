with figures_accepted as (

    select * from {{ ref('int_incoming_figures') }}

),

counts_used as (

    select * from {{ ref('int_counts') }}
    where choice = 1

),

windows as (

    select * from {{ ref('int_period_counts') }}
    where years_in_period > 1

),

measure_components as (

    select * from {{ ref('stg_reference__measure_components') }}

),

fault_wordings as (

    select * from {{ ref('incoming_faults') }}

),

-- Of several years: where every window that the count could stand in has counts of its own years, these are used.
windows_of_several_years as (

    select
        figures_accepted.source_file,
        figures_accepted.source_line,
        figures_accepted.source_place,
        min(cast(windows.numerator as varchar) || ' of ' || cast(windows.denominator as varchar)) as counts_used
    from figures_accepted
    inner join measure_components on figures_accepted.item = measure_components.item
    inner join windows
        on figures_accepted.area_code = windows.area_code
        and figures_accepted.data_year = windows.period_start_year
        and figures_accepted.years_in_count = windows.years_in_period
        and figures_accepted.basis = windows.basis
        and measure_components.measure = windows.measure
    group by figures_accepted.source_file, figures_accepted.source_line, figures_accepted.source_place
    having max(windows.numerator_publication) is null and max(windows.denominator_publication) is null

),

figures_beside_those_used as (

    select
        figures_accepted.source_file,
        figures_accepted.source_line,
        figures_accepted.item,
        coalesce(figures_accepted.count_as_printed, figures_accepted.count_mark) as problem_value,
        coalesce(counts_used.publication <> figures_accepted.publication, false)
        or windows_of_several_years.source_file is not null as is_superseded,
        coalesce(
            windows_of_several_years.counts_used || ' in the sum of its years',
            coalesce(cast(counts_used.count_value as varchar), counts_used.count_status) || ' in ' || counts_used.publication
        ) as count_used
    from figures_accepted
    left join counts_used
        on figures_accepted.area_code = counts_used.area_code
        and figures_accepted.data_year = counts_used.data_year
        and figures_accepted.years_in_count = counts_used.years_in_count
        and figures_accepted.basis = counts_used.basis
        and figures_accepted.item = counts_used.item
    left join windows_of_several_years
        on figures_accepted.source_file = windows_of_several_years.source_file
        and figures_accepted.source_line = windows_of_several_years.source_line
        and figures_accepted.source_place = windows_of_several_years.source_place

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
