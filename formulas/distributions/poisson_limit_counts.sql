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
    -- Whole counts near the limits, from a normal approximation with its first correction, which is off by less than one; the limit itself
    -- is the first or last count among them that the Poisson tail calls high or low.
    with counts_near_limits as (

        {% for level in levels -%}
        {% for side, sign in [('lower', '-'), ('upper', '+')] -%}
        select
            {{ keys_listed }},
            {{ expected }} as poisson_mean,
            '{{ side }}_{{ level }}' as limit_name,
            cast(floor(
                {{ expected }} {{ sign }} {{ z[level] }} * sqrt({{ expected }})
                + ({{ z[level] }} * {{ z[level] }} - 1e0) / 6e0
            ) as bigint) as nearest_count
        from {{ relation }}
        {% if not loop.last %}union all
        {% endif -%}
        {% endfor -%}
        {% if not loop.last %}union all
        {% endif -%}
        {% endfor %}
    ),

    candidates as materialized (

        select
            {{ keys_listed }},
            poisson_mean,
            limit_name,
            nearest_count + candidate_offset as deaths,
            -- P(X >= n) is the lower tail of a gamma distribution with the shape n, P(X <= n) the upper tail of one with the shape n + 1.
            cast(
                nearest_count + candidate_offset + case when limit_name like 'lower%' then 1 else 0 end as double precision
            ) as tail_shape
        from counts_near_limits
        cross join generate_series(-1, 2) as candidate_offsets (candidate_offset)
        where nearest_count + candidate_offset >= 0

    ),

    tails_of_candidates as (

        {{ infant_mortality.gamma_tails('candidates', 'tail_shape', 'poisson_mean') }}

    ),

    -- Columns of their own, before they are named twice: PostgreSQL would write the whole formula as often.
    tails_kept as materialized (

        select
            {{ keys_listed }},
            limit_name,
            deaths,
            case when limit_name like 'lower%' then upper_tail else lower_tail end as tail
        from tails_of_candidates

    )

    select
        {{ keys_listed }},
        {% for level in levels -%}
        max(case when limit_name = 'lower_{{ level }}' and tail <= {{ tails[level] }} then deaths end) as deaths_low_{{ level }},
        min(case when limit_name = 'upper_{{ level }}' and tail <= {{ tails[level] }} then deaths end) as deaths_high_{{ level }}
        {%- if not loop.last %},{% endif %}
        {% endfor %}
    from tails_kept
    group by {{ keys_listed }}
{%- endmacro %}
