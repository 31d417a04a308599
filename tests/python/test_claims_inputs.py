"""What people feed in: rows of claims and files of counts, good and bad, in a copy of the project.

Every figure in these tests that is called made up is invented: no count of a commissioning group is known here.
"""

import csv
import io
from pathlib import Path

import pytest
from dbt_process import Copy
from seeds_read import seed_rows

PUBLISHED_FIGURES = Path("seeds/published/published_figures.csv")
HEADER = "area_code,area_name,year,basis,item,count"
NORTH_KIRKLEES, GREATER_HUDDERSFIELD = "E38000121", "E38000064"


@pytest.fixture(scope="module")
def small_copy(tmp_path_factory, built_database_path, loaded_dbt) -> Copy:
    """For what is supplied beside the printed counts: of those, only the two years of the article."""
    small = Copy(tmp_path_factory.mktemp("small_project"), built_database_path, loaded_dbt)
    small.keep_years(2013, 2014)
    return small


@pytest.fixture
def changed_figures(copy):
    """Write another version of the claims into the copy; put the committed one back afterwards."""
    committed = (copy.folder / PUBLISHED_FIGURES).read_text(encoding="utf-8")

    def change(edit) -> None:
        (copy.folder / PUBLISHED_FIGURES).write_text(edit(committed), encoding="utf-8")

    yield change
    (copy.folder / PUBLISHED_FIGURES).write_text(committed, encoding="utf-8")


def build_figures(copy: Copy) -> str:
    """Load and check the claims in the copy; return what dbt said, which must be an error."""
    checks = ("published_figures_are_well_formed", "seed_lines_have_the_fields_of_their_header")
    done = copy.dbt("build", "--select", "published_figures", "stg_claims__statements", *checks)
    assert done.returncode != 0
    return done.stdout + done.stderr


