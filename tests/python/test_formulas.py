"""Formulas for other people: the dbt package, the macros of the published file, and the page that lists both."""

import re

import duckdb
import numpy as np
import pytest
import yaml
from commands import run_python
from scipy.stats import beta, binomtest, chi2, gamma, norm, poisson
from sql_macros import ROOT, project_macros, render_macro
from statsmodels.stats.proportion import proportion_confint

from tests.formulas_project import TABLES, project_in

CONFIDENCES = (80, 90, 95, 97.5, 99, 99.8, 99.9)


# --- The page ---


def test_the_page_is_what_the_formulas_say():
    done = run_python("scripts/fill_formulas.py", "--check")
    assert done.returncode == 0, done.stderr


def described() -> dict[str, dict]:
    """Every entry of the formulas' yml, by name."""
    files = (ROOT / "formulas").glob("*/_*__macros.yml")
    entries = [entry for file in files for entry in yaml.safe_load(file.read_text(encoding="utf-8"))["macros"]]
    return {entry["name"]: entry for entry in entries}


def written() -> dict[str, list[str]]:
    """Every formula that is written, with the names of its arguments."""
    texts = [file.read_text(encoding="utf-8") for file in (ROOT / "formulas").glob("*/*.sql")]
    found = [match for text in texts for match in re.findall(r"\{% macro (\w+)\((.*?)\)", text)]
    return {name: [one.split("=")[0].strip() for one in arguments.split(", ") if one] for name, arguments in found}


def test_every_formula_says_how_it_is_used_or_of_what_it_is_a_part():
    entries = described()
    assert {name: [one["name"] for one in entry.get("arguments", ())] for name, entry in entries.items()} == written()
    for name, entry in entries.items():
        facts = set(entry["config"]["meta"])
        assert facts in (
            {"part_of"},
            {"use", "units", "nulls", "source"},
            {"use", "adds", "units", "nulls", "source"},
        ), name


