-- The tables of docs/operating_characteristics.md, which scripts/fill_queries.py writes there; each is named by the comment above it.

-- table: false calls
with calls as (
    select
        split_part(what, ', ', 1) as call,
        what like '%, by area' as is_by_area,
        ranking_level = 'upper_tier' as is_authority,
        sum(events) / sum(trials) as share
    from read_csv('benchmarks/operating_characteristics.csv')
    where kind = 'spread' and size = 0 and (what like '%, by area' or what like '%, in any area of the table')
    group by all
)

select
    call,
    round(max(share) filter (is_by_area and is_authority), 4) as authorities,
    round(max(share) filter (is_by_area and not is_authority), 4) as districts,
    round(max(share) filter (not is_by_area and is_authority), 3) as tables_of_authorities,
    round(max(share) filter (not is_by_area and not is_authority), 3) as tables_of_districts
from calls
group by call
order by call;

-- table: coverage
select
    replace(what, 'coverage: ', '') as interval,
    round(sum(events) filter (size = 0) / sum(trials) filter (size = 0), 4) as equal_rates,
    round(sum(events) filter (size = 0.1) / sum(trials) filter (size = 0.1), 4) as spread_0_10,
    round(sum(events) filter (size = 0.15) / sum(trials) filter (size = 0.15), 4) as spread_0_15,
    round(sum(events) filter (size = 0.2) / sum(trials) filter (size = 0.2), 4) as spread_0_20,
    round(sum(events) filter (size = 0.3) / sum(trials) filter (size = 0.3), 4) as spread_0_30
from read_csv('benchmarks/operating_characteristics.csv')
where what like 'coverage: %'
group by what
order by what;

-- table: width of the range of a rank
select
    size as spread,
    round(sum(events) filter (what = 'range of the rank, as a share of the list')
            / sum(trials) filter (what = 'range of the rank, as a share of the list'), 3)
        as range_as_share_of_list,
    round(sqrt(sum(events) filter (what = 'squared error: rank_highest_first')
            / sum(trials) filter (what = 'squared error: rank_highest_first')), 1)
        as error_of_rank,
    round(sqrt(sum(events) filter (what = 'squared error: expected_rank')
            / sum(trials) filter (what = 'squared error: expected_rank')), 1)
        as error_of_expected_rank
from read_csv('benchmarks/operating_characteristics.csv')
where kind = 'spread' and size > 0
group by size
order by size;

-- table: rightly called
select
    size as spread,
    what as call,
    round(sum(events) / sum(trials), 3) as rightly,
    sum(trials)::integer as areas_called
from read_csv('benchmarks/operating_characteristics.csv')
where what like 'called %, and truly so'
group by size, what
order by size, what;

-- table: probabilities that come true
with shares as (
    select
        split_part(what, ': ', 1) as probability,
        band,
        size,
        sum(events) filter (what like '%: stated') as stated,
        sum(events) filter (what like '%: came true') as came_true,
        sum(trials) filter (what like '%: stated') as cases
    from read_csv('benchmarks/operating_characteristics.csv')
    where what like 'probability_%: %'
    group by all
)

select
    probability,
    round(sum(stated) / sum(cases), 3) as stated,
    round(sum(came_true) filter (size = 0.1) / sum(cases) filter (size = 0.1), 3) as true_at_0_10,
    round(sum(came_true) filter (size = 0.15) / sum(cases) filter (size = 0.15), 3) as true_at_0_15,
    round(sum(came_true) filter (size = 0.2) / sum(cases) filter (size = 0.2), 3) as true_at_0_20,
    round(sum(came_true) filter (size = 0.3) / sum(cases) filter (size = 0.3), 3) as true_at_0_30,
    sum(cases)::integer as cases
from shares
group by probability, band
order by probability, stated;

-- table: power
select
    replace(what, 'power: ', '') as call,
    round(sum(events) filter (size = 1.2) / sum(trials) filter (size = 1.2), 3) as raised_by_a_fifth,
    round(sum(events) filter (size = 1.3) / sum(trials) filter (size = 1.3), 3) as raised_by_three_tenths,
    round(sum(events) filter (size = 1.5) / sum(trials) filter (size = 1.5), 3) as raised_by_half,
    sum(trials)::integer as areas
from read_csv('benchmarks/operating_characteristics.csv')
where what like 'power: %'
group by what
order by what;

-- table: straight trends
select
    deaths_a_year,
    years,
    round(max(events / trials) filter (what = 'not straight'), 4) as not_straight,
    round(max(events / trials) filter (what = 'one break'), 4) as one_break
from read_csv('benchmarks/trend_shapes.csv')
where kind = 'straight' and years in (8, 20)
group by deaths_a_year, years
order by deaths_a_year, years;

-- table: turns
select
    deaths_a_year,
    years,
    round(max(events / trials) filter (what = 'one break'), 3) as one_break,
    round(max(events / trials) filter (what = 'break within a year of the turn'), 2) as within_a_year,
    round(max(events / trials) filter (what = 'limits hold the change before the break'), 2) as change_before_held,
    round(max(events / trials) filter (what = 'limits hold the change after the break'), 2) as change_after_held
from read_csv('benchmarks/trend_shapes.csv')
where kind = 'turn' and deaths_a_year >= 10
group by deaths_a_year, years
order by deaths_a_year, years;
