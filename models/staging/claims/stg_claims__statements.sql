{%- set columns = [
    'claim_code', 'source', 'claim', 'published_value', 'unit', 'relation', 'statistic', 'area_codes', 'measure', 'other_measure',
    'worded_measure', 'basis', 'period',
    'comparison_period', 'comparison_area_code', 'ranking_level', 'nearest_area_code', 'nearest_measure', 'expected_verdict', 'remark',
] -%}
{%- set relation = ref('published_figures') -%}
{%- set found = adapter.get_columns_in_relation(relation) | map(attribute='name') | map('lower') | list if execute else [] -%}
{%- set missing = columns | reject('in', found) | list -%}
{%- set unknown = found | reject('in', columns) | list -%}
{%- if found and (missing or unknown) -%}
    {{ exceptions.raise_compiler_error(
        'seeds/published/published_figures.csv, line 1: '
        ~ ('column ' ~ missing | join(', ') ~ ' is missing' if missing else '')
        ~ ('; ' if missing and unknown else '')
        ~ ('column ' ~ unknown | join(', ') ~ ' is not known' if unknown else '')
        ~ '; expected ' ~ columns | join(',') ~ '.'
    ) }}
{%- endif -%}
with published_figures as (

    select * from {{ ref('published_figures') }}

),

-- The line of the seed's file, the header being line 1: a seed is read back in the order of its file.
figures_numbered as (

    select
        *,
        cast(row_number() over () + 1 as integer) as source_line
    from published_figures

),

-- A plain number has an optional minus sign, digits, and at most one point with digits on both sides. A period is a year (`2014`) or
-- years in order (`2012-2014`).
texts_judged as (

    select
        *,
        {% for period in ['period', 'comparison_period'] -%}
        coalesce(
            {{ period }} similar to '[0-9]{4}(-[0-9]{4})?'
            and substr({{ period }}, 1, 4) <= substr({{ period }}, length({{ period }}) - 3, 4),
            false
        ) as has_{{ period }},
        {% endfor -%}
        coalesce(published_value similar to '-?[0-9]+([.][0-9]+)?' and length(published_value) <= 15, false) as has_number
    from figures_numbered

),

figures_with_decimals as (

    select
        *,
        case when has_number then cast({{ printed_decimals('published_value') }} as smallint) end as decimals
    from texts_judged

),

figures_typed as (

    select
        source_line,
        {% for column in columns -%}
        {{ column }},
        {% endfor -%}
        case when has_number then cast(published_value as double precision) end as published_number,
        -- The printed digits as a whole number of units of the last place: 35.6 is 356.
        case when has_number then cast(replace(published_value, '.', '') as bigint) end as published_units,
        case
            when has_number and relation = 'more_than' then cast(published_value as double precision)
            when has_number then cast(published_value as double precision) - 0.5e0 / power(10e0, decimals)
        end as tolerance_lower,
        case
            when has_number and relation = 'equals' then cast(published_value as double precision) + 0.5e0 / power(10e0, decimals)
        end as tolerance_upper,
        {% for period, years in [('period', 'period'), ('comparison_period', 'comparison')] -%}
        case when has_{{ period }} then cast(substr({{ period }}, 1, 4) as smallint) end as {{ years }}_start_year,
        case when has_{{ period }} then cast(substr({{ period }}, length({{ period }}) - 3, 4) as smallint) end as {{ years }}_end_year,
        {% endfor -%}
        decimals
    from figures_with_decimals

)

select * from figures_typed
