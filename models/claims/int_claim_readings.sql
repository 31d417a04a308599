with published_figures as (

    select * from {{ ref('stg_published__published_figures') }}

),

statistics as (

    select * from {{ ref('claim_statistics') }}

),

measures as (

    select * from {{ ref('dim_measure') }}

),

measure_choices as (

    select 1 as measure_choice
    union all
    select 2 as measure_choice

),

basis_choices as (

    select
        1 as basis_choice,
        'registration' as basis
    union all
    select
        2 as basis_choice,
        'occurrence' as basis

),

-- A change can be taken between the rates themselves or between the rates as printed, to one place.
rounding_choices as (

    select
        1 as rounding_choice,
        false as is_from_rounded
    union all
    select
        2 as rounding_choice,
        true as is_from_rounded

),

readings as (

    select
        published_figures.claim_code,
        cast(row_number() over (
            partition by published_figures.claim_code
            order by
                measure_choices.measure_choice asc nulls last,
                basis_choices.basis_choice asc nulls last,
                rounding_choices.rounding_choice asc nulls last
        ) as integer) as reading,
        measure_choices.measure_choice = 1 as is_first_measure,
        case measure_choices.measure_choice when 1 then published_figures.measure else published_figures.other_measure end as measure,
        -- What the words of the statement define: a measure, and for a change the rates themselves.
        case measure_choices.measure_choice when 1 then published_figures.measure else published_figures.other_measure end
        = coalesce(published_figures.worded_measure, published_figures.measure)
        and not rounding_choices.is_from_rounded as is_as_worded,
        basis_choices.basis,
        rounding_choices.is_from_rounded,
        published_figures.statistic,
        statistics.family,
        published_figures.relation,
        published_figures.published_number,
        published_figures.published_units,
        published_figures.decimals,
        published_figures.area_codes,
        cast(
            1 + length(published_figures.area_codes) - length(replace(published_figures.area_codes, ' ', '')) as integer
        ) as areas_named,
        published_figures.period,
        published_figures.period_start_year,
        published_figures.period_end_year,
        published_figures.comparison_period,
        published_figures.comparison_start_year,
        published_figures.comparison_end_year,
        published_figures.ranking_level
    from published_figures
    inner join statistics on published_figures.statistic = statistics.statistic
    cross join measure_choices
    cross join basis_choices
    cross join rounding_choices
    where statistics.family in ('figure', 'rank')
        and (measure_choices.measure_choice = 1 or published_figures.other_measure is not null)
        and published_figures.basis in (basis_choices.basis, 'any')
        and (rounding_choices.rounding_choice = 1 or published_figures.statistic = 'percent_change')

),

readings_described as (

    select
        readings.*,
        lower(substr(measures.numerator_definition, 1, 1)) || substr(measures.numerator_definition, 2) as deaths_in_words,
        lower(substr(measures.denominator_definition, 1, 1)) || substr(measures.denominator_definition, 2) as births_in_words
    from readings
    inner join measures on readings.measure = measures.measure

)

select * from readings_described
