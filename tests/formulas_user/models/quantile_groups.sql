select
    area,
    {{ infant_mortality.quantile_group('place', 'areas', 5) }} as quintile
from (
    select
        area,
        rank() over (order by deaths desc) as place,
        count(*) over () as areas
    from {{ ref('counts') }}
    where births > 0 and deaths is not null
) as ranked
