-- Totals read off the publications by hand stand in the selected counts, exactly.
select
    control_totals.*,
    counts.count_value as selected_count
from {{ ref('control_totals') }} as control_totals
left join {{ ref('int_counts') }} as counts
    on control_totals.area_code = counts.area_code
    and control_totals.data_year = counts.data_year
    and control_totals.basis = counts.basis
    and control_totals.item = counts.item
    and counts.years_in_count = 1
    and counts.choice = 1
where counts.count_value is null or control_totals.count_value <> counts.count_value