def edited(column: str, **values: str):
    """An edit of the claims: other values in one column, by claim code."""

    def edit(text: str) -> str:
        rows = list(csv.DictReader(text.splitlines()))
        for row in rows:
            row[column] = values.get(row["claim_code"], row[column])
        written = io.StringIO()
        writer = csv.DictWriter(written, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return written.getvalue()

    return edit


def test_ill_formed_claims_are_named_by_line_and_column(copy, changed_figures):
    faults = {
        "statistic": ("england_rate_2014", "mean", "a statistic of"),
        "measure": ("england_rate_2013", "infnat", "a measure of dim_measure"),
        "area_codes": ("england_births_2014", "E92000009", "one or more codes of dim_area"),
        "basis": ("poverty_gradient", "ocurrence", "registration, occurrence or any"),
        "published_value": ("huddersfield_rate_2014", "8.4 per thousand", "a plain number"),
        "period": ("kirklees_nine_year_rate", "2015-2007", "a year such as 2014"),
        "ranking_level": ("north_kirklees_highest_2014", "", "the level to rank in"),
        "expected_verdict": ("england_deaths_2014", "true", "reproduced, consistent, contradicted or not_checkable"),
    }
    rows = seed_rows("published/published_figures.csv")
    lines = {row["claim_code"]: number for number, row in enumerate(rows, start=2)}

    def edit(text: str) -> str:
        for column, (code, value, _) in faults.items():
            text = edited(column, **{code: value})(text)
        return text

    changed_figures(edit)
    said = build_figures(copy)
    for column, (code, value, expected) in faults.items():
        stands = f'"{value}"' if value else "nothing"
        sentence = f"{PUBLISHED_FIGURES}, line {lines[code]}, column {column}: {stands} stands where {expected}"
        assert sentence in said, sentence
    assert said.count("stands where") == len(faults), said


def test_rows_with_too_many_or_too_few_fields_are_named_by_their_lines(copy, changed_figures):
    """Of the claims and of any other seed."""
    changed_figures(lambda text: text.replace(",4726,deaths", ",4,726,deaths").replace(",661501,births", ",661501"))
    groups = copy.folder / "seeds" / "scenarios" / "area_groups.csv"
    committed = groups.read_text(encoding="utf-8")
    groups.write_text(committed.replace("kirklees,Kirklees,", "kirklees,Kirklees,and more,", 1), encoding="utf-8")
    try:
        said = build_figures(copy)
    finally:
        groups.write_text(committed, encoding="utf-8")
    for sentence in (
        "seeds/published/published_figures.csv, line 9: 21 fields stand where the header has 20",
        "seeds/published/published_figures.csv, line 10: 19 fields stand where the header has 20",
        "seeds/scenarios/area_groups.csv, line 2: 4 fields stand where the header has 3",
    ):
        assert sentence in said, said
    assert said.count(" fields stand where ") == 3, said


def test_a_missing_column_is_named(copy, changed_figures):
    changed_figures(lambda text: text.replace("relation,statistic", "relations,statistic", 1))
    said = build_figures(copy)
    assert (
        "seeds/published/published_figures.csv, line 1: column relation is missing; column relations is not known"
        in said
    )


def test_a_new_claim_is_one_row(copy, changed_figures):
    """Ranks of an area and of a region, with the intervals of fct_rankings, and a rate judged not as expected."""
    made_up_rows = [
        "made_up_rank,made up,Seventh.,7,rank,equals,rank_highest_first,E08000034,"
        "perinatal_per_1000_live_births,,,registration,2014,,,upper_tier,,,consistent,",
        "made_up_region,made up,First region.,1,rank,equals,rank_highest_first,E12000005,"
        "infant,,,registration,2014,,,region,,,reproduced,",
        "made_up_rate,made up,A rate of 5.0.,5.0,per_1000,equals,rate_per_1000,E08000034,"
        "infant,,,registration,2014,,,,,,reproduced,",
    ]
    changed_figures(lambda text: text + "\n".join(made_up_rows) + "\n")
    done = copy.dbt("build", "--exclude-resource-type", "unit_test", "--select", "published_figures+")
    assert done.returncode != 0
    assert "line 31: the claim made_up_rate is judged contradicted where reproduced was expected" in done.stdout
    assert done.stdout.count(" was expected") == 1, done.stdout
    made_up = {
        code: rest
        for code, *rest in copy.query("select claim_code, verdict, recomputed_value from marts.fct_claim_checks")
        if code.startswith("made_up")
    }
    assert made_up["made_up_rank"] == ["consistent", 8]
    assert made_up["made_up_rate"][0] == "contradicted"
    assert made_up["made_up_region"] == ["reproduced", 1]
    intervals = copy.query(
        "select rankings.rank_highest_first, rankings.areas_ranked, "
        "rankings.rank_lower_95, rankings.rank_upper_95, "
        "places.value, areas.value, places.lower_95, places.upper_95 "
        "from marts.fct_rankings as rankings inner join claims.int_claim_ranks as places "
        "on (places.claim_code, rankings.area_code, rankings.measure, rankings.ranking_level) in "
        "(('made_up_rank', 'E08000034', 'perinatal_per_1000_live_births', 'upper_tier'), "
        "('made_up_region', 'E12000005', 'infant', 'region')) "
        "inner join claims.int_claim_ranks as areas using (claim_code, reading) "
        "where places.value_code = 'rank' and areas.value_code = 'areas_ranked' "
        "and rankings.period = '2014' and rankings.basis = 'registration'"
    )
    assert len(intervals) == 2
    assert all(row[:4] == row[4:] for row in intervals), intervals


def indicator(code: str, year: int, deaths: int, births: int, births_item: str = "live_births") -> list[tuple]:
    """Made-up deaths (stillbirths and deaths under 28 days) and births of one group, as the NHS gives them."""
    name = f"Made-up figures for {code}"
    return [
        (code, name, year, "occurrence", "stillbirth_and_neonatal_deaths", deaths),
        (code, name, year, "occurrence", births_item, births),
    ]


def nhs_file(counts: list[tuple]) -> bytes:
    """A made-up file of such counts."""
    return "\n".join([HEADER, *(",".join(str(field) for field in row) for row in counts), ""]).encode()


def supply(copy: Copy, **files: bytes) -> None:
    """Put exactly these files, named without their ending, into the copy's folder of supplied counts."""
    for file in (copy.folder / "data" / "incoming").glob("*.csv"):
        file.unlink()
    for name, content in files.items():
        (copy.folder / "data" / "incoming" / f"{name}.csv").write_bytes(content)


def claims_after_building(copy: Copy) -> dict[str, tuple]:
    """Bring the supplied counts up to the verdicts: verdict, value and explanation of the claims that rest on them.

    Records of births, of which there are none, and trends, on which none of these claims rests, stay as they were.
    """
    done = copy.dbt(
        "run", "--select", "stg_incoming__fields", "stg_incoming__fields+,+fct_claim_checks",
        "stg_incoming__fields+,+fct_rates", "dim_area", "stg_incoming__fields+,+input_files",
        "--exclude", "models/records", "models/trends",
        "fct_deprivation_gradient", "fct_detectability", "fct_persistence", "fct_trends",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    return {
        code: rest
        for code, *rest in copy.query(
            "select claim_code, verdict, recomputed_value, explanation "
            "from marts.fct_claim_checks where rests_on_supplied_figures"
        )
    }


BAD_ROWS = b"\xef\xbb\xbf" + "\r\n".join([
    HEADER,
    'MADEUP1,"Made up, ""in quotes""",2014,registration,live_births,400',
    "MADEUP1,Made up,2014,registration,infant_deaths,2",
    "MADEUP1,Made up,2014,registration,infant_deaths,2",
    "MADEUP1,Made up,2014,registration,neonatal_deaths,two",
    "MADEUP1,Made, up,2014,registration,neonatal_deaths,2",
    "MADEUP1,Made up,twenty,registration,neonatal_deaths,2",
    "MADEUP2,Made up,2014,registration,live_births,4",
    "MADEUP2,Made up,2014,registration,infant_deaths,9",
    "MADEUP3,Made up,2014,registration,live_births,500",
    "MADEUP3,Made up,2014,registration,infant_deaths,*",
    "E08000034,Kirklees,2014,registration,live_births,1",
    "",
]).encode()  # fmt: skip


@pytest.fixture(scope="module")
def two_groups(small_copy) -> dict[str, tuple]:
    """The claims after a made-up NHS file of the two Kirklees groups and another file with rows that cannot be used."""
    counts = [
        *indicator(NORTH_KIRKLEES, 2013, 21, 2800),
        *indicator(GREATER_HUDDERSFIELD, 2013, 24, 2858),
        *indicator(NORTH_KIRKLEES, 2014, 36, 2725),
        *indicator(GREATER_HUDDERSFIELD, 2014, 22, 2747),
    ]
    supply(small_copy, made_up_nhs_file=nhs_file(counts), bad_rows=BAD_ROWS)
    return claims_after_building(small_copy)


def test_made_up_nhs_file_turns_claims_into_checks(small_copy, two_groups):
    """Two groups only: their rates and changes are checked, ranks among 209 are not."""
    assert {code: verdict for code, (verdict, *_) in two_groups.items()} == {
        "north_kirklees_rate_2014": "reproduced",
        "huddersfield_rate_2014": "not_checkable",  # its first reading has stillbirths among the births
        "kirklees_combined_rate_2013": "reproduced",
        "kirklees_combined_change_2013_2014": "contradicted",
        "kirklees_combined_more_than_a_third": "contradicted",
        "north_kirklees_highest_2014": "not_checkable",
        "kirklees_combined_seventh_2014": "not_checkable",
    }
    assert two_groups["north_kirklees_rate_2014"][1] == pytest.approx(1000 * 36 / 2725, rel=1e-14)
    assert "Counts of 204 of the 209 areas are not at hand" in two_groups["north_kirklees_highest_2014"][2]
    assert small_copy.query("select count(*) from marts.rejected_rows where file = 'made_up_nhs_file.csv'") == [(0,)]
    publication = small_copy.query(
        f"select distinct numerator_publication from marts.fct_rates where area_code = '{NORTH_KIRKLEES}'"
    )
    assert publication == [("supplied/made_up_nhs_file.csv",)]


@pytest.mark.usefixtures("two_groups")
def test_rows_that_cannot_be_used_are_listed_and_the_rest_is_used(small_copy):
    rejected = small_copy.query(
        """select line, "column", value from marts.rejected_rows where file = 'bad_rows.csv' order by line"""
    )
    assert rejected == [
        (4, "count", "2"),
        (5, "count", "two"),
        (6, "whole line", "MADEUP1,Made, up,2014,registration,neonatal_deaths,2"),
        (7, "year", "twenty"),
        (9, "count", "9"),
        (12, "count", "1"),
    ]
    used = small_copy.query(
        "select area_code, numerator, denominator, status from marts.fct_rates "
        "where area_code like 'MADEUP%' and measure = 'infant' order by area_code"
    )
    assert used == [("MADEUP1", 2, 400, "ok"), ("MADEUP2", 9, 4, "invalid"), ("MADEUP3", None, 500, "suppressed")]
    names = small_copy.query("select area_code, area_name, area_level from marts.dim_area where area_code = 'MADEUP1'")
    assert names == [("MADEUP1", 'Made up, "in quotes"', "supplied")]
    kirklees = "area_code = 'E08000034' and period = '2014' and measure = 'infant' and basis = 'registration'"
    assert small_copy.query(f"select denominator from marts.fct_rates where {kirklees}") == [(5472,)]


UNREADABLE = {
    "renamed": b"area_code,area_name,jahr,basis,item,count\n",
    "other": b"a;b\n1;2\n",
    "empty": b"",
    "binary": bytes(range(256)),
}


@pytest.fixture(scope="module")
def all_groups(small_copy, two_groups) -> dict[str, tuple]:
    """The claims after all 209 groups, six of the others above the two together, beside files that cannot be read."""
    groups = [row["ccg_code"] for row in seed_rows("areas/clinical_commissioning_groups.csv")]
    others = [code for code in groups if code not in (NORTH_KIRKLEES, GREATER_HUDDERSFIELD)]
    assert len(groups) == 209
    counts = [
        *indicator(NORTH_KIRKLEES, 2014, 36, 2726, "live_births_and_stillbirths"),
        *indicator(GREATER_HUDDERSFIELD, 2014, 23, 2746, "live_births_and_stillbirths"),
    ]
    for place, code in enumerate(others):
        counts += indicator(code, 2014, 60 if place < 6 else 35, 5000, "live_births_and_stillbirths")
    good = HEADER.encode() + b"\nMADEUP9,Caf\xe9,2014,occurrence,live_births,1\n"
    supply(small_copy, made_up_nhs_file=nhs_file(counts), good=good, **UNREADABLE)
    return claims_after_building(small_copy)


def test_ranks_are_judged_once_all_groups_are_there(all_groups):
    """Highest and seventh are ranks among them."""
    assert all_groups["north_kirklees_highest_2014"][:2] == ["reproduced", 1]
    assert all_groups["kirklees_combined_seventh_2014"][:2] == ["reproduced", 7]
    assert "rank 7 of 208 from the highest" in all_groups["kirklees_combined_seventh_2014"][2]
    assert all_groups["huddersfield_rate_2014"][0] == "reproduced"


@pytest.mark.usefixtures("all_groups")
def test_files_that_cannot_be_read_are_named_and_the_others_are_used(small_copy):
    expected = f'where "{HEADER}" was expected'
    told = dict(small_copy.query("select file, problem from marts.input_files"))
    del told["made_up_nhs_file.csv"]
    assert told == {
        "renamed.csv": 'no line is the header of a known layout; line 1 is "area_code,area_name,jahr,basis,item,count" '
        f"{expected} (missing: year)",
        "other.csv": f'no line is the header of a known layout; line 1 is "a,b" {expected}',
        "empty.csv": "the file is empty",
        "binary.csv": "not read as csv: it is text neither in UTF-8 nor in UTF-16 nor in Windows-1252",
        "good.csv": None,
    }
    assert small_copy.query("select rows_read, rows_used from marts.input_files where file = 'good.csv'") == [(1, 1)]
    named = small_copy.query("select area_name from incoming.int_incoming_counts where area_code = 'MADEUP9'")
    assert named == [("Café",)]
