{%- set told -%}
names_told.sentence, codes_told.sentence, births_told.sentence, mixed_told.sentence, parts_told.sentence, alone_told.sentence
{%- endset -%}
with fields as (

    {{ from_files('stg_incoming__fields', {
        'source_file': 'varchar', 'layout': 'varchar', 'source_line': 'bigint', 'line_text': 'varchar', 'problem': 'varchar',
        'has_doubled_columns': 'boolean', 'first_line': 'bigint', 'columns_expected': 'varchar', 'columns_missing': 'varchar',
        'sheet_read': 'varchar', 'sheets_passed': 'varchar', 'file_name': 'varchar', 'edition': 'integer', 'known_table': 'varchar',
        'columns_lines': 'varchar',
    }) | indent(4) }}

),

lines_judged as (

    select * from {{ ref('int_incoming_lines') }}

),

record_files as (

    select * from {{ ref('int_record_files_counted') }}

),

rejected_rows as (

    select
        case
            when file_rows.sheet = '' then file_rows.{{ adapter.quote('file') }}
            else file_rows.{{ adapter.quote('file') }} || ', sheet ' || file_rows.sheet
        end as source_file,
        file_rows.{{ adapter.quote('line') }} as source_line,
        file_rows.{{ adapter.quote('column') }} as column_name,
        file_rows.{{ adapter.quote('value') }} as problem_value,
        file_rows.reason
    from {{ ref('rejected_rows') }} as file_rows

),

counts as (

    select * from {{ ref('int_incoming_counts') }}

),

impossible_counts as (

    select * from {{ ref('int_incoming_impossible_counts') }}

),

areas as (

    select * from {{ ref('int_areas') }}

),

all_counts as (

    select * from {{ ref('int_counts') }}

),

denominators as (

    select * from {{ ref('int_denominators') }}

),

measure_counts as (

    select * from {{ ref('int_measure_counts') }}

),

sentences as (

    select * from {{ ref('incoming_file_sentences') }}

),

lines_counted as (

    select
        lines_judged.source_file,
        count(*) as rows_read,
        count(rejected_rows.source_line) as rows_rejected,
        min(rejected_rows.source_line) as first_line_rejected
    from lines_judged
    left join rejected_rows
        on lines_judged.source_file = rejected_rows.source_file
        and lines_judged.source_line = rejected_rows.source_line
    group by lines_judged.source_file

),

-- Of records not all are listed: line 0 of a file says how many are not.
records_listed as (

    select
        source_file,
        min(source_line) as first_line_rejected
    from rejected_rows
    where source_line > 0
    group by source_file

),

files_counted as (

    select
        files.source_file,
        files.file_name,
        files.edition,
        files.layout,
        files.problem as reading_problem,
        files.has_doubled_columns,
        files.first_line,
        {{ printable_text('files.line_text', 120) }} as first_line_text,
        files.columns_expected,
        files.columns_missing,
        files.known_table,
        {{ printable_text('files.columns_lines', 350) }} as columns_lines,
        files.sheet_read,
        files.sheets_passed,
        coalesce(lines_counted.rows_read, 0) as rows_read,
        coalesce(lines_counted.rows_rejected, 0) as rows_rejected,
        lines_counted.first_line_rejected
    from fields as files
    left join lines_counted on files.source_file = lines_counted.source_file
    where files.source_line is null
    union all
    select
        record_files.source_file,
        record_files.source_file as file_name,
        cast(null as integer) as edition,
        case when record_files.reading_problem is null then 'births' end as layout,
        record_files.reading_problem,
        false as has_doubled_columns,
        cast(null as bigint) as first_line,
        cast(null as varchar) as first_line_text,
        cast(null as varchar) as columns_expected,
        cast(null as varchar) as columns_missing,
        cast(null as varchar) as known_table,
        cast(null as varchar) as columns_lines,
        cast(null as varchar) as sheet_read,
        cast(null as varchar) as sheets_passed,
        record_files.rows_read,
        record_files.rows_rejected,
        records_listed.first_line_rejected
    from record_files
    left join records_listed on record_files.source_file = records_listed.source_file

),

-- The name belongs to the code: another one beside it may be a slip of the code, and is told even where every row is used.
names_in_order as (

    select
        counts.source_file,
        counts.source_line,
        counts.area_code,
        min(counts.area_name) as area_name,
        min(areas.area_name) as area_name_known,
        row_number() over (partition by counts.source_file order by counts.source_line asc, counts.area_code asc) as place
    from counts
    inner join areas on counts.area_code = areas.area_code
    -- In a workbook of ONS the names are spelled as in its time.
    where lower(counts.area_name) <> lower(areas.area_name) and counts.layout not like 'ons_%'
    group by counts.source_file, counts.source_line, counts.area_code

),

-- Of a file the first such name.
names_told as (

    select
        names_in_order.source_file,
        {{ filled_template('sentences.template', {
            'line': 'cast(names_in_order.source_line as varchar)',
            'area_code': 'names_in_order.area_code',
            'area_name_known': 'names_in_order.area_name_known',
            'area_name': 'names_in_order.area_name',
        }) }} as sentence
    from names_in_order
    inner join sentences on sentences.sentence_code = 'name_differs'
    where names_in_order.place = 1

),

