{%- set counts = '(select area, event_count + 0.5e0 as shape, expected from ' ~ ref('counts') ~ ' where deaths is not null) as shapes' -%}
select
    tails.area,
    tails.lower_tail,
    tails.upper_tail,
    quantiles.gamma_quantile,
    {{ infant_mortality.log_gamma('tails.shape') }} as log_gamma,
    {{ infant_mortality.normal_quantile('tails.lower_tail') }} as deviate
from ({{ infant_mortality.gamma_tails(counts, 'shape', 'expected') }}) as tails
inner join ({{ infant_mortality.gamma_quantiles(counts, 'shape', '-1.96e0') }}) as quantiles on tails.area = quantiles.area
