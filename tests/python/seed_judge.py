"""What notices a slip in a seed: the build made again in a copy, as far as it is felt, with every test on the data.

Documents that show rows of the database are compared with it, as test_documents.py and test_claims.py do.

The SQL is dbt's own, of the last whole build: what it ran for each table, checks among it, and what it would run for
each test. A table that comes out as it was before passes nothing on, so that only what changed is made anew.
"""

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
from seed_slips import Slip

from scripts import claims_to_markdown, fill_queries, fill_readme

PROJECT = Path(__file__).resolve().parents[2]
DATABASE = PROJECT / "build" / "infant_mortality.duckdb"


@dataclass
class Finding:
    """What noticed a slip, None where nothing did, and the tables that it changed."""

    noticed_by: str | None
    tables_changed: list[str] = field(default_factory=list)


class Project:
    """The nodes of the last build, and how long each took."""

    def __init__(self, compiled: Path) -> None:
        """``compiled`` is the target folder of a `dbt compile`, where each test stands as a query."""
        self.nodes = json.loads((PROJECT / "target" / "manifest.json").read_text(encoding="utf-8"))["nodes"]
        results = json.loads((PROJECT / "target" / "run_results.json").read_text(encoding="utf-8"))["results"]
        self.seconds = {result["unique_id"]: result["execution_time"] for result in results}
        self.seeds = {n["name"]: n for n in self.nodes.values() if n["resource_type"] == "seed"}
        self.tests = {key: n for key, n in self.nodes.items() if n["resource_type"] == "test"}
        self.test_queries = {
            key: (compiled / Path(node["compiled_path"]).relative_to("target")).read_text(encoding="utf-8")
            for key, node in self.tests.items()
        }

    def parents(self, key: str) -> list[str]:
        return [parent for parent in self.nodes[key]["depends_on"].get("nodes", []) if parent in self.nodes]

    def models_before(self, key: str) -> list[str]:
        """All models that a node is made from, parents before children."""
        ordered: list[str] = []

        def visit(each: str) -> None:
            for parent in self.parents(each):
                if parent not in ordered and self.nodes[parent]["resource_type"] == "model":
                    visit(parent)
                    ordered.append(parent)

        visit(key)
        return ordered

    def steps_after(self, seed: str) -> list[str]:
        """Every model and test that a seed is felt in: cheap tests first, each after the models that it needs."""
        start = self.seeds[seed]["unique_id"]
        reached, found = {start}, {start}
        while found:
            found = {key for key in self.nodes if key not in reached and found.intersection(self.parents(key))}
            reached |= found
        before = {key: [m for m in self.models_before(key) if m in reached] for key in reached}
        cost = {key: sum(self.seconds.get(m, 0) for m in [*before[key], key]) for key in reached}
        is_test = {key: key in self.tests for key in reached}
        steps: list[str] = []
        for key in sorted(reached - {start}, key=lambda each: (not is_test[each], cost[each])):
            steps += [each for each in [*before[key], key] if each not in steps]
        return steps