-- A code that nobody knows, beside a name that a known area has, may be a slip or the new code of the same area. A name that two areas
-- share does not say which.
known_by_name as (

    select
        lower(area_name) as area_name_lower,
        min(area_code) as area_code
    from areas
    where area_level <> 'supplied'
    group by lower(area_name)
    having count(*) = 1

),

codes_in_order as (

    select
        counts.source_file,
        counts.source_line,
        counts.area_code,
        counts.area_name,
        known_by_name.area_code as area_code_known,
        row_number() over (partition by counts.source_file order by counts.source_line asc, counts.place asc) as place
    from counts
    inner join areas on counts.area_code = areas.area_code
    inner join known_by_name on lower(counts.area_name) = known_by_name.area_name_lower
    where areas.area_level = 'supplied'

),

codes_told as (

    select
        codes_in_order.source_file,
        {{ filled_template('sentences.template', {
            'line': 'cast(codes_in_order.source_line as varchar)',
            'area_code': 'codes_in_order.area_code',
            'area_name': 'codes_in_order.area_name',
            'area_code_known': 'codes_in_order.area_code_known',
        }) }} as sentence
    from codes_in_order
    inner join sentences on sentences.sentence_code = 'code_unknown'
    where codes_in_order.place = 1

),

-- Births of a source of users' counts that are far from those that are used, or published: the source may have a part of the year only.
births_of_others as (

    select distinct
        area_code,
        data_year,
        years_in_count,
        basis,
        count_value,
        publication
    from denominators
    where item = 'live_births' and offered_by in ('all', 'published')

),

births_in_order as (

    select
        own_births.source_file,
        own_births.area_code,
        own_births.data_year,
        own_births.count_value as births,
        births_used.count_value as births_known,
        births_used.publication,
        count(*) over (partition by own_births.source_file) as times,
        row_number() over (
            partition by own_births.source_file
            order by own_births.data_year asc, own_births.area_code asc, own_births.basis asc
        ) as place
    from all_counts as own_births
    inner join births_of_others as births_used
        on own_births.area_code = births_used.area_code
        and own_births.data_year = births_used.data_year
        and own_births.years_in_count = births_used.years_in_count
        and own_births.basis = births_used.basis
        and own_births.publication <> births_used.publication
    where own_births.is_supplied
        and own_births.item = 'live_births'
        and abs(own_births.count_value - births_used.count_value) > 0.02 * births_used.count_value

),

births_told as (

    select
        births_in_order.source_file,
        {{ filled_template('sentences.template', {
            'area_code': 'births_in_order.area_code',
            'year': 'cast(births_in_order.data_year as varchar)',
            'births': 'cast(births_in_order.births as varchar)',
            'births_known': 'cast(births_in_order.births_known as varchar)',
            'publication': 'births_in_order.publication',
            'times': 'cast(births_in_order.times as varchar)',
        }) }} as sentence
    from births_in_order
    inner join sentences on sentences.sentence_code = 'births_differ'
    where births_in_order.place = 1

),

-- Deaths of users that stand over births which are not theirs, for want of their own.
mixtures_in_order as (

    select
        replace(numerator_publication, 'supplied/', '') as source_file,
        area_code,
        data_year,
        denominator_publication,
        count(*) over (partition by numerator_publication) as times,
        row_number() over (
            partition by numerator_publication
            order by data_year asc, area_code asc, measure asc, basis asc
        ) as place
    from measure_counts
    where status = 'ok'
        and numerator_publication like 'supplied/%'
        and denominator_publication not like 'supplied/%'

),

mixed_told as (

    select
        mixtures_in_order.source_file,
        {{ filled_template('sentences.template', {
            'area_code': 'mixtures_in_order.area_code',
            'year': 'cast(mixtures_in_order.data_year as varchar)',
            'publication': 'mixtures_in_order.denominator_publication',
            'times': 'cast(mixtures_in_order.times as varchar)',
        }) }} as sentence
    from mixtures_in_order
    inner join sentences on sentences.sentence_code = 'sources_mixed'
    where mixtures_in_order.place = 1

),

-- Deaths of users that stand over nothing: no source has births of the area and period.
births_known as (

    select distinct
        area_code,
        data_year,
        years_in_count
    from all_counts
    where item in ('live_births', 'live_births_and_stillbirths')

),

deaths_alone_in_order as (

    select
        replace(measure_counts.numerator_publication, 'supplied/', '') as source_file,
        measure_counts.area_code,
        measure_counts.data_year,
        count(*) over (partition by measure_counts.numerator_publication) as times,
        row_number() over (
            partition by measure_counts.numerator_publication
            order by measure_counts.data_year asc, measure_counts.area_code asc, measure_counts.years_in_count asc
        ) as place
    from measure_counts
    left join births_known
        on measure_counts.area_code = births_known.area_code
        and measure_counts.data_year = births_known.data_year
        and measure_counts.years_in_count = births_known.years_in_count
    where measure_counts.status = 'missing'
        and measure_counts.numerator is not null
        and measure_counts.numerator_publication like 'supplied/%'
        and births_known.area_code is null
    group by
        measure_counts.numerator_publication, measure_counts.area_code, measure_counts.data_year, measure_counts.years_in_count

),

