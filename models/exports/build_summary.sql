with templates as (

    select * from {{ ref('build_summary_sentences') }}

),

rate_checks as (

    select * from {{ ref('fct_published_rate_checks') }}

),

claim_checks as (

    select * from {{ ref('fct_claim_checks') }}

),

rejected_rows as (

    select * from {{ ref('rejected_rows') }}

),

input_files as (

    select
        {{ adapter.quote('file') }} as file_name,
        rows_read,
        rows_used,
        rows_rejected,
        problem
    from {{ ref('input_files') }}

),

rate_checks_counted as (

    select
        count(*) as printed,
        count(case when outcome = 'reproduced' then 1 end) as reproduced,
        count(case when outcome = 'differs' then 1 end) as different,
        count(case when outcome = 'not_computable' then 1 end) as not_computable
    from rate_checks

),

claim_checks_counted as (

    select
        is_from_article,
        verdict,
        cast(count(*) as varchar) || ' ' || replace(verdict, '_', ' ') as claims_told
    from claim_checks
    group by is_from_article, verdict

),

verdicts_listed as (

    select
        string_agg(case when is_from_article then claims_told end, ', ' order by verdict desc) as verdicts_of_article,
        string_agg(case when not is_from_article then claims_told end, ', ' order by verdict desc) as verdicts_of_others
    from claim_checks_counted

),

rejected_rows_counted as (

    select coalesce(sum(input_rows), 0) as rejected from rejected_rows

),

placeholders_worded as (

    select
        {{ with_thousands_commas('rate_checks_counted.printed') }} as printed,
        {{ with_thousands_commas('rate_checks_counted.reproduced') }} as reproduced,
        {{ with_thousands_commas('rate_checks_counted.different') }} as different,
        {{ with_thousands_commas('rate_checks_counted.not_computable') }} as not_computable,
        coalesce(verdicts_listed.verdicts_of_article, 'none') as verdicts_of_article,
        coalesce(verdicts_listed.verdicts_of_others, 'none') as verdicts_of_others,
        {{ with_thousands_commas('rejected_rows_counted.rejected') }} as rejected
    from rate_checks_counted
    cross join verdicts_listed
    cross join rejected_rows_counted

),

templates_filled as (

    select
        templates.line,
        {{ filled_template('templates.template', {
            'printed': 'placeholders_worded.printed',
            'reproduced': 'placeholders_worded.reproduced',
            'different': 'placeholders_worded.different',
            'not_computable': 'placeholders_worded.not_computable',
            'verdicts_of_article': 'placeholders_worded.verdicts_of_article',
            'verdicts_of_others': 'placeholders_worded.verdicts_of_others',
            'rejected': 'placeholders_worded.rejected',
        }) }} as sentence
    from templates
    cross join placeholders_worded
    -- Where every row was used, there is nothing to say of rejected ones.
    where (placeholders_worded.rejected <> '0' or templates.template not like '%{rejected}%')
        and templates.template not like '%{file}%'

),

-- A line for each file that users supplied, after all others.
files_told as (

    select
        cast(templates.line - 1 + row_number() over (order by input_files.file_name asc) as smallint) as line,
        {{ filled_template('templates.template', {
            'rows_read': with_thousands_commas('input_files.rows_read'),
            'rows_used': with_thousands_commas('input_files.rows_used'),
            'rows_rejected': with_thousands_commas('input_files.rows_rejected'),
            'file': 'input_files.file_name',
            'problem': "': ' || input_files.problem",
        }) }} as sentence
    from templates
    cross join input_files
    where templates.template like '%{file}%'

),

sentences as (

    select * from templates_filled
    union all
    select * from files_told

)

select * from sentences
