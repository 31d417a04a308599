with readings as (

    select * from {{ ref('int_claim_reading_counts') }}
    where family = 'rank'

),

ranks as (

    select * from {{ ref('int_claim_ranks_calculated') }}

),

areas_named as (

    select * from {{ ref('int_claim_areas_named') }}

),

-- An absent area can only push the rank down: below the least rank, and above it by more than are absent, no printed rank can be right.
readings_judged as (

    select
        readings.*,
        readings.numerator is not null as is_computed,
        ranks.least_rank,
        ranks.areas_ranked,
        ranks.areas_absent,
        ranks.rank_interval_lower,
        ranks.rank_interval_upper,
        case
            when readings.numerator is null or ranks.least_rank is null then 'not_checkable'
            when ranks.areas_absent = 0 and readings.published_units = ranks.least_rank then 'reproduced'
            when ranks.areas_absent = 0
                and readings.published_units between ranks.rank_interval_lower and ranks.rank_interval_upper then 'consistent'
            when readings.published_units < ranks.least_rank
                or readings.published_units > ranks.least_rank + ranks.areas_absent then 'contradicted'
            else 'not_checkable'
        end as verdict
    from readings
    left join ranks
        on readings.claim_code = ranks.claim_code
        and readings.reading = ranks.reading

),

readings_in_order_of_use as (

    select
        *,
        row_number() over (
            partition by claim_code
            order by
                case when verdict = 'reproduced' then 1 when is_computed then 2 else 3 end asc nulls last,
                reading asc nulls last
        ) as order_of_use
    from readings_judged

),

readings_used as (

    select
        readings.claim_code,
        case
            when readings.is_computed and readings.areas_absent = 0 then cast(readings.least_rank as double precision)
        end as recomputed_value,
        readings.numerator,
        readings.denominator,
        readings.measure,
        readings.basis,
        readings.verdict,
        case
            when readings.verdict = 'not_checkable' then 'unknown'
            when readings.verdict = 'contradicted' and readings.areas_absent > 0 then 'exact'
            when readings.rank_interval_lower < readings.rank_interval_upper and readings.verdict <> 'contradicted' then 'within_chance'
            else 'beyond_chance'
        end as certainty,
        case
            when not readings.is_computed
                then 'The counts of births and deaths of ' || areas_named.area_names
                    || ' are not at hand, nor those of the areas to rank with.'
            when readings.areas_absent > 0
                then areas_named.area_names || ': ' || {{ with_thousands_commas('readings.numerator') }} || ' of '
                    || {{ with_thousands_commas('readings.denominator') }} || ', which is '
                    || {{ fixed_decimals(rate_per_1000('readings.numerator', 'readings.denominator'), 3) }} || ' per 1,000. Counts of '
                    || {{ with_thousands_commas('readings.areas_absent') }} || ' of the '
                    || {{ with_thousands_commas('readings.areas_ranked') }}
                    || ' areas are not at hand; among the others the rank is ' || {{ with_thousands_commas('readings.least_rank') }}
                    || case
                        when readings.verdict = 'contradicted' then ', and more areas can only push it further down.'
                        else ', so the rank among all is not known.'
                    end
            else
                areas_named.area_names || ': ' || {{ with_thousands_commas('readings.numerator') }} || ' of '
                || {{ with_thousands_commas('readings.denominator') }} || ', which is '
                || {{ fixed_decimals(rate_per_1000('readings.numerator', 'readings.denominator'), 3) }} || ' per 1,000, rank '
                || {{ with_thousands_commas('readings.least_rank') }} || ' of ' || {{ with_thousands_commas('readings.areas_ranked') }}
                || ' from the highest. The counts bear out no more than a place between '
                || {{ with_thousands_commas('readings.rank_interval_lower') }}
                || ' and ' || {{ with_thousands_commas('readings.rank_interval_upper') }} || ' (95 % rank interval).'
        end as finding,
        'with members as (select case when area_code in ('''
        || replace(readings.area_codes, ' ', ''', ''')
        || ''') then ''claimed'' else area_code end as area, area_code from marts.dim_area where '
        || case readings.ranking_level
            when 'upper_tier' then 'is_upper_tier'
            when 'lower_tier' then 'is_lower_tier'
            else 'area_level = ''' || readings.ranking_level || ''''
        end
        || ' and (first_year is null or (first_year <= ' || cast(readings.period_start_year as varchar)
        || ' and last_year >= ' || cast(readings.period_end_year as varchar)
        || '))), counts as (select members.area, count(*) as parts, cast(sum(rates.numerator) as bigint) as numerator, '
        || 'cast(sum(rates.denominator) as bigint) as denominator from marts.fct_rates as rates '
        || 'inner join members on rates.area_code = members.area_code where rates.measure = ''' || readings.measure
        || ''' and rates.basis = ''' || readings.basis || ''' and rates.status = ''ok'' and rates.period_start_year between '
        || cast(readings.period_start_year as varchar) || ' and ' || cast(readings.period_end_year as varchar)
        || ' group by members.area) select case when (select count(*) from members) * '
        || cast(readings.period_end_year - readings.period_start_year + 1 as varchar)
        || ' = (select sum(parts) from counts) then 1 + (select count(*) from counts as other cross join counts as claimed '
        || 'where claimed.area = ''claimed'' and other.numerator * claimed.denominator > claimed.numerator * other.denominator) '
        || 'end as recomputed_value, (select count(*) from counts) as areas_with_counts, '
        || '(select count(distinct area) from members) as areas' as evidence,
        readings.rests_on_supplied_figures
    from readings_in_order_of_use as readings
    inner join areas_named on readings.claim_code = areas_named.claim_code
    where readings.order_of_use = 1

)

select * from readings_used
