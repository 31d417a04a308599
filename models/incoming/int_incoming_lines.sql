with counts as (

    select * from {{ ref('int_incoming_counts') }}

),

faults_found as (

    select * from {{ ref('int_incoming_count_faults') }}

),

mentions as (

    select * from {{ ref('int_incoming_mentions') }}

),

impossible_counts as (

    select * from {{ ref('int_incoming_impossible_counts') }}
    where fault_code <> 'parts_rounded'

),

supplied_areas as (

    select * from {{ ref('int_incoming_areas') }}

),

area_faults_found as (

    select * from {{ ref('int_incoming_area_faults') }}

),

fields as (

    {{ from_files('stg_incoming__fields', {
        'source_file': 'varchar', 'layout': 'varchar', 'source_line': 'bigint', 'is_malformed': 'boolean',
        'has_more_fields_than_header': 'boolean', 'line_text': 'varchar', 'fault_code': 'varchar', 'fault_column': 'varchar',
        'fault_value': 'varchar', 'fault_detail': 'varchar',
    }) | indent(4) }}

),

fault_wordings as (

    select * from {{ ref('incoming_faults') }}

),

-- The rows of columns.csv were judged where the files were read that they are about.
reading_rows as (

    select * from fields
    where source_line is not null and layout = 'columns'

),

lines as (

    select
        source_file,
        source_line,
        count(*) as counts_in_line
    from counts
    group by source_file, source_line
    union all
    select
        source_file,
        source_line,
        0 as counts_in_line
    from supplied_areas
    union all
    select
        source_file,
        source_line,
        0 as counts_in_line
    from reading_rows

),

-- A count that another row gives too does not condemn its row, unless nothing else stands in it.
counts_repeated as (

    select
        source_file,
        source_line,
        count(*) as counts_repeated
    from mentions
    where fault_code = 'count_repeated'
    group by source_file, source_line

),

faults as (

    select
        *,
        cast(null as varchar) as part_name,
        cast(null as varchar) as whole_name
    from (
        select * from faults_found
        union all
        select * from area_faults_found
        union all
        select
            source_file,
            source_line,
            coalesce(fault_code, case when is_malformed then 'quotation_mark_astray' else 'more_fields_than_header' end) as fault_code,
            coalesce(fault_column, 'whole line') as column_name,
            {{ printable_text("coalesce(fault_value, case when fault_code is null then line_text end)") }} as problem_value,
            fault_detail as detail
        from reading_rows
        where fault_code is not null or is_malformed or has_more_fields_than_header
    ) as faults_of_rows
    union all
    select
        source_file,
        source_line,
        fault_code,
        column_name,
        problem_value,
        detail,
        part_name,
        whole_name
    from impossible_counts
    union all
    select
        mentions.source_file,
        mentions.source_line,
        mentions.fault_code,
        mentions.count_column as column_name,
        mentions.count_text as problem_value,
        mentions.detail,
        cast(null as varchar) as part_name,
        cast(null as varchar) as whole_name
    from mentions
    inner join lines
        on mentions.source_file = lines.source_file
        and mentions.source_line = lines.source_line
    left join counts_repeated
        on mentions.source_file = counts_repeated.source_file
        and mentions.source_line = counts_repeated.source_line
    where mentions.fault_code in ('counts_contradict', 'sum_incomplete')
        or (mentions.fault_code = 'count_repeated' and counts_repeated.counts_repeated = lines.counts_in_line)

),

faults_worded as (

    select
        faults.source_file,
        faults.source_line,
        faults.column_name,
        faults.problem_value,
        fault_wordings.fault_order,
        {{ filled_template('fault_wordings.template', {
            'part': "coalesce(faults.part_name, 'parts')", 'whole': 'faults.whole_name', 'detail': 'faults.detail',
        }) }} as reason
    from faults
    inner join fault_wordings on faults.fault_code = fault_wordings.fault_code

),

-- The same said of two counts of a row is said once.
faults_in_order as (

    select
        source_file,
        source_line,
        reason,
        min(column_name) as column_name,
        min(problem_value) as problem_value,
        min(fault_order) as fault_order,
        row_number() over (
            partition by source_file, source_line
            order by min(fault_order) asc, min(column_name) asc, reason asc
        ) as place
    from faults_worded
    group by source_file, source_line, reason

),

faults_gathered as (

    select
        source_file,
        source_line,
        max(case when place = 1 then column_name end) as column_name,
        max(case when place = 1 then problem_value end) as problem_value,
        string_agg(reason, '; ' order by place) as reason
    from faults_in_order
    group by source_file, source_line

),

lines_judged as (

    select
        lines.source_file,
        lines.source_line,
        faults_gathered.column_name,
        faults_gathered.problem_value,
        faults_gathered.reason,
        faults_gathered.reason is not null as is_rejected
    from lines
    left join faults_gathered
        on lines.source_file = faults_gathered.source_file
        and lines.source_line = faults_gathered.source_line

)

select * from lines_judged
