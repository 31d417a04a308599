select
    area,
    lower_limit,
    upper_limit,
    1000e0 * {{ infant_mortality.funnel_limit_normal('upper', '95', 'cast(0.0045 as double precision)', 'nullif(births, 0)') }} as normal_upper_95
from ({{ infant_mortality.funnel_limits_exact(ref('counts'), 'births', '4.5', '99.8') }}) as limits
