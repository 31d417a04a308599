"""Each rule of house_rules.py on made-up manifests and files: one keeps it, another breaks it."""

import house_rules
import pytest

LAYERS = {
    "staging": ["seeds/*"],
    "core": ["seeds/reference/*", "staging/*", "core/*"],
    "marts": ["core/*", "marts/dim_*"],
}


def node(path: str, reads: tuple[str, ...] = (), **changes) -> dict:
    """A model, or a seed under seeds/, as the manifest holds it; ``reads`` are names, resolved by manifest_of."""
    kind, name = ("seed" if path.startswith("seeds/") else "model"), path.split("/")[-1].split(".")[0]
    made = {
        "name": name,
        "unique_id": f"{kind}.house.{name}",
        "resource_type": kind,
        "package_name": "house",
        "original_file_path": path,
        "description": "One row per area.",
        "columns": {},
        "constraints": [],
        "config": {"materialized": "table", "contract": {"enforced": False}, "access": "protected"},
        "depends_on": {"nodes": reads} if kind == "model" else {"macros": []},
    }
    changes["config"] = made["config"] | changes.get("config", {})
    return made | changes


def data_test(model: str, kind: str | None) -> dict:
    """A test of a model: the generic one of this kind, or one of a file of its own."""
    return {
        "name": f"{kind}_{model}",
        "unique_id": f"test.house.{kind}_{model}",
        "resource_type": "test",
        "package_name": "house",
        "original_file_path": "tests/dbt/a_test.sql",
        "test_metadata": {"name": kind} if kind else None,
        "attached_node": f"model.house.{model}" if kind else None,
        "depends_on": {"nodes": [model]},
    }


def manifest_of(
    *nodes: dict, exposures: dict[str, tuple[str, ...]] | None = None, macros: tuple[dict, ...] = ()
) -> dict:
    """A manifest of these nodes, exposures (names of what each reads) and macros."""
    ids = {each["name"]: each["unique_id"] for each in nodes}
    resolved = {
        each["unique_id"]: each
        | {"depends_on": {kind: [ids[name] for name in names] for kind, names in each["depends_on"].items()}}
        for each in nodes
    }
    return {
        "metadata": {"project_name": "house"},
        "nodes": resolved,
        "exposures": {
            f"exposure.house.{name}": {"name": name, "depends_on": {"nodes": [ids[read] for read in reads]}}
            for name, reads in (exposures or {}).items()
        },
        "macros": {macro["name"]: macro for macro in macros},
    }


def test_a_kept_rule_gives_no_sentence_and_an_exception_without_need_gives_one():
    assert house_rules.kept_but_for({}, {}) == []
    assert house_rules.kept_but_for({"a": "a is wrong."}, {}) == ["a is wrong."]
    assert house_rules.kept_but_for({"a": "a is wrong."}, {"a": "It must be."}) == []
    assert house_rules.kept_but_for({}, {"a": "It must be."}) == [
        "'a' is listed as an exception and keeps the rule: take it off the list."
    ]
    assert house_rules.kept_but_for({("a", "b"): "a is wrong."}, {("a", "b"): " "}) == [
        "'a and b' is listed as an exception without a reason: say why."
    ]


@pytest.mark.parametrize(
    ("path", "reads", "broken"),
    [
        ("models/staging/ons/stg_ons__births.sql", "births", False),
        ("models/staging/ons/stg_ons__births.sql", "stg_ons__deaths", True),
        ("models/core/int_rates_calculated.sql", "stg_ons__deaths", False),
        ("models/core/int_rates_calculated.sql", "measures", False),
        ("models/core/int_rates_calculated.sql", "births", True),
        ("models/core/int_rates_calculated.sql", "fct_rates", True),
        ("models/core/int_rates_calculated.sql", "dim_area", True),
        ("models/marts/fct_trends.sql", "dim_area", False),
        ("models/marts/fct_trends.sql", "fct_rates", True),
        ("models/elsewhere/int_rates_calculated.sql", "stg_ons__deaths", True),
        ("models/int_rates_calculated.sql", "stg_ons__deaths", True),
    ],
)
def test_layers_are_kept(path, reads, broken):
    model = node(path, (reads,))
    manifest = manifest_of(
        node("seeds/ons/births.csv"),
        node("seeds/reference/measures.csv"),
        node("models/staging/ons/stg_ons__deaths.sql"),
        node("models/marts/dim_area.sql"),
        node("models/marts/fct_rates.sql"),
        model,
    )
    sentences = house_rules.layers_are_kept(manifest, LAYERS, {})
    assert len(sentences) == broken
    assert all(path in sentence for sentence in sentences)
    if broken and reads == "fct_rates":
        assert house_rules.layers_are_kept(manifest, LAYERS, {(model["name"], "fct_rates"): "It must be."}) == []


