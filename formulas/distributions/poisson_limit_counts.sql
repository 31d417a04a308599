{#-
  A select of the counts at which a Poisson number of deaths begins to be improbable: for each key of a relation and each level asked for
  deaths_low_95 or deaths_low_99_8, the most deaths whose lower tail is at most 2.5 % (0.1 %), NULL where not even none are, and
  deaths_high_95 or deaths_high_99_8, the fewest whose upper tail is. The level `asked` is that of the tail `tail_asked`, SQL that is one of
  the keys: deaths_low_asked and deaths_high_asked.
-#}
{% macro poisson_limit_counts(relation, keys, expected, levels, tail_asked=none) -%}
    {%- set keys_listed = keys | join(', ') -%}
    {%- set tails = {'95': '0.025e0', '99_8': '0.001e0', 'asked': tail_asked} -%}
    {%- set z = {
        '95': infant_mortality.standard_normal_quantile('95'), '99_8': infant_mortality.standard_normal_quantile('99_8'),
    } -%}
    {%- if tail_asked -%}
        {%- do z.update({'asked': '(' ~ infant_mortality.normal_quantile(tail_asked) ~ ')'}) -%}
    {%- endif -%}
    -- A normal approximation with its first correction is off by less than one. Of the four whole counts near it the tail of the one
    -- farthest out is worked out; towards the mean each next tail is the last and the probability of the next count.
    with counts_near_limits as (

        {% for level in levels -%}
        {% for side, sign, direction, farthest in [('lower', '-', 1, -1), ('upper', '+', -1, 2)] -%}
        select
            {{ keys_listed }},
            {{ expected }} as poisson_mean,
            '{{ side }}_{{ level }}' as limit_name,
            {{ tails[level] }} as widest_tail,
            {{ direction }} as direction,
            floor({{ expected }} {{ sign }} {{ z[level] }} * sqrt({{ expected }}) + ({{ z[level] }} * {{ z[level] }} - 1e0) / 6e0)
            + {{ farthest }} as farthest_count
        from {{ relation }}
        {% if not loop.last %}union all
        {% endif -%}
        {% endfor -%}
        {% if not loop.last %}union all
        {% endif -%}
        {% endfor %}
    ),

    -- P(X >= n) is the lower tail of a gamma distribution with the shape n, P(X <= n) the upper tail of one with the shape n + 1.
    shapes_of_tails as materialized (

        select
            *,
            greatest(case when direction = 1 then farthest_count + 1e0 else farthest_count end, 0e0) as tail_shape
        from counts_near_limits
        where farthest_count is not null

    ),

    tails_of_farthest as (

        {{ infant_mortality.gamma_tails('shapes_of_tails', 'tail_shape', 'poisson_mean') }}

    ),

    -- Columns of their own, before they are named often: PostgreSQL would write the whole formula as often.
    tails_and_points as materialized (

        select
            {{ keys_listed }},
            limit_name,
            widest_tail,
            direction,
            farthest_count,
            case when direction = 1 then upper_tail else lower_tail end as tail
            {%- for step in [1, 2, 3] %}
            {%- set count = '(farthest_count + ' ~ step ~ 'e0 * direction)' %},
            case
                when {{ count }} >= 0e0 and poisson_mean > 0e0 then {{ infant_mortality.poisson_point_probability(count, 'poisson_mean') }}
                when {{ count }} = 0e0 and poisson_mean = 0e0 then 1e0
                else 0e0
            end as point_{{ step }}
            {%- endfor %}
        from tails_of_farthest

    ),

    limits_found as (

        select
            {{ keys_listed }},
            limit_name,
            cast(farthest_count as bigint) + direction * (
                case when tail <= widest_tail then 0 end
                {%- set reached = ['tail'] %}
                {%- for step in [1, 2, 3] %}
                {%- do reached.append('point_' ~ step) %}
                + case when {{ reached | join(' + ') }} <= widest_tail then 1 else 0 end
                {%- endfor %}
            ) as deaths
        from tails_and_points

    )

    select
        {{ keys_listed }},
        {% for level in levels -%}
        max(case when limit_name = 'lower_{{ level }}' and deaths >= 0 then deaths end) as deaths_low_{{ level }},
        max(case when limit_name = 'upper_{{ level }}' then deaths end) as deaths_high_{{ level }}
        {%- if not loop.last %},{% endif %}
        {% endfor %}
    from limits_found
    group by {{ keys_listed }}
{%- endmacro %}