class Judge:
    """A copy of the built database in which slips are made, one at a time."""

    def __init__(self, folder: Path, compiled: Path) -> None:
        self.folder = folder
        # The name of the file is the name of the database in the SQL that dbt wrote.
        self.path = folder / DATABASE.name
        self.project = Project(compiled)
        self.steps = {seed: self.project.steps_after(seed) for seed in self.project.seeds}
        self.open()
        self.contents = {
            key: self.content(node["relation_name"])
            for key, node in self.project.nodes.items()
            if node["resource_type"] == "model"
        }

    def open(self) -> None:
        """Put the copy as it was before any slip."""
        shutil.copy(DATABASE, self.path)
        self.connection = duckdb.connect(str(self.path))
        self.connection.execute("set threads = 1; set enable_progress_bar = false")

    def content(self, relation: str) -> tuple:
        """A short sum of all rows of a table, whatever their order."""
        return self.connection.execute(
            f"select count(*), sum(cast(hash(t) as hugeint)) from {relation} as t"
        ).fetchone()

    def load(self, slip: Slip) -> None:
        """Fill the seed's table from the changed file, as dbt does."""
        file = self.folder / f"{slip.seed}.csv"
        file.write_text(slip.text, encoding="utf-8")
        relation = self.project.seeds[slip.seed]["relation_name"]
        self.connection.execute(f"delete from {relation}")
        self.connection.execute(f"copy {relation} from '{file}' (format csv, header true, delimiter ',')")

    def make(self, key: str) -> None:
        """Make a table again with the statements that dbt ran; a view follows its tables, records are not felt."""
        node = self.project.nodes[key]
        if node["config"]["materialized"] == "table":
            ran = PROJECT / "target" / "run" / "infant_mortality" / node["original_file_path"]
            self.connection.execute(f"drop table {node['relation_name']}")
            self.connection.execute(ran.read_text(encoding="utf-8").replace("__dbt_tmp", ""))
            # Publishing gives the marts their keys.
            if node["schema"] == "marts":
                keys = [key["columns"] for key in node["constraints"] if key["type"] == "primary_key"]
                self.connection.execute(f"alter table {node['relation_name']} add primary key ({', '.join(keys[0])})")

    def differing_document(self) -> str | None:
        """The first document that says something else than the database; None where all agree."""
        for name in fill_queries.DOCUMENTS:
            text = (PROJECT / name).read_text(encoding="utf-8")
            if fill_queries.filled(text, self.connection) != text:
                return name
        for name in fill_readme.PARTS:
            text = (PROJECT / name).read_text(encoding="utf-8")
            if fill_readme.filled(name, text, self.connection) != text:
                return name
        queries = ("from marts.fct_claim_checks order by claim_order", claims_to_markdown.QUERY.read_text("utf-8"))
        claims, answers = (claims_to_markdown.rows_of(self.connection, query) for query in queries)
        page = claims_to_markdown.PAGE.read_text(encoding="utf-8")
        if claims_to_markdown.new_page(page, claims, answers) != page:
            return str(claims_to_markdown.PAGE.relative_to(PROJECT))
        return None

    def judged(self, slip: Slip, without: frozenset[str] = frozenset()) -> Finding:
        """Make the slip, build and test until something notices, and take it back; ``without`` names tests left out."""
        self.connection.execute("begin")
        finding = self._judged(slip, without)
        self.connection.execute("rollback")
        return finding

    def keep(self, slip: Slip) -> None:
        """Make a slip that nothing noticed again, for others to read, and close the copy until ``open`` is called."""
        self.connection.execute("begin")
        self._judged(slip, frozenset(node["name"] for node in self.project.tests.values()))
        self.connection.execute("commit")
        self.connection.close()

    def _judged(self, slip: Slip, without: frozenset[str]) -> Finding:
        nodes = self.project.nodes
        step, changed = f"seed {slip.seed}", {self.project.seeds[slip.seed]["unique_id"]}
        try:
            self.load(slip)
            for key in self.steps[slip.seed]:
                name = nodes[key]["name"]
                step = f"{nodes[key]['resource_type']} {name}"
                if name in without or not changed.intersection(self.project.parents(key)):
                    continue
                if key in self.project.tests:
                    if self.connection.execute(self.project.test_queries[key]).fetchone() is not None:
                        return Finding(step)
                else:
                    self.make(key)
                    if self.content(nodes[key]["relation_name"]) != self.contents[key]:
                        changed.add(key)
        except duckdb.Error as error:
            return Finding(f"{step}: {str(error).splitlines()[0][:160]}")
        differing = self.differing_document()
        if differing:
            return Finding(f"document {differing}")
        return Finding(None, sorted(nodes[key]["name"] for key in changed if key in self.contents))
