-- What was counted while reading the workbooks stands in the seeds: as many figures per table, year and item, and the same total.
with figures as (

    select
        publication,
        source_table,
        data_year,
        item,
        count(*) as figures_seeded,
        coalesce(sum({{ whole_number('count_as_printed') }}), 0) as count_total_seeded
    from {{ ref('int_figures') }}
    group by publication, source_table, data_year, item

)

select
    batch_totals.*,
    figures.figures_seeded,
    figures.count_total_seeded
from {{ ref('batch_totals') }} as batch_totals
left join figures
    on batch_totals.publication = figures.publication
    and batch_totals.source_table = figures.source_table
    and batch_totals.data_year = figures.data_year
    and batch_totals.item = figures.item
where batch_totals.figures_read is distinct from figures.figures_seeded
    or batch_totals.count_total is distinct from figures.count_total_seeded
