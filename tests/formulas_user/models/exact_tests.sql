select
    tested.area,
    tested.exact_p_value,
    compared.rate_ratio,
    compared.rate_ratio_lower_95,
    compared.rate_ratio_upper_95,
    compared.exact_p_value as comparison_p_value
from ({{ infant_mortality.poisson_p_values(ref('counts'), 'deaths', 'expected') }}) as tested
inner join ({{ infant_mortality.rate_comparison(ref('counts'), 'deaths', 'births', '36', '4702') }}) as compared
    on tested.area = compared.area