alone_told as (

    select
        deaths_alone_in_order.source_file,
        {{ filled_template('sentences.template', {
            'area_code': 'deaths_alone_in_order.area_code',
            'year': 'cast(deaths_alone_in_order.data_year as varchar)',
            'times': 'cast(deaths_alone_in_order.times as varchar)',
        }) }} as sentence
    from deaths_alone_in_order
    inner join sentences on sentences.sentence_code = 'births_unknown'
    where deaths_alone_in_order.place = 1

),

-- Parts that miss their whole by no more than their number were rounded, each by itself: all of them are used.
parts_in_order as (

    select
        impossible_counts.source_file,
        impossible_counts.source_line,
        impossible_counts.detail,
        impossible_counts.whole_name,
        row_number() over (
            partition by impossible_counts.source_file
            order by impossible_counts.source_line asc, impossible_counts.place asc
        ) as place
    from impossible_counts
    where impossible_counts.fault_code = 'parts_rounded'

),

parts_told as (

    select
        parts_in_order.source_file,
        {{ filled_template('sentences.template', {
            'line': 'cast(parts_in_order.source_line as varchar)',
            'detail': 'parts_in_order.detail',
            'whole': 'parts_in_order.whole_name',
        }) }} as sentence
    from parts_in_order
    inner join sentences on sentences.sentence_code = 'parts_rounded'
    where parts_in_order.place = 1

),

files_judged as (

    select
        files_counted.*,
        rejected_rows.column_name,
        rejected_rows.problem_value,
        rejected_rows.reason,
        case
            when files_counted.reading_problem is not null then 'not_opened'
            when files_counted.has_doubled_columns then 'column_doubled'
            when files_counted.known_table is not null then 'known_table'
            when files_counted.columns_lines is not null then 'columns_incomplete'
            when files_counted.layout is null and files_counted.columns_missing is not null then 'columns_missing'
            when files_counted.layout is null then 'no_header'
            when files_counted.rows_read = 0 then 'no_rows'
            when files_counted.first_line_rejected is not null then 'row_rejected'
        end as sentence_code
    from files_counted
    left join rejected_rows
        on files_counted.source_file = rejected_rows.source_file
        and files_counted.first_line_rejected = rejected_rows.source_line

),

files_described as (

    select
        files_judged.file_name,
        files_judged.source_file,
        case when files_judged.edition is not null then 'ons' else coalesce(files_judged.layout, 'not_read') end as kind,
        files_judged.rows_read,
        files_judged.rows_read - files_judged.rows_rejected as rows_used,
        files_judged.rows_rejected,
        nullif(concat_ws('; ', {{ filled_template('sentences.template', {
            'reading_problem': 'files_judged.reading_problem',
            'first_line': 'cast(files_judged.first_line as varchar)',
            'first_line_text': 'files_judged.first_line_text',
            'columns_expected': 'files_judged.columns_expected',
            'columns_missing': 'files_judged.columns_missing',
            'known_table': 'files_judged.known_table',
            'columns_lines': 'files_judged.columns_lines',
            'line': "cast(files_judged.first_line_rejected as varchar)
                || case when files_judged.edition is not null then ' of sheet ' || files_judged.sheet_read else '' end",
            'column': 'files_judged.column_name',
            'value': "coalesce(files_judged.problem_value, '')",
            'reason': 'files_judged.reason',
        }) }}, case when files_judged.sheets_passed is not null then {{ filled_template('sheet_sentences.template', {
            'sheet_read': 'files_judged.sheet_read',
            'sheets_passed': 'files_judged.sheets_passed',
        }) }} end, {{ told }}), '') as problem
    from files_judged
    left join sentences on files_judged.sentence_code = sentences.sentence_code
    left join sentences as sheet_sentences on sheet_sentences.sentence_code = 'sheets_not_read'
    left join names_told on files_judged.source_file = names_told.source_file
    left join codes_told on files_judged.source_file = codes_told.source_file
    left join parts_told on files_judged.source_file = parts_told.source_file
    left join alone_told on files_judged.source_file = alone_told.source_file
    left join births_told
        on births_told.source_file = case when files_judged.layout = 'births' then 'births' else files_judged.source_file end
    left join mixed_told
        on mixed_told.source_file = case when files_judged.layout = 'births' then 'births' else files_judged.source_file end

),

-- One row for all sheets of a workbook.
files_gathered as (

    select
        file_name as {{ adapter.quote('file') }},
        min(kind) as kind,
        cast(sum(rows_read) as bigint) as rows_read,
        cast(sum(rows_used) as bigint) as rows_used,
        cast(sum(rows_rejected) as bigint) as rows_rejected,
        string_agg(problem, '; ' order by source_file asc) as problem
    from files_described
    group by file_name

)

select * from files_gathered