def test_nothing_flows_back_by_any_number_of_steps():
    def manifest(first_reads: str) -> dict:
        return manifest_of(
            node("seeds/scenarios/area_groups.csv"),
            node("seeds/areas/areas.csv"),
            node("models/core/int_areas_named.sql", (first_reads,)),
            node("models/core/int_rates_calculated.sql", ("int_areas_named",)),
            node("models/rankings/int_rates_ranked.sql", ("int_rates_calculated", "int_areas_named")),
            node("models/scenarios/int_groups_ranked.sql", ("int_rates_ranked", "area_groups")),
        )

    lists = (["models/rankings/*"], ["seeds/scenarios/*", "models/scenarios/*"], [])
    assert house_rules.nothing_flows_back(manifest("areas"), *lists) == []
    assert house_rules.nothing_flows_back(manifest("area_groups"), *lists) == [
        "models/rankings/int_rates_ranked.sql depends on seeds/scenarios/area_groups.csv (int_rates_ranked <- "
        "int_areas_named <- area_groups): nothing that stands before it may; read another step, or move what it needs."
    ]
    everything = (["models/*"], ["seeds/scenarios/*"], ["models/scenarios/*"])
    assert house_rules.nothing_flows_back(manifest("areas"), *everything) == []
    assert len(house_rules.nothing_flows_back(manifest("area_groups"), *everything)) == 3
    assert house_rules.nothing_flows_back(manifest("areas"), ["models/rankings/*"], ["seeds/claims/*"], []) == [
        "No model or seed fits 'seeds/claims/*', so that the rule does not hold for it: correct the list."
    ]


def test_seeds_are_joined_in_staging():
    seeds = [node("seeds/areas/areas.csv"), node("seeds/areas/levels.csv")]
    staged = node("models/staging/areas/stg_areas__areas.sql", ("areas", "levels"))
    assert house_rules.seeds_are_joined_in_staging(manifest_of(*seeds, staged), {}) == []
    one = node("models/core/int_areas_named.sql", ("areas", "stg_areas__areas"))
    assert house_rules.seeds_are_joined_in_staging(manifest_of(*seeds, staged, one), {}) == []
    both = manifest_of(*seeds, node("models/core/int_areas_named.sql", ("areas", "levels")))
    (sentence,) = house_rules.seeds_are_joined_in_staging(both, {})
    assert sentence.startswith("models/core/int_areas_named.sql reads the seeds areas, levels")
    assert house_rules.seeds_are_joined_in_staging(both, {"int_areas_named": "Two halves of one table"}) == []


@pytest.mark.parametrize(
    ("path", "fits"),
    [
        ("models/staging/ons/stg_ons__births.sql", True),
        ("models/staging/ons/stg_nhs__births.sql", False),
        ("models/staging/ons/births.sql", False),
        ("models/staging/stg_ons__births.sql", False),
        ("models/core/int_rates_calculated.sql", True),
        ("models/core/int_areas_paired_with_wholes.sql", True),
        ("models/core/int_limits_found.sql", True),
        ("models/core/int_rates_by_level.sql", False),
        ("models/core/int_ranked.sql", False),
        ("models/core/int_rates_seed.sql", False),
        ("models/core/rates_calculated.sql", False),
        ("models/core/fct_rates.sql", False),
        ("models/marts/fct_rates.sql", True),
        ("models/marts/dim_area.sql", True),
        ("models/marts/rejected_rows.sql", True),
        ("models/marts/other_rows.sql", False),
        ("models/marts/int_rates_calculated.sql", False),
        ("models/exports/fingertips_export.sql", True),
        ("models/exports/fct_rates.sql", False),
    ],
)
def test_names_fit(path, fits):
    sentences = house_rules.names_fit(manifest_of(node(path)), ["core"], ["rejected_rows"])
    assert len(sentences) == (not fits)
    assert all(sentence.startswith(path) for sentence in sentences)


