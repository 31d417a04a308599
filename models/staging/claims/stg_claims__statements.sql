{%- set columns = [
    'claim_code', 'source', 'claim', 'published_value', 'unit', 'relation', 'statistic', 'area_codes', 'measure', 'other_measure',
    'worded_measure', 'basis', 'period',
    'comparison_period', 'comparison_area_code', 'ranking_level', 'nearest_area_code', 'nearest_measure', 'expected_verdict', 'remark',
] -%}
{%- set found = adapter.get_columns_in_relation(ref('published_figures')) | map(attribute='name') | map('lower') | list if execute else [] -%}
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

figures_with_decimals as (

    select
        *,
        {{ is_plain_number('published_value') }} as has_number,
        case when {{ is_plain_number('published_value') }} then cast({{ printed_decimals('published_value') }} as smallint) end as decimals
    from figures_numbered

),

figures_typed as (

    select
        source_line,
        {% for column in columns -%}
        {{ column }},
        {% endfor -%}
        decimals,
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
        {{ period_year('period', 'first') }} as period_start_year,
        {{ period_year('period', 'last') }} as period_end_year,
        {{ period_year('comparison_period', 'first') }} as comparison_start_year,
        {{ period_year('comparison_period', 'last') }} as comparison_end_year
    from figures_with_decimals

)

select * from figures_typed
