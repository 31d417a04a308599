{#- SQL text of a select that adds up the counts of one reading in the published fct_rates; the heart of a claim's evidence.
    All arguments are SQL expressions of the claim's own columns. -#}
{% macro claim_counts_query(selected, area_codes, measure, basis, first_year, last_year) -%}
    'select ' || {{ selected }}
    || ' from marts.fct_rates where area_code in ('''
    || replace({{ area_codes }}, ' ', ''', ''')
    || ''') and measure = ''' || {{ measure }}
    || ''' and basis = ''' || {{ basis }}
    || ''' and period_start_year between ' || cast({{ first_year }} as varchar) || ' and ' || cast({{ last_year }} as varchar)
    || ' and status = ''ok'''
{%- endmacro %}