@pytest.mark.parametrize(
    ("description", "stated"),
    [
        ("One row per area. Method: none.", True),
        ("\n  At most one row per area.", True),
        ("One row in all.", True),
        ("The areas. One row per area.", False),
        ("One row, or two.", False),
        ("", False),
    ],
)
def test_grain_is_stated(description, stated):
    model = node("models/core/int_rates_calculated.sql", description=description)
    assert len(house_rules.grain_is_stated(manifest_of(model))) == (not stated)


PRIMARY_KEY = {"type": "primary_key", "columns": ["area_code"]}
CHECK = {"type": "check", "columns": []}
CONTRACT = {"contract": {"enforced": True}}


@pytest.mark.parametrize(
    ("path", "changes", "tested_by", "declared"),
    [
        ("models/core/int_a_made.sql", {}, None, False),
        ("models/core/int_a_made.sql", {}, "unique_key", True),
        ("models/core/int_a_made.sql", {}, "unique", True),
        ("models/core/int_a_made.sql", {}, "not_null", False),
        ("models/core/int_a_made.sql", {"config": {"materialized": "view"}}, None, True),
        ("models/core/int_a_made.sql", {"config": CONTRACT, "constraints": [PRIMARY_KEY]}, None, True),
        ("models/core/int_a_made.sql", {"config": CONTRACT, "constraints": [CHECK]}, None, False),
        ("models/core/int_a_made.sql", {"constraints": [PRIMARY_KEY]}, None, True),
        ("models/core/int_a_made.sql", {"constraints": [PRIMARY_KEY]}, "unique_key", True),
        ("models/marts/fct_a.sql", {"config": CONTRACT, "constraints": [PRIMARY_KEY]}, None, True),
        (
            "models/marts/dim_a.sql",
            {"config": CONTRACT, "columns": {"a": {"description": "A", "constraints": [PRIMARY_KEY]}}},
            None,
            True,
        ),
        ("models/marts/fct_a.sql", {"config": CONTRACT}, "unique_key", False),
        ("models/marts/fct_a.sql", {"constraints": [PRIMARY_KEY]}, None, False),
    ],
)
def test_keys_are_declared(path, changes, tested_by, declared):
    model = node(path, **changes)
    tests = [data_test(model["name"], tested_by)] if tested_by else []
    manifest = manifest_of(model, *tests)
    sentences = house_rules.keys_are_declared(manifest, {})
    assert len(sentences) == (not declared)
    if not declared:
        assert path in sentences[0]
        assert house_rules.keys_are_declared(manifest, {model["name"]: "It has one row"}) == []


def described(**columns: str) -> dict:
    return {name: {"description": description, "constraints": []} for name, description in columns.items()}


@pytest.mark.parametrize(
    ("columns", "built", "says"),
    [
        (described(area_code="Code"), {"int_rates_calculated": {"area_code"}}, None),
        (
            described(area_code="Code", deaths=" "),
            {"int_rates_calculated": {"area_code", "births", "deaths"}},
            "does not describe births, deaths",
        ),
        (described(area_code="Code", deaths="Deaths"), {"int_rates_calculated": {"area_code"}}, "has no deaths, which"),
        (described(area_code="Code"), {}, "is not built"),
    ],
)
def test_columns_are_described(columns, built, says):
    model = node("models/core/int_rates_calculated.sql", columns=columns)
    other = node("models/claims/int_claims_judged.sql")
    sentences = house_rules.columns_are_described(manifest_of(model, other), ["core"], built)
    assert len(sentences) == (says is not None)
    assert all(says in sentence for sentence in sentences)


def test_contracts_are_enforced():
    mart, step = node("models/marts/fct_rates.sql"), node("models/core/int_rates_calculated.sql")
    assert (
        house_rules.contracts_are_enforced(manifest_of(node("models/marts/fct_rates.sql", config=CONTRACT), step)) == []
    )
    (sentence,) = house_rules.contracts_are_enforced(manifest_of(mart, step))
    assert sentence.startswith("models/marts/fct_rates.sql")


