-- A printed rate that the counts do not give is an error unless it is listed with its reason; so is a listed one that they do give.
select
    publication,
    source_table,
    data_year,
    area_code,
    area_name_printed,
    measure,
    printed_rate,
    recomputed_rate,
    outcome,
    is_known_exception
from {{ ref('fct_published_rate_checks') }}
where (outcome = 'differs') <> is_known_exception
