{#-
  The value of a variable of dbt_project.yml, after a check: a value that no model could use stops the build with one sentence.
  Where they are empty, `funnel_target` is none and `records_latest_date` the day of the build.
-#}
{% macro setting(name) -%}
    {%- set choices = {
        'chosen_confidence': [80, 90, 95, 98, 99, 99.8, 99.9],
        'records_cohort': ['death', 'birth'], 'records_engine': ['duckdb', 'spark'],
    } -%}
    {%- set whole_numbers = {
        'default_window_years': (1, 50), 'quantile_groups': (2, 20), 'rejected_records_listed': (1, 999999),
        'trend_minimum_deaths': (1, 1000000),
    } -%}
    {%- set booleans = ['quantiles_counted_within_region', 'record_ids_are_unique'] -%}
    {%- set value = var(name) -%}
    {%- set text = value | string | trim -%}
    {%- set found = namespace(value=value, expected='') -%}

    {%- if name in choices -%}
        {%- if text not in choices[name] | map('string') -%}
            {%- set found.expected = choices[name][:-1] | join(', ') ~ ' or ' ~ choices[name][-1] -%}
        {%- endif -%}
    {%- elif name in whole_numbers -%}
        {%- set fewest, most = whole_numbers[name] -%}
        {%- set found.value = text | int(-1) -%}
        {%- if found.value | string != text or not fewest <= found.value <= most -%}
            {%- set found.expected = 'a whole number from ' ~ fewest ~ ' to ' ~ most -%}
        {%- endif -%}
    {%- elif name in booleans -%}
        {%- if value is not boolean -%}
            {%- set found.expected = 'true or false' -%}
        {%- endif -%}
    {%- elif name == 'rolling_window_years' -%}
        {%- if value is string or value is not iterable or not value or value | reject('integer') | list or value | min < 1 -%}
            {%- set found.expected = 'a list of whole numbers of 1 or more, such as [3, 5, 9]' -%}
        {%- endif -%}
    {%- elif name == 'ranking_completeness' -%}
        {%- if not 0 <= text | float(-1) <= 1 -%}
            {%- set found.expected = 'a share from 0 to 1' -%}
        {%- endif -%}
    {%- elif name == 'verdict_probability' -%}
        {%- set found.value = text | float(-1) -%}
        {%- if not 0.5 < found.value < 1 -%}
            {%- set found.expected = 'a probability above 0.5 and below 1' -%}
        {%- endif -%}
    {%- elif name == 'funnel_target' -%}
        {%- set found.value = none if text in ('', 'None') else text | float(-1) -%}
        {%- if found.value is not none and not 0 < found.value < 1000 -%}
            {%- set found.expected = 'empty, for the rate of the whole ranking, or deaths per 1,000 births above 0 and below 1,000' -%}
        {%- endif -%}
    {%- elif name == 'records_latest_date' -%}
        {%- if text in ('', 'None') -%}
            {%- set found.value = run_started_at.strftime('%Y-%m-%d') -%}
        {%- elif not modules.re.fullmatch('[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])', text) -%}
            {%- set found.expected = 'a day such as 2024-12-31, or empty for the day of the build' -%}
        {%- endif -%}
    {%- else -%}
        {{ exceptions.raise_compiler_error("setting: there is no variable '" ~ name ~ "' to check") }}
    {%- endif -%}

    {%- if found.expected -%}
        {{ exceptions.raise_compiler_error('The variable ' ~ name ~ ' must be ' ~ found.expected ~ ", not '" ~ value ~ "'.") }}
    {%- endif -%}
    {{ return(found.value) }}
{%- endmacro %}