def macro(
    name: str, description: str = "The rate.", path: str = "macros/rates/rate.sql", argument: str = "Deaths."
) -> dict:
    arguments = [{"name": "numerator", "description": argument}]
    return {
        "name": name,
        "package_name": "house",
        "original_file_path": path,
        "description": description,
        "arguments": arguments,
    }


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (macro("rate"), None),
        (macro("rate", description=" "), "has no description: say what rate gives"),
        (macro("rate", argument=""), "does not describe numerator: say what rate takes"),
        (macro("duckdb__rate", description=""), None),
        (macro("test_unique_key", description="", path="tests/dbt/generic/unique_key.sql"), None),
        (macro("rate", description="") | {"package_name": "dbt"}, None),
    ],
)
def test_macros_are_described(made, says):
    sentences = house_rules.seeds_and_macros_are_described(manifest_of(macros=(made,)))
    assert len(sentences) == (says is not None)
    assert all(says in sentence for sentence in sentences)


def test_seeds_are_described():
    seeds = [node("seeds/ons/births.csv"), node("seeds/ons/deaths.csv", description="")]
    (sentence,) = house_rules.seeds_and_macros_are_described(manifest_of(*seeds))
    assert sentence.startswith("seeds/ons/deaths.csv has no description")


def test_fan_out_is_small():
    steps = [node(f"models/core/int_step_{number}_made.sql", ("int_rates_calculated",)) for number in range(3)]
    manifest = manifest_of(
        node("models/core/int_rates_calculated.sql"), *steps, data_test("int_rates_calculated", "unique")
    )
    assert house_rules.fan_out_is_small(manifest, 3, {}) == []
    (sentence,) = house_rules.fan_out_is_small(manifest, 2, {})
    assert sentence.startswith("models/core/int_rates_calculated.sql is read by 3 models, more than 2")
    assert house_rules.fan_out_is_small(manifest, 2, {"int_rates_calculated": "The rates"}) == []


@pytest.mark.parametrize(
    ("materialized", "broken"),
    [
        (("view", "view", "view"), True),
        (("view", "ephemeral", "view"), True),
        (("view", "table", "view"), False),
        (("table", "view", "view"), False),
    ],
)
def test_views_are_not_chained(materialized, broken):
    names = ["int_a_made", "int_b_made", "int_c_made"]
    models = [
        node(f"models/core/{name}.sql", tuple(names[:place][-1:]), config={"materialized": materialized[place]})
        for place, name in enumerate(names)
    ]
    sentences = house_rules.views_are_not_chained(
        manifest_of(*models, node("models/marts/fct_a.sql", ("int_c_made",))), 2
    )
    assert len(sentences) == broken
    assert all("int_a_made -> int_b_made -> int_c_made" in sentence for sentence in sentences)


def test_models_are_used():
    read, unread = node("models/core/int_a_made.sql"), node("models/core/int_b_made.sql")
    mart = node("models/marts/fct_a.sql", ("int_a_made",))
    (sentence,) = house_rules.models_are_used(manifest_of(read, unread, mart), {})
    assert sentence.startswith("models/core/int_b_made.sql is read by nothing")
    assert house_rules.models_are_used(manifest_of(read, unread), {"int_a_made": "So", "int_b_made": "So"}) == []


@pytest.mark.parametrize(("kind", "is_use"), [(None, True), ("unique_key", False)])
def test_a_test_of_its_own_file_is_a_use(kind, is_use):
    manifest = manifest_of(node("models/core/int_b_made.sql"), data_test("int_b_made", kind))
    assert len(house_rules.models_are_used(manifest, {})) == (not is_use)


def test_an_exposure_is_a_use():
    manifest = manifest_of(node("models/exports/fingertips_export.sql"), exposures={"csv": ("fingertips_export",)})
    assert house_rules.models_are_used(manifest, {}) == []


@pytest.mark.parametrize(
    ("path", "access", "is_public"),
    [
        ("models/marts/fct_rates.sql", "public", True),
        ("models/exports/fingertips_export.sql", "public", True),
        ("models/marts/fct_rates.sql", "protected", False),
        ("models/core/int_a_made.sql", "public", False),
        ("seeds/ons/births.csv", "public", False),
    ],
)
def test_exposures_read_public_models(path, access, is_public):
    made = node(path, config={"access": access})
    sentences = house_rules.exposures_read_public_models(manifest_of(made, exposures={"report": (made["name"],)}))
    assert len(sentences) == (not is_public)
    assert all("exposure report depends on " + path in sentence for sentence in sentences)


