{%- set with_95 = infant_mortality.rate_limits(ref('counts'), 'deaths', 'births', 95, 'lower_95', 'upper_95') -%}
select
    area,
    {{ infant_mortality.rate_per_1000('deaths', 'births') }} as rate_per_1000,
    lower_95,
    upper_95,
    lower_99_8,
    upper_99_8,
    {{ infant_mortality.wilson_limit('lower', '95', 'deaths', 'births') }} as wilson_lower_95,
    {{ infant_mortality.rounded_rate('deaths', 'births') }} as rounded_rate
from (
    {{ infant_mortality.rate_limits('(' ~ with_95 ~ ') as limits_95', 'deaths', 'births', 99.8, 'lower_99_8', 'upper_99_8') }}
) as both_limits
