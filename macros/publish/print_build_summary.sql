{#- The last on-run-end hook: says in a few lines what a whole build has made, how many printed rates the counts give, and what became of
    the claims. Nothing after any other command, or where a step did not pass. -#}
{% macro print_build_summary(results) %}
    {%- if not execute -%}
        {%- do [ref('fct_published_rate_checks'), ref('fct_claim_checks'), ref('rejected_rows')] -%}
    {%- elif not reason_not_to_publish(results) -%}
        {%- set rates = run_query(
            "select count(*) as printed"
            ~ ", sum(case when outcome = 'reproduced' then 1 else 0 end) as reproduced"
            ~ ", sum(case when outcome = 'differs' then 1 else 0 end) as different"
            ~ ", sum(case when outcome = 'not_computable' then 1 else 0 end) as not_computable"
            ~ " from " ~ ref('fct_published_rate_checks')
        ).rows[0] -%}
        {%- set verdicts = run_query(
            "select verdict, count(*) as claims from " ~ ref('fct_claim_checks') ~ " group by verdict order by verdict desc"
        ).rows -%}
        {%- set rejected = run_query("select count(*) as rejected from " ~ ref('rejected_rows')).rows[0]['rejected'] -%}
        {%- set verdicts_in_words = [] -%}
        {%- for row in verdicts -%}
            {%- do verdicts_in_words.append(row['claims'] ~ ' ' ~ row['verdict'] | replace('_', ' ')) -%}
        {%- endfor -%}
        {%- do print('Every test on the data passed.') -%}
        {%- do print(
            "Rates and limits in print: " ~ '{:,}'.format(rates['printed'] | int) ~ ", of which "
            ~ '{:,}'.format(rates['reproduced'] | int) ~ " are reproduced to the digit, "
            ~ '{:,}'.format(rates['different'] | int) ~ " differ (each listed with its reason) and "
            ~ '{:,}'.format(rates['not_computable'] | int) ~ " lack a published count."
        ) -%}
        {%- do print("Claims checked: " ~ verdicts_in_words | join(', ') ~ ".") -%}
        {%- if rejected -%}
            {%- do print("Input rows not used: " ~ rejected ~ "; marts.rejected_rows says which and why.") -%}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
