{%- set statuses, flags = ['invalid', 'suppressed', 'missing'], ['is_supplied', 'is_from_two_sources', 'is_like_for_like'] -%}
{%- set widths = [1] + setting('rolling_window_years') | reject('equalto', 1) | list %}
with counts as (

    select * from {{ ref('int_measure_counts') }}
    where years_in_count = 1

),

-- A county that became one district is the same area under another code, and districts merged whole are together the new one.
area_lineage as (

    select * from {{ ref('area_lineage') }}
    where change_type in ('recode', 'merger')

),

counts_of_several_years as (

    select * from {{ ref('int_measure_counts') }}
    where years_in_count > 1

),

predecessors_counted as (

    select
        successor_code,
        change_type,
        count(*) as predecessors
    from area_lineage
    group by successor_code, change_type

),

-- Where one predecessor has no row there is no sum; where one has no count the status says why.
predecessors_added_up as (

    select
        area_lineage.successor_code as area_code,
        counts.data_year,
        counts.basis,
        counts.measure,
        area_lineage.change_type,
        {{ worst_status('counts.status') }} as status,
        cast(sum(counts.numerator) as bigint) as numerator,
        cast(sum(counts.denominator) as bigint) as denominator,
        max(case when counts.is_numerator_derived then 1 else 0 end) = 1 as is_numerator_derived,
        max(case when counts.is_supplied then 1 else 0 end) = 1 as is_supplied,
        max(case when counts.is_from_two_sources then 1 else 0 end) = 1 as is_from_two_sources,
        max(counts.numerator_publication) as numerator_publication,
        max(counts.denominator_publication) as denominator_publication
    from area_lineage
    inner join predecessors_counted
        on area_lineage.successor_code = predecessors_counted.successor_code
        and area_lineage.change_type = predecessors_counted.change_type
    inner join counts on area_lineage.predecessor_code = counts.area_code
    group by area_lineage.successor_code, counts.data_year, counts.basis, counts.measure, area_lineage.change_type
    having count(*) = max(predecessors_counted.predecessors)

),

-- A whole that was printed as one comes before the sum of its districts.
predecessors_in_order as (

    select
        *,
        row_number() over (
            partition by area_code, data_year, basis, measure
            order by case change_type when 'recode' then 1 else 2 end asc
        ) as choice
    from predecessors_added_up

),

-- Only for years in which the area has no figure of its own.
counts_before_change as (

    select predecessors_in_order.*
    from predecessors_in_order
    left join counts
        on predecessors_in_order.area_code = counts.area_code
        and predecessors_in_order.data_year = counts.data_year
        and predecessors_in_order.basis = counts.basis
        and predecessors_in_order.measure = counts.measure
    where predecessors_in_order.choice = 1
        and counts.area_code is null

),

yearly_counts as (

    select
        area_code,
        data_year,
        basis,
        measure,
        numerator,
        denominator,
        status,
        is_numerator_derived,
        is_supplied,
        is_from_two_sources,
        numerator_publication,
        denominator_publication,
        false as is_like_for_like
    from counts
    union all
    select
        area_code,
        data_year,
        basis,
        measure,
        case when status in ('ok', 'invalid') then numerator end as numerator,
        case when status in ('ok', 'invalid') then denominator end as denominator,
        status,
        is_numerator_derived,
        is_supplied,
        is_from_two_sources,
        numerator_publication,
        denominator_publication,
        true as is_like_for_like
    from counts_before_change

),

-- Sums over the years of each window that ends in a year; a single year is a window of one.
windows_side_by_side as (

    select
        area_code,
        measure,
        basis,
        data_year,
        {% for width in widths -%}
        {%- set years = 'over (partition by area_code, measure, basis order by data_year asc range between ' ~ (width - 1)
            ~ ' preceding and current row)' -%}
        count(*) {{ years }} as years_published_{{ width }},
        sum(numerator) {{ years }} as numerator_{{ width }},
        sum(denominator) {{ years }} as denominator_{{ width }},
        {% for status in statuses -%}
        sum(case when status = '{{ status }}' then 1 else 0 end) {{ years }} as years_{{ status }}_{{ width }},
        {% endfor -%}
        {% for flag in flags -%}
        max(case when {{ flag }} then 1 else 0 end) {{ years }} as {{ flag }}_{{ width }},
        {% endfor -%}
        {% endfor -%}
        is_numerator_derived,
        numerator_publication,
        denominator_publication
    from yearly_counts

),

window_widths as (

    select years_in_period
    from (values {% for width in widths %}{{ ', ' if not loop.first }}({{ width }}){% endfor %}) as widths (years_in_period)

),

