with readings as (

    select * from {{ ref('int_claim_readings') }}

),

rates as (

    select * from {{ ref('fct_rates') }}

),

-- Counts of all the areas named and all the years of each period, added up; none where one of them is not at hand.
counts_added_up as (

    select
        readings.claim_code,
        readings.reading,
        sum(
            case
                when rates.period_start_year between readings.period_start_year and readings.period_end_year
                    then 1
                else 0
            end
        ) as period_counts,
        sum(
            case
                when rates.period_start_year between readings.period_start_year and readings.period_end_year
                    then rates.numerator
            end
        ) as period_numerator,
        sum(
            case
                when rates.period_start_year between readings.period_start_year and readings.period_end_year
                    then rates.denominator
            end
        ) as period_denominator,
        sum(
            case
                when rates.period_start_year between readings.comparison_start_year and readings.comparison_end_year
                    then 1
                else 0
            end
        ) as comparison_counts,
        sum(
            case
                when rates.period_start_year between readings.comparison_start_year and readings.comparison_end_year
                    then rates.numerator
            end
        ) as comparison_numerator,
        sum(
            case
                when rates.period_start_year between readings.comparison_start_year and readings.comparison_end_year
                    then rates.denominator
            end
        ) as comparison_denominator,
        {{ any_count_supplied('rates') }} as supplied_counts
    from readings
    inner join rates
        on ' ' || readings.area_codes || ' ' like '% ' || rates.area_code || ' %'
        and readings.measure = rates.measure
        and readings.basis = rates.basis
        and (
            rates.period_start_year between readings.period_start_year and readings.period_end_year
            or rates.period_start_year between readings.comparison_start_year and readings.comparison_end_year
        )
    where rates.status = 'ok'
    group by readings.claim_code, readings.reading

),

reading_counts as (

    select
        readings.*,
        case
            when counts_added_up.period_counts = readings.areas_named * (readings.period_end_year - readings.period_start_year + 1)
                then cast(counts_added_up.period_numerator as bigint)
        end as numerator,
        case
            when counts_added_up.period_counts = readings.areas_named * (readings.period_end_year - readings.period_start_year + 1)
                then cast(counts_added_up.period_denominator as bigint)
        end as denominator,
        case
            when counts_added_up.comparison_counts
                = readings.areas_named * (readings.comparison_end_year - readings.comparison_start_year + 1)
                then cast(counts_added_up.comparison_numerator as bigint)
        end as comparison_numerator,
        case
            when counts_added_up.comparison_counts
                = readings.areas_named * (readings.comparison_end_year - readings.comparison_start_year + 1)
                then cast(counts_added_up.comparison_denominator as bigint)
        end as comparison_denominator,
        coalesce(counts_added_up.supplied_counts, 0) = 1 as rests_on_supplied_figures
    from readings
    left join counts_added_up
        on readings.claim_code = counts_added_up.claim_code
        and readings.reading = counts_added_up.reading

)

select * from reading_counts