def test_lines_are_short():
    files = {"models/a.sql": "1234\n12345\n", "models/b.sql": "12345\n\n123456\n1234567"}
    assert house_rules.lines_are_short(files, 7) == []
    assert house_rules.lines_are_short(files, 5) == [
        "models/b.sql has lines of more than 5 characters (3, 4; the longest has 7): break them."
    ]


def test_comments_are_taken_out_and_lines_keep_their_numbers():
    sql = "-- one\nselect 'a -- b' as \"c -- d\", /* two\n'three */ 'it''s' {#- four's -#} -- five\nfrom e"
    assert house_rules.code_of(sql) == "\nselect 'a -- b' as \"c -- d\", \n 'it''s'  \nfrom e"


def test_strings_are_told_from_names():
    code = "select 'it''s' as \"a name\",\n{{ rate('x', \"y\") }} {% set z = 'w' %}"
    assert list(house_rules.string_literals(code)) == [
        (1, "it's", False),
        (2, "x", True),
        (2, "y", True),
        (2, "w", True),
    ]


PATTERNS = {r"(?<![0-9A-Za-z])[EW]\d{8}": "an area", "england": "a country"}
LITERALS = {"region": "a level"}


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("select area_code from areas", None),
        ("-- England alone, E92000001\nselect 1", None),
        ("select region from areas", None),
        ("select 1\nwhere area_code = 'E92000001'", "models/a.sql:2 names an area, 'E92000001': let a seed say it."),
        ("select 1\n\nfrom england_rates", "models/a.sql:3 names a country, 'england': let a seed say it."),
        ("where area_level in ('country', 'region')", "models/a.sql:1 names a level, 'region': let a seed say it."),
        ('{{ ranked("region") }}', "models/a.sql:1 names a level, 'region': let a seed say it."),
    ],
)
def test_nothing_is_named(sql, says):
    sentences = house_rules.nothing_is_named({"models/a.sql": sql}, PATTERNS, LITERALS, {})
    assert sentences == ([] if says is None else [says])


def test_a_name_in_a_file_s_name_is_found():
    sentences = house_rules.nothing_is_named({"models/fct_england_rates.sql": "select 1"}, PATTERNS, LITERALS, {})
    assert sentences == ["models/fct_england_rates.sql names a country, 'england': rename the file."]


def test_a_name_within_an_excepted_phrase_may_stand():
    excepted = {"england_and_wales": "A publication"}
    named = {"models/a.sql": "select * from {{ ref('deaths_england_and_wales') }}"}
    assert house_rules.nothing_is_named(named, PATTERNS, LITERALS, excepted) == []
    named["models/b.sql"] = "select * from england_and_wales, england"
    assert len(house_rules.nothing_is_named(named, PATTERNS, LITERALS, excepted)) == 1
    for unneeded in ({"england_and_scotland": "Not there"}, {"deaths": "Names nothing"}):
        (_, sentence) = house_rules.nothing_is_named(
            {"models/a.sql": "from england, deaths"}, PATTERNS, LITERALS, unneeded
        )
        assert "take it off the list" in sentence


@pytest.mark.parametrize(
    ("sql", "is_prose"),
    [
        ("select 'The area has no rate: missing.'", True),
        ("select 'the rate is clearly higher than '", True),
        ("select 'a b c'", False),
        ("select 'fewer_than_{{ fewest_areas }}_areas_with_a_score'", False),
        ("select 'fewer areas than {{ fewest_areas }} have a score'", True),
        ("select 'stillbirth_and_neonatal_per_1000_live_births'", False),
        ("select '(registration|occurrence) 1 2 3 4 5 6 7 8'", False),
        ("-- 'The area has no rate: missing.'\nselect 1", False),
        ('select 1 as "Compared to Region value or percentiles"', False),
        ("{{ rate_per_1000('case when a then numerator end') }}", False),
        ("{{ told('The area has no rate: missing.') }}", True),
    ],
)
def test_prose_is_data(sql, is_prose):
    sentences = house_rules.prose_is_data({"models/a.sql": sql}, {})
    assert len(sentences) == is_prose
    if is_prose:
        assert "models/a.sql:1" in sentences[0]
        (value,) = [text for _, text, _ in house_rules.string_literals(sql)]
        assert house_rules.prose_is_data({"models/a.sql": sql}, {value: "A code"}) == []
        assert len(house_rules.prose_is_data({"models/a.sql": "select 1"}, {value: "A code"})) == 1