def test_formulas_call_each_other_by_the_package_s_name():
    """Otherwise the macro is looked for among those of the project that installs the package."""
    names = "|".join(written())
    unqualified = re.compile(rf"(?<!infant_mortality\.)(?<!macro )\b({names})\(")
    for file in (ROOT / "formulas").glob("*/*.sql"):
        code = re.sub(r"\{#.*?#\}|--[^\n]*", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert unqualified.findall(code) == [], file.name
        assert not re.search(r"\b(var|ref|source|target|setting)\b *[(.\[]", code), file.name


# --- The package, in a project of a few lines ---


@pytest.fixture(scope="module")
def built(loaded_dbt, tmp_path_factory) -> duckdb.DuckDBPyConnection:
    """The tables of a project that installs the formulas, built on DuckDB."""
    project = project_in(tmp_path_factory.mktemp("user"))
    for command in ("deps", "build"):
        done = loaded_dbt.run(project, command, "--quiet")
        assert done.returncode == 0, done.stdout + done.stderr
    connection = duckdb.connect(str(project / "formulas_user.duckdb"), read_only=True)
    yield connection
    connection.close()


def test_the_package_gives_rates_with_limits(built):
    rows = built.execute("from rates inner join counts using (area) where births > 0 and deaths is not null").df()
    assert len(rows) == 15
    np.testing.assert_allclose(rows.rate_per_1000, 1000 * rows.deaths / rows.births, rtol=1e-14)
    for level, tail in (("95", 0.025), ("99_8", 0.001)):
        few = rows[rows.deaths < 10]
        lower = np.where(few.deaths > 0, chi2.ppf(tail, 2 * few.deaths) / 2, 0)
        np.testing.assert_allclose(few[f"lower_{level}"], 1000 * lower / few.births, rtol=1e-10)
        np.testing.assert_allclose(
            few[f"upper_{level}"], 500 * chi2.isf(tail, 2 * few.deaths + 2) / few.births, rtol=1e-10
        )
        many, z = rows[rows.deaths >= 10], norm.isf(tail)
        byar = many.deaths * (1 - 1 / (9 * many.deaths) - z / (3 * np.sqrt(many.deaths))) ** 3
        np.testing.assert_allclose(many[f"lower_{level}"], 1000 * byar / many.births, rtol=1e-12)
    wilson = [proportion_confint(n, b, method="wilson")[0] for n, b in zip(rows.deaths, rows.births, strict=True)]
    np.testing.assert_allclose(rows.wilson_lower_95, wilson, rtol=1e-10, atol=1e-16)
    without = built.execute("select distinct rate_per_1000, lower_95, upper_99_8 from rates where area > 21").fetchall()
    assert without == [(None, None, None)]


def test_the_package_gives_exact_tests_funnels_groups_and_posteriors(built):
    rows = built.execute("select * from exact_tests inner join counts using (area) where area < 22 order by area").df()
    tails = np.minimum(poisson.sf(rows.deaths - 1, rows.expected), poisson.cdf(rows.deaths, rows.expected))
    np.testing.assert_allclose(rows.exact_p_value, np.minimum(1, 2 * tails), rtol=1e-11)
    share = rows.births / (rows.births + 4702)
    one_sided = [
        min(binomtest(int(n), int(n + 36), p, alternative=side).pvalue for side in ("less", "greater"))
        for n, p in zip(rows.deaths, share, strict=True)
    ]
    np.testing.assert_allclose(rows.comparison_p_value, np.minimum(1, 2 * np.array(one_sided)), rtol=1e-9)
    funnels = built.execute("select * from funnels inner join counts using (area) where births > 0").fetchnumpy()
    expected = 4.5 * funnels["births"] / 1000
    # The last counts that are within: one further has a tail of 0.1 % or less.
    highest = np.round(funnels["upper_limit"] * funnels["births"] / 1000)
    assert (poisson.sf(highest, expected) <= 0.001).all() and (poisson.sf(highest - 1, expected) > 0.001).all()
    groups = built.execute("select quintile, count(*) from quantile_groups group by all order by all").fetchall()
    assert groups == [(group, 3) for group in range(1, 6)]
    posteriors = built.execute("select * from posteriors inner join counts using (area) order by area").df()
    assert (np.diff(posteriors.stabilised_rate_per_1000[:13]) > 0).all()
    assert posteriors.probability_above[posteriors.area == 21].item() == pytest.approx(0.5, abs=1e-9)


def test_the_package_gives_distributions(built):
    rows = built.execute("select * from distributions inner join counts using (area) where expected is not null").df()
    shape = rows.event_count + 0.5
    np.testing.assert_allclose(rows.lower_tail, gamma.cdf(rows.expected, shape), rtol=1e-11)
    np.testing.assert_allclose(rows.gamma_quantile, gamma.ppf(norm.cdf(-1.96), shape), rtol=1e-10)
    np.testing.assert_allclose(rows.deviate, norm.isf(gamma.cdf(rows.expected, shape)), rtol=1e-9)


def test_every_table_of_the_package_s_project_is_compared():
    models = {file.stem for file in (ROOT / "tests" / "formulas_user" / "models").glob("*.sql")}
    assert models == {*TABLES, "counts"}


# --- Formulas that are new for them ---


def test_normal_quantile_agrees_with_scipy():
    tails = [*np.logspace(-300, -1, 400), *np.linspace(0.1, 0.9, 401), *(1 - np.logspace(-15, -1, 100))]
    connection = duckdb.connect()
    connection.execute("create table given as select unnest(?) as tail", [[float(tail) for tail in tails]])
    found = [
        z for (z,) in connection.execute(f"select {render_macro('normal_quantile', 'tail')} from given").fetchall()
    ]
    np.testing.assert_allclose(found, norm.isf(tails), rtol=2e-14, atol=1e-15)
    outside = f"select {render_macro('normal_quantile', 'tail')} from (values (0e0), (1e0), (-1e0), (null)) as t (tail)"
    assert connection.execute(outside).fetchall() == [(None,)] * 4


@pytest.fixture(scope="module")
def macros() -> duckdb.DuckDBPyConnection:
    """A database with the published macros and nothing else."""
    connection = duckdb.connect()
    for statement in project_macros()["create_formula_macros"]("main"):
        connection.execute(statement)
    return connection


def asked(connection: duckdb.DuckDBPyConnection, call: str, *columns: list) -> np.ndarray:
    """The answers of a call for each row of columns a, b, c and d."""
    names = "abcd"[: len(columns)]
    unnested = ", ".join(f"unnest(?) as {name}" for name in names)
    rows = connection.execute(f"select {call} from (select {unnested})", [list(map(float, one)) for one in columns])
    return np.array(rows.fetchall(), dtype=float).T


@pytest.mark.parametrize("confidence", CONFIDENCES)
def test_rate_limits_agree_with_scipy_at_any_confidence(macros, confidence):
    deaths = np.array([*range(30), 100, 5000])
    call = f"rate_limits(a, b, {confidence}).lower, rate_limits(a, b, {confidence}).upper"
    lower, upper = asked(macros, call, deaths, 1000 + deaths)
    tail, few, many = (1 - confidence / 100) / 2, deaths[:10], deaths[10:]
    exact = np.where(few > 0, chi2.ppf(tail, 2 * np.maximum(few, 1)) / 2, 0)
    np.testing.assert_allclose(lower[:10], 1000 * exact / (1000 + few), rtol=1e-10)
    np.testing.assert_allclose(upper[:10], 500 * chi2.isf(tail, 2 * few + 2) / (1000 + few), rtol=1e-10)
    z = norm.isf(tail)
    np.testing.assert_allclose(
        lower[10:], 1000 * many * (1 - 1 / (9 * many) - z / (3 * np.sqrt(many))) ** 3 / (1000 + many), rtol=1e-11
    )
    np.testing.assert_allclose(
        upper[10:],
        1000 * (many + 1) * (1 - 1 / (9 * (many + 1)) + z / (3 * np.sqrt(many + 1))) ** 3 / (1000 + many),
        rtol=1e-11,
    )


@pytest.mark.parametrize("confidence", CONFIDENCES)
def test_funnel_limits_are_the_last_counts_within(macros, confidence):
    births = np.array([150, 700, 2500, 5472, 20_000, 90_000, 660_000, 3_000_000])
    call = f"funnel_limits(b, a, {confidence}).lower, funnel_limits(b, a, {confidence}).upper"
    for target in (0.7, 3.9, 1000):
        lower, upper = asked(macros, call, births, [target] * len(births))
        expected, tail = target * births / 1000, (1 - confidence / 100) / 2
        lowest, highest = np.round(lower * births / 1000), np.round(upper * births / 1000)
        assert (poisson.sf(highest, expected) <= tail).all() and (poisson.sf(highest - 1, expected) > tail).all()
        assert (poisson.cdf(lowest - 1, expected) <= tail).all() and (poisson.cdf(lowest, expected) > tail).all()


def test_other_published_formulas_agree_with_scipy(macros):
    counts = np.array([0, 1, 3, 20, 189, 2500])
    (p_values,) = asked(macros, "poisson_p_value(a, b)", np.repeat(counts, 3), np.tile([0.4, 17.3, 159.1], 6))
    deaths, expected = np.repeat(counts, 3), np.tile([0.4, 17.3, 159.1], 6)
    tails = np.minimum(poisson.sf(deaths - 1, expected), poisson.cdf(deaths, expected))
    np.testing.assert_allclose(p_values, np.minimum(1, 2 * tails), rtol=1e-11, atol=1e-290)
    # Shapes of every size on both sides; about half of the pairs have the higher mean first.
    drawn = np.random.default_rng(2014)
    shapes, rates = drawn.uniform(-1, 8, (2, 300)), drawn.uniform(5, 13, (2, 300))
    (shape, beside), (rate, rate_beside) = np.exp(shapes), np.exp(rates)
    rate_beside[:200] = rate[:200] * beside[:200] / shape[:200] * drawn.uniform(0.7, 1.4, 200)
    (probabilities,) = asked(macros, "probability_above(a, b, c, d)", shape, rate, beside, rate_beside)
    np.testing.assert_allclose(
        probabilities, beta.sf(rate / (rate + rate_beside), shape, beside), rtol=1e-8, atol=1e-14
    )
    assert 60 < (shape[:200] / rate[:200] > beside[:200] / rate_beside[:200]).sum() < 140
    for confidence in CONFIDENCES:
        call = f"proportion_limits(a, b, {confidence}).lower, proportion_limits(a, b, {confidence}).upper"
        limits = asked(macros, call, [0, 3, 274], [274, 274, 274])
        expected_limits = [proportion_confint(n, 274, alpha=1 - confidence / 100, method="wilson") for n in (0, 3, 274)]
        np.testing.assert_allclose(limits.T, expected_limits, rtol=1e-11, atol=1e-15)
    births, births_beside = drawn.integers(1000, 9000, (2, 60))
    deaths, deaths_beside = drawn.poisson(births * 0.005), drawn.poisson(births_beside * 0.004)
    deaths, deaths_beside = np.maximum(deaths, 1), np.maximum(deaths_beside, 1)
    ratios, p_values = asked(
        macros,
        "compare_rates(a, b, c, d).rate_ratio, compare_rates(a, b, c, d).exact_p_value",
        *(deaths, births, deaths_beside, births_beside),
    )
    np.testing.assert_allclose(ratios, deaths / births / (deaths_beside / births_beside), rtol=1e-13)
    of_binomial = [
        min(1, 2 * min(binomtest(n, n + m, b / (b + c), alternative=side).pvalue for side in ("less", "greater")))
        for n, b, m, c in zip(deaths, births, deaths_beside, births_beside, strict=True)
    ]
    np.testing.assert_allclose(p_values, of_binomial, rtol=1e-10)
    assert macros.execute("select rounded_rate(7, 1120), rounded_rate(7, 0)").fetchone() == (6.3, None)


def test_no_parameter_bears_the_name_of_a_column_within(macros):
    """DuckDB puts an argument wherever its parameter is named, also where a step means a column of its own."""
    found = macros.execute(
        "select function_name, parameters, macro_definition from duckdb_functions() "
        "where not internal and schema_name = 'main'"
    ).fetchall()
    assert len(found) > 5
    for name, parameters, definition in found:
        taken = [parameter for parameter in parameters if re.search(rf"(?i) as {parameter}\b", definition)]
        assert taken == [], name


def test_published_formulas_answer_null_or_an_error(macros):
    nulls = "rate_limits(3, 0, 95), rate_limits(null, 9, 95), rate_limits(-1, 9, 95), rate_limits(3, 9, null), "
    nulls += (
        "proportion_limits(4, 3, 95), funnel_limits(3.9, 0, 95), compare_rates(3, 9, 4, 0), poisson_p_value(null, 2)"
    )
    assert set(macros.execute(f"select {nulls}").fetchone()) == {None}
    assert macros.execute("select rate_limits(250, 220, 95).upper").fetchone()[0] == pytest.approx(1286.3, abs=0.05)
    for wrong in (0.95, 100, 79):
        with pytest.raises(duckdb.Error, match=r"The confidence must be 80 to 99\.9 per cent, not"):
            macros.execute(f"select rate_limits(3, 100, {wrong})").fetchone()


def test_the_published_file_has_them_with_comments(published):
    found = published.execute(
        "select schema_name, function_name, comment from duckdb_functions() "
        "where not internal and function_type = 'macro'"
    ).fetchall()
    formulas = project_macros()["published_formulas"]()
    assert sorted(found) == sorted(
        (schema, name, formula["comment"]) for name, formula in formulas.items() for schema in ("main", "marts")
    )
    apart = published.execute(
        "select count(*), max(greatest("
        "abs(rate_limits(numerator, denominator, 95).lower - lower_95), "
        "abs(marts.rate_limits(numerator, denominator, 99.8).upper - upper_99_8) / 100)) "
        "from marts.fct_rates where status = 'ok' and area_level = 'region'"
    ).fetchone()
    assert apart[0] > 500 and apart[1] < 1e-10
