with statements as (

    select * from {{ ref('stg_claims__statements') }}

),

statistics as (

    select * from {{ ref('claim_statistics') }}

),

areas as (

    select * from {{ ref('dim_area') }}

),

-- Every way in which a statement may be meant: either of its measures, either basis where it leaves that open, and for a change the rates
-- themselves or the rates as printed. The nearest published figure, of another area and measure, is read beside it.
ways_to_read as (

    select
        statements.*,
        case when choices.is_nearest then 'nearest_figure' else statements.statistic end as statistic_read,
        choices.is_nearest,
        choices.measure_choice,
        choices.measure as measure_read,
        choices.area_codes as area_codes_read,
        bases.basis as basis_read,
        bases.basis_choice,
        roundings.is_from_rounded
    from statements
    inner join statistics on statements.statistic = statistics.statistic
    cross join
        lateral (
            values
            (1, false, statements.area_codes, statements.measure),
            (2, false, statements.area_codes, statements.other_measure),
            (3, true, statements.nearest_area_code, statements.nearest_measure)
        ) as choices (measure_choice, is_nearest, area_codes, measure)
    cross join (values ('registration', 1), ('occurrence', 2)) as bases (basis, basis_choice)
    cross join (values (false), (true)) as roundings (is_from_rounded)
    where choices.area_codes is not null
        and choices.measure is not null
        and (statements.basis in (bases.basis, 'any') or choices.is_nearest)
        and (not roundings.is_from_rounded or (statistics.is_tried_from_rounded_rates and not choices.is_nearest))

),

readings as (

    select
        ways_to_read.claim_code,
        cast(row_number() over (
            partition by ways_to_read.claim_code
            order by
                ways_to_read.measure_choice asc nulls last,
                ways_to_read.basis_choice asc nulls last,
                ways_to_read.is_from_rounded asc nulls last
        ) as smallint) as reading,
        ways_to_read.statistic_read as statistic,
        ways_to_read.measure_read as measure,
        ways_to_read.basis_read as basis,
        ways_to_read.is_from_rounded,
        ways_to_read.measure_choice = 1 as is_first_measure,
        -- What the words of the statement define: a measure, and for a change the rates themselves.
        ways_to_read.measure_read = coalesce(ways_to_read.worded_measure, ways_to_read.measure)
        and not ways_to_read.is_from_rounded as is_as_worded,
        ways_to_read.area_codes_read as area_codes,
        cast(
            1 + length(ways_to_read.area_codes_read) - length(replace(ways_to_read.area_codes_read, ' ', '')) as integer
        ) as areas_named,
        -- Several areas together have no code of their own.
        case when ways_to_read.area_codes_read not like '% %' then ways_to_read.area_codes_read end as area_code,
        ways_to_read.comparison_area_code,
        -- An area that is ranked in two levels is compared in the first of them.
        case when ways_to_read.is_nearest then areas.first_ranking_level else ways_to_read.ranking_level end as ranking_level,
        ways_to_read.relation,
        ways_to_read.published_number,
        ways_to_read.published_units,
        ways_to_read.decimals,
        ways_to_read.period,
        ways_to_read.period_start_year,
        ways_to_read.period_end_year,
        ways_to_read.comparison_period,
        ways_to_read.comparison_start_year,
        ways_to_read.comparison_end_year
    from ways_to_read
    left join areas on ways_to_read.area_codes_read = areas.area_code

)

select * from readings