windows_added_up as (

    select
        windows.area_code,
        windows.measure,
        windows.basis,
        window_widths.years_in_period,
        windows.data_year as last_year,
        {% for column in ['years_published', 'numerator', 'denominator', 'years_invalid', 'years_suppressed', 'years_missing'] + flags -%}
        case window_widths.years_in_period
            {% for width in widths %}when {{ width }} then windows.{{ column }}_{{ width }} {% endfor %}
        end{{ ' = 1' if column in flags }} as {{ column }},
        {% endfor -%}
        windows.is_numerator_derived,
        windows.numerator_publication,
        windows.denominator_publication
    from windows_side_by_side as windows
    cross join window_widths

),

-- A sum over a window with a year that is absent, hidden or impossible is no sum: NULL, with the status that says why.
windows_with_status as (

    select
        *,
        last_year - years_in_period + 1 as first_year,
        case
            when years_invalid > 0 then 'invalid'
            when years_suppressed > 0 then 'suppressed'
            when years_missing > 0 or years_published < years_in_period then 'missing'
            when denominator = 0 then 'no_births'
            else 'ok'
        end as status
    from windows_added_up

),

-- A file may give a period as one count and not its years. That count is the window's where the years do not make one up.
windows_given as (

    select
        counts_of_several_years.*,
        cast(counts_of_several_years.data_year + counts_of_several_years.years_in_count - 1 as smallint) as last_year
    from counts_of_several_years
    left join windows_with_status as windows
        on counts_of_several_years.area_code = windows.area_code
        and counts_of_several_years.measure = windows.measure
        and counts_of_several_years.basis = windows.basis
        and counts_of_several_years.data_year = windows.first_year
        and counts_of_several_years.years_in_count = windows.years_in_period
        and windows.status in ('ok', 'no_births')
        and not windows.is_like_for_like
    where windows.area_code is null

),

windows_chosen as (

    select
        windows.area_code,
        windows.measure,
        windows.basis,
        windows.years_in_period,
        windows.first_year,
        windows.last_year,
        windows.status,
        windows.numerator,
        windows.denominator,
        windows.years_published,
        windows.is_supplied,
        windows.is_from_two_sources,
        windows.is_like_for_like,
        case when windows.years_in_period = 1 then windows.is_numerator_derived end as is_numerator_derived,
        case when windows.years_in_period = 1 then windows.numerator_publication end as numerator_publication,
        case when windows.years_in_period = 1 then windows.denominator_publication end as denominator_publication
    from windows_with_status as windows
    left join windows_given
        on windows.area_code = windows_given.area_code
        and windows.measure = windows_given.measure
        and windows.basis = windows_given.basis
        and windows.last_year = windows_given.last_year
        and windows.years_in_period = windows_given.years_in_count
    where windows_given.area_code is null
    union all
    select
        area_code,
        measure,
        basis,
        years_in_count as years_in_period,
        data_year as first_year,
        last_year,
        status,
        numerator,
        denominator,
        years_in_count as years_published,
        is_supplied,
        is_from_two_sources,
        false as is_like_for_like,
        is_numerator_derived,
        numerator_publication,
        denominator_publication
    from windows_given

),

windows_beside_last_complete as (

    select
        *,
        max(case when status in ('ok', 'no_births') then last_year end) over (
            partition by area_code, measure, basis, years_in_period
        ) as last_complete_year
    from windows_chosen

),

period_counts as (

    select
        area_code,
        case
            when years_in_period = 1 then cast(last_year as varchar)
            else cast(first_year as varchar) || '-' || cast(last_year as varchar)
        end as period,
        cast(first_year as smallint) as period_start_year,
        cast(last_year as smallint) as period_end_year,
        cast(years_in_period as smallint) as years_in_period,
        measure,
        basis,
        -- The counts of a single year stay as published, whatever its status.
        cast(case when years_in_period = 1 or status in ('ok', 'no_births') then numerator end as bigint) as numerator,
        cast(case when years_in_period = 1 or status in ('ok', 'no_births') then denominator end as bigint) as denominator,
        status,
        is_supplied,
        is_from_two_sources,
        is_like_for_like,
        is_numerator_derived,
        numerator_publication,
        denominator_publication,
        cast(years_published as smallint) as years_published,
        status in ('ok', 'no_births') as is_complete,
        coalesce(
            status in ('ok', 'no_births') and mod(last_complete_year - last_year, years_in_period) = 0,
            false
        ) as is_non_overlapping
    from windows_beside_last_complete

)

select * from period_counts
