"""Publishing, on small databases: what is copied, what is refused, and that nothing published is ever damaged."""

import csv
import hashlib
import json
import os
import pwd
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from publish import placing
from publish.csv_files import main as write_csv
from publish.csv_files import write_csv_files
from publish.errors import PublishingError
from publish.publisher import Published, Request, publish
from tests.readers import Readers

PROJECT = Path(__file__).resolve().parents[2]

MAKE_BUILD = """
    create schema staging;
    create schema marts;
    create table staging.figures as select 1 as figure;
    create table marts.dim_area (area_code varchar not null, area_name varchar not null);
    create table marts.fct_rates (
        area_code varchar not null,
        period varchar not null,
        rate_per_1000 double check (rate_per_1000 >= 0)
    );
    create table marts.fct_left_over as select 1 as figure;
    create table main.scratch as select 1 as figure;
    create macro marts.left_over() as table select * from marts.fct_left_over;
    insert into marts.dim_area values ('E08000034', 'Kirklees'), ('E92000001', 'England, "all of it"');
    insert into marts.fct_rates
    select area_code, cast(year.range as varchar), case when year.range % 7 > 0 then year.range / 3 end
    from marts.dim_area cross join range(2000, 3000) as year;
    create view staging.list as select area_code as "Area Code", area_name as "Area Name" from marts.dim_area;
    comment on table marts.dim_area is 'One row per area; it''s the list.';
    comment on column marts.fct_rates.rate_per_1000 is 'Deaths per 1,000 live births.';
"""
MACRO = """
    create or replace macro {schema}.area_profile(wanted) as table
    select * from marts.fct_rates where area_code = wanted
"""


def request_for(build_id: str) -> Request:
    """A request to publish two of the tables of MAKE_BUILD."""
    return Request(
        build_id=build_id,
        built_at="2026-01-02T03:04:05+01:00",
        dbt_version="1.11.16",
        schema="marts",
        tables={"fct_rates": ["area_code", "period"], "dim_area": ["area_code"]},
        extra_exports={'"staging"."list"': "list.csv"},
        table_macros=[MACRO.format(schema="marts"), MACRO.format(schema="main")],
    )


@pytest.fixture
def build(tmp_path: Path):
    """An open build database, and its file."""
    folder = tmp_path / "build"
    folder.mkdir()
    connection = duckdb.connect(str(folder / "infant_mortality.duckdb"))
    connection.execute(MAKE_BUILD)
    yield connection, folder / "infant_mortality.duckdb"
    connection.close()


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Where to publish: an empty folder."""
    folder = tmp_path / "published"
    folder.mkdir()
    return folder / "infant_mortality.duckdb"


@pytest.fixture
def publish_build(build, target: Path) -> Callable[..., Published]:
    """Publishes the build under a given build id."""
    connection, build_file = build

    def run(build_id: str = "first", to: Path = target) -> Published:
        return publish(connection, build_file, to, request_for(build_id))

    return run


def build_id_of(database: Path) -> str:
    """Which build a published file says it is from."""
    with duckdb.connect(str(database), read_only=True) as reader:
        return reader.execute("select build_id from marts.build_information").fetchall()[0][0]


def state_of(folder: Path) -> dict[str, str]:
    """Every file below a folder with its SHA-256."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_holds_the_marts_alone_with_keys_checks_and_comments(publish_build, target, build):
    published = publish_build()
    assert published.database == target
    assert published.rows == {"dim_area": 2, "fct_rates": 2000, "build_information": 1}
    connection, _ = build
    with duckdb.connect(str(target), read_only=True) as reader:
        tables = reader.execute("select schema_name, table_name from duckdb_tables() order by all").fetchall()
        assert tables == [("marts", "build_information"), ("marts", "dim_area"), ("marts", "fct_rates")]
        for table in ("dim_area", "fct_rates"):
            query = f"select * from marts.{table} order by all"
            assert reader.execute(query).fetchall() == connection.execute(query).fetchall()
        constraints = """
            select table_name, constraint_text from duckdb_constraints()
            where table_name in ('dim_area', 'fct_rates') and constraint_type {} 'PRIMARY KEY' order by all
        """
        keys = [("dim_area", "PRIMARY KEY(area_code)"), ("fct_rates", "PRIMARY KEY(area_code, period)")]
        assert reader.execute(constraints.format("=")).fetchall() == keys
        checks = connection.execute(constraints.format("<>")).fetchall()
        # What a key is made of is never NULL.
        assert set(reader.execute(constraints.format("<>")).fetchall()) == {*checks, ("fct_rates", "NOT NULL")}
        comments = """
            select table_name, null, comment from duckdb_tables() where table_name in ('dim_area', 'fct_rates')
            union all
            select table_name, column_name, comment from duckdb_columns() where table_name in ('dim_area', 'fct_rates')
            order by all
        """
        assert reader.execute(comments).fetchall() == connection.execute(comments).fetchall()
        undescribed = """
            select count(*) from duckdb_columns()
            where table_name = 'build_information' and schema_name = 'marts' and comment is null
        """
        assert reader.execute(undescribed).fetchall() == [(0,)]


def test_table_macros_work_in_a_renamed_and_in_an_attached_file(publish_build, target, tmp_path):
    publish_build()
    renamed = shutil.copy(target, tmp_path / "other-name.duckdb")
    with duckdb.connect(str(renamed), read_only=True) as reader:
        for name in ("area_profile", "marts.area_profile"):
            assert reader.execute(f"select count(*) from {name}('E08000034')").fetchall() == [(1000,)]
        macros = "select schema_name, function_name from duckdb_functions() where not internal order by all"
        assert reader.execute(macros).fetchall() == [("main", "area_profile"), ("marts", "area_profile")]
    with duckdb.connect() as reader:
        reader.execute(f"attach '{target}' as anything (read_only)")
        reader.execute("use anything")
        assert reader.execute("select count(*) from area_profile('E08000034')").fetchall() == [(1000,)]


# What a name may hold, and how it stands in Parquet and in CSV.
NAMES_IN_EXPORTS = [
    ("=1+1", "=1+1", "'=1+1"),
    ("+44 cells", "+44 cells", "'+44 cells"),
    ("-Upon-Tyne", "-Upon-Tyne", "'-Upon-Tyne"),
    ("@import", "@import", "'@import"),
    ("  =1+1", "  =1+1", "'  =1+1"),
    ("\t=1+1", " =1+1", "' =1+1"),
    ("\r=1+1", " =1+1", "' =1+1"),
    ("\x1b=1+1", "=1+1", "'=1+1"),
    ("North\r\nSouth", "North South", "North South"),
    ("red\x1b[31m", "red[31m", "red[31m"),
    ("C1\x9b\x85end\x7f", "C1end", "C1end"),
    ("-2.74", "-2.74", "-2.74"),
    ("+5", "+5", "+5"),
    ("O'Brien = Sons", "O'Brien = Sons", "O'Brien = Sons"),
    ("Ynys M\u00f4n", "Ynys M\u00f4n", "Ynys M\u00f4n"),
]


@pytest.mark.parametrize("exported", ["a table", "a view"])
def test_exports_hold_no_formula_and_no_control_character(publish_build, target, build, exported):
    connection, _ = build
    connection.executemany(
        "insert into marts.dim_area values (?, ?)",
        [(f"X{place:02}", name) for place, (name, _, _) in enumerate(NAMES_IN_EXPORTS)],
    )
    connection.execute("insert into marts.fct_rates values ('X00', '-1', 0.5)")
    folder = publish_build().exports
    name, heading = ("dim_area.csv", "area_name") if exported == "a table" else ("list.csv", "Area Name")
    write_csv_files(target, folder)
    with (folder / name).open(encoding="utf-8", newline="") as file:
        in_csv = [row[heading] for row in csv.DictReader(file) if row[next(iter(row))].startswith("X")]
    assert sorted(in_csv) == sorted(wanted for _, _, wanted in NAMES_IN_EXPORTS)
    # A text that is a number, and a number, stay as they are.
    with (folder / "fct_rates.csv").open(encoding="utf-8", newline="") as file:
        assert [row for row in csv.reader(file) if row[0] == "X00"] == [["X00", "-1", "0.5"]]
    query = f"select area_name from '{folder / 'dim_area.parquet'}' where area_code like 'X%' order by area_code"
    with duckdb.connect() as reader:
        assert [name for (name,) in reader.execute(query).fetchall()] == [wanted for _, wanted, _ in NAMES_IN_EXPORTS]


@pytest.mark.parametrize(("named", "sentence"), [("database", "does not exist; run"), ("folder", "does not exist.")])
def test_csv_that_cannot_be_written_is_refused_in_one_sentence(
    publish_build, target, tmp_path, capsys, named, sentence
):
    publish_build()
    arguments = {"database": target, "folder": target.parent / "exports"} | {named: tmp_path / "nowhere"}
    assert write_csv([word for name, path in arguments.items() for word in (f"--{name}", str(path))]) == 1
    said = capsys.readouterr()
    assert sentence in said.err and str(tmp_path / "nowhere") in said.err and said.err.count("\n") == 1


def test_parquet_says_what_its_columns_are(publish_build):
    folder = publish_build().exports
    with duckdb.connect() as reader:
        query = f"select decode(key), decode(value) from parquet_kv_metadata('{folder / 'fct_rates.parquet'}')"
        assert reader.execute(query).fetchall() == [("rate_per_1000", "Deaths per 1,000 live births.")]


def test_a_workbook_of_an_older_build_does_not_stay(publish_build):
    folder = publish_build().exports
    (folder / "infant_mortality.xlsx").write_bytes(b"made of the first build")
    publish_build("second")
    assert not (folder / "infant_mortality.xlsx").exists()


def test_exports_hold_the_same_rows_and_the_manifest_describes_every_file(publish_build, target):
    published = publish_build()
    manifest = json.loads((published.exports / "manifest.json").read_text())
    names = {f"{table}.parquet" for table in published.rows} | {"list.csv"}
    assert {path.name for path in published.exports.iterdir()} == names | {"manifest.json"}
    assert set(manifest["files"]) == names
    for name, described in manifest["files"].items():
        content = (published.exports / name).read_bytes()
        assert described == {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    assert manifest["database"]["sha256"] == hashlib.sha256(target.read_bytes()).hexdigest()
    assert manifest["rows"] == published.rows
    assert manifest["build_id"] == "first" == build_id_of(target)
    assert manifest["built_at"] == "2026-01-02T02:04:05Z"
    assert manifest["dbt_version"] == "1.11.16"
    assert (published.exports / "list.csv").read_text().splitlines()[0] == "Area Code,Area Name"
    written = write_csv_files(target, published.exports)
    assert {path.name for path in written} == {f"{table}.csv" for table in published.rows}
    with duckdb.connect(str(target), read_only=True) as reader:
        for table in published.rows:
            rows = reader.execute(f"select * from marts.{table} order by all").fetchall()
            parquet, comma_separated = (published.exports / f"{table}.{kind}" for kind in ("parquet", "csv"))
            assert reader.execute(f"select * from '{parquet}' order by all").fetchall() == rows
            reader.execute(f"create or replace temporary table read_back as select * from marts.{table} limit 0")
            reader.execute(f"copy read_back from '{comma_separated}' (format csv, header)")
            assert reader.execute("select * from read_back order by all").fetchall() == rows


def test_a_reader_of_the_old_file_keeps_it_and_a_new_reader_gets_the_new_one(publish_build, target):
    publish_build("first")
    with_old = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import duckdb, sys\n"
            f"reader = duckdb.connect({str(target)!r}, read_only=True)\n"
            "print('open', flush=True)\n"
            "sys.stdin.readline()\n"
            "print(reader.execute('select build_id, (select count(*) from marts.fct_rates) "
            "from marts.build_information').fetchall())\n",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert with_old.stdout.readline() == "open\n"
    publish_build("second")
    assert build_id_of(target) == "second"
    answer, _ = with_old.communicate("go\n", timeout=30)
    assert answer.strip() == "[('first', 2000)]"


def test_every_read_while_publishing_sees_one_whole_build(publish_build, build, target):
    """The short form of `make test-while-running`: each build here holds one more area than the one before."""
    connection, _ = build
    areas_of_build = {"build 0": publish_build("build 0").rows["dim_area"]}
    with Readers(target, 2) as readers:
        for number in range(1, 12):
            connection.execute("insert into marts.dim_area values (?, 'made up')", [f"Z{number:08}"])
            areas_of_build[f"build {number}"] = publish_build(f"build {number}").rows["dim_area"]
            time.sleep(0.1)
        reading = readers.stop()
    assert reading.errors == []
    assert reading.reads > 12 and len(reading.builds) > 2
    for build_id, answers in reading.builds.items():
        assert {counts["dim_area"] for counts, _ in answers} == {areas_of_build[build_id]}


def test_a_stale_write_ahead_log_leaves_with_the_old_file(publish_build, target):
    publish_build("first")
    with duckdb.connect(str(target)) as writer:
        writer.execute("pragma disable_checkpoint_on_shutdown")
        writer.execute("create table main.scribble as select 1 as figure")
    log = target.with_name(target.name + ".wal")
    assert log.exists()
    publish_build("second")
    assert not log.exists()
    assert build_id_of(target) == "second"
    with duckdb.connect(str(target), read_only=True) as reader:
        assert reader.execute("select count(*) from duckdb_tables() where table_name = 'scribble'").fetchall() == [(0,)]


def test_leaves_nothing_else_behind_and_sweeps_up_after_a_killed_publisher(publish_build, target):
    left_behind = target.parent / f".{target.name}.publishing.1"
    left_behind.mkdir()
    (left_behind / "half.duckdb").write_bytes(b"half")
    publish_build()
    assert sorted(path.name for path in target.parent.iterdir()) == ["exports", "infant_mortality.duckdb"]


def test_leaves_the_folder_of_a_living_publisher_alone(publish_build, target):
    with placing.workspace_beside(target) as workspace:
        (workspace / "growing.duckdb").write_bytes(b"half")
        moved = workspace.rename(workspace.with_name(workspace.name + "0"))
        publish_build()
        assert (moved / "growing.duckdb").exists()
        moved.rename(workspace)


def test_a_link_keeps_pointing_at_the_newest_file(publish_build, target, tmp_path):
    link = tmp_path / "link.duckdb"
    link.symlink_to(target)
    publish_build("first", to=link.resolve())
    publish_build("second", to=link.resolve())
    assert link.is_symlink()
    assert build_id_of(link) == "second"


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="needs a second file system, here /dev/shm")
def test_publishes_onto_another_file_system(publish_build, tmp_path):
    folder = Path("/dev/shm") / f"infant-mortality-test-{os.getpid()}"
    folder.mkdir()
    try:
        assert folder.stat().st_dev != tmp_path.stat().st_dev
        publish_build("first", to=folder / "infant_mortality.duckdb")
        publish_build("second", to=folder / "infant_mortality.duckdb")
        assert build_id_of(folder / "infant_mortality.duckdb") == "second"
        assert sorted(path.name for path in folder.iterdir()) == ["exports", "infant_mortality.duckdb"]
    finally:
        shutil.rmtree(folder)


def test_refuses_the_builds_own_file(publish_build, build):
    with pytest.raises(PublishingError, match="the file that the build works in"):
        publish_build(to=build[1])


def test_refuses_a_folder_that_does_not_exist(publish_build, tmp_path):
    with pytest.raises(PublishingError, match="does not exist; make it"):
        publish_build(to=tmp_path / "nowhere" / "infant_mortality.duckdb")


def test_refuses_a_folder_in_the_files_place(publish_build, target):
    target.mkdir()
    with pytest.raises(PublishingError, match="is a folder; name a file"):
        publish_build()


def test_refuses_a_file_that_is_no_database(publish_build, target):
    target.write_text("dear diary, today")
    with pytest.raises(PublishingError, match="is not a DuckDB database"):
        publish_build()
    assert target.read_text() == "dear diary, today"


def test_refuses_somebody_elses_database(publish_build, target):
    with duckdb.connect(str(target)) as theirs:
        theirs.execute("create table thesis as select 42 as answer")
    before = state_of(target.parent)
    with pytest.raises(PublishingError, match="that this project did not publish"):
        publish_build()
    assert state_of(target.parent) == before


def test_refuses_somebody_elses_exports(publish_build, target):
    exports = target.parent / "exports"
    exports.mkdir()
    (exports / "thesis.csv").write_text("figure\n42\n")
    with pytest.raises(PublishingError, match="was not written by this project"):
        publish_build()
    assert (exports / "thesis.csv").read_text() == "figure\n42\n"
    assert not target.exists()


@pytest.mark.parametrize("instead", ["", "create view marts.fct_rates as select * from staging.figures"])
def test_a_table_missing_from_the_build_publishes_nothing(publish_build, build, target, instead):
    publish_build("first")
    before = state_of(target.parent)
    build[0].execute(f"drop table marts.fct_rates; {instead}")
    with pytest.raises(PublishingError, match="the build's database has no table fct_rates"):
        publish_build("second")
    assert state_of(target.parent) == before


def test_rows_that_share_a_key_publish_nothing(publish_build, build, target):
    publish_build("first")
    before = state_of(target.parent)
    build[0].execute("insert into marts.fct_rates select * from marts.fct_rates limit 1")
    with pytest.raises(PublishingError, match=r"the key of fct_rates \(area_code, period\) does not"):
        publish_build("second")
    assert state_of(target.parent) == before


def test_a_table_macro_that_reads_what_is_not_there_publishes_nothing(build, target):
    connection, build_file = build
    publish(connection, build_file, target, request_for("first"))
    before = state_of(target.parent)
    broken = replace(request_for("second"), table_macros=[MACRO.format(schema="marts").replace("area_code", "code")])
    with pytest.raises(PublishingError, match=r'"code" not found.*are as they were'):
        publish(connection, build_file, target, broken)
    assert state_of(target.parent) == before


def test_a_view_whose_table_is_gone_does_not_stop_publishing(publish_build, build, target):
    """An earlier version of the project may have left such a view in the build's database."""
    build[0].execute("create view staging.left_over as select * from staging.figures; drop table staging.figures")
    publish_build()
    assert build_id_of(target) == "first"


def test_the_file_holds_no_space_of_what_is_not_published(publish_build, build, target):
    publish_build("first")
    size = target.stat().st_size
    build[0].execute("create table staging.large as select md5(cast(range as varchar)) as text from range(200000)")
    build[0].execute("create or replace table marts.fct_left_over as select * from staging.large")
    build[0].execute("checkpoint")
    assert build[1].stat().st_size > 3 * size
    publish_build("second")
    assert target.stat().st_size == size


def test_rows_that_break_a_key_publish_nothing(publish_build, build, target):
    publish_build("first")
    before = state_of(target.parent)
    connection, _ = build
    connection.execute("drop table marts.fct_rates")
    connection.execute("create table marts.fct_rates as select 'E08000034' as area_code, '2014' as period, -1 as rate")
    connection.execute("drop view staging.list")
    with pytest.raises(PublishingError, match="are as they were"):
        publish_build("second")
    assert state_of(target.parent) == before


@pytest.mark.parametrize("failing_step", ["the exports", "the database"])
def test_a_refusal_at_the_last_moment_is_taken_back(publish_build, target, monkeypatch, failing_step):
    publish_build("first")
    before = state_of(target.parent)

    def refuse(*_: object) -> None:
        raise OSError(16, "Device or resource busy")

    if failing_step == "the exports":
        monkeypatch.setattr(placing, "exchange", refuse)
    else:
        replace = Path.replace

        def refuse_the_database(self: Path, other: Path) -> Path:
            return refuse() if Path(other) == target else replace(self, other)

        monkeypatch.setattr(Path, "replace", refuse_the_database)
    with pytest.raises(PublishingError, match="could not be replaced"):
        publish_build("second")
    assert state_of(target.parent) == before


def test_exchange_without_the_atomic_call(tmp_path, monkeypatch):
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).write_text(name)

    def absent(*_: object, **__: object) -> None:
        raise AttributeError("no renameat2 here")

    monkeypatch.setattr(placing.ctypes, "CDLL", absent)
    placing.exchange(tmp_path / "first", tmp_path / "second")
    assert [path.name for path in (tmp_path / "first").iterdir()] == ["second"]
    assert [path.name for path in (tmp_path / "second").iterdir()] == ["first"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["first", "second"]


PUBLISH_IN_A_PROCESS = """
import os
import sys
import time
from pathlib import Path
sys.path.insert(0, {project!r})
sys.path.insert(0, {tests!r})
import resource
import duckdb
import test_publish
from publish.errors import PublishingError
from publish.publisher import publish
place, build_id, limit = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
folder = Path(sys.argv[4])
folder.mkdir()
with duckdb.connect(str(folder / "infant_mortality.duckdb")) as connection:
    connection.execute(test_publish.MAKE_BUILD)
    if len(sys.argv) > 5:
        os.setgroups([])
        os.setgid(int(sys.argv[5]))
        os.setuid(int(sys.argv[5]))
    if limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        publish(connection, folder / "infant_mortality.duckdb", place, test_publish.request_for(build_id))
    except PublishingError as error:
        print(error)
        sys.exit(1)
"""


def publishing_process(
    target: Path, build_id: str, folder: Path, limit: int = 0, user: int | None = None
) -> subprocess.Popen:
    """Start a process that builds into a new folder, then publishes: with `limit` bytes a file unless 0, as `user`."""
    program = PUBLISH_IN_A_PROCESS.format(project=str(PROJECT), tests=str(Path(__file__).parent))
    command = [sys.executable, "-c", program, str(target), build_id, str(limit), str(folder)]
    command += [] if user is None else [str(user)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=PROJECT)


@pytest.mark.parametrize("limit", [4_096, 20_000, 300_000])
def test_a_full_disk_publishes_nothing(publish_build, target, tmp_path, limit):
    publish_build("first")
    before = state_of(target.parent)
    process = publishing_process(target, "second", tmp_path / "another", limit)
    said, errors = process.communicate(timeout=60)
    assert process.returncode == 1, said + errors
    assert "are as they were" in said and len(said.strip().splitlines()) == 1, said + errors
    assert state_of(target.parent) == before
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


def test_a_read_only_folder_publishes_nothing(publish_build, target, tmp_path):
    publish_build("first")
    before = state_of(target.parent)
    # Root may write anywhere: the process then goes on as somebody else.
    user = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None
    opened = [path for path in (tmp_path, *tmp_path.parents) if path.owner() == "root" and path.parent != path]
    modes = {path: path.stat().st_mode for path in opened}
    for path in opened if user is not None else []:
        path.chmod(modes[path] | 0o055)
    target.parent.chmod(0o555)
    try:
        process = publishing_process(target, "second", tmp_path / "another", user=user)
        said, errors = process.communicate(timeout=60)
    finally:
        target.parent.chmod(0o755)
        for path in opened:
            path.chmod(modes[path])
    assert process.returncode == 1, said + errors
    assert "cannot be written to (permission denied)" in said
    assert state_of(target.parent) == before


def test_publishers_at_once_end_with_one_whole_build(target, tmp_path):
    processes = [publishing_process(target, f"build {number}", tmp_path / f"at-once-{number}") for number in range(4)]
    for process in processes:
        said, errors = process.communicate(timeout=120)
        assert process.returncode == 0, said + errors
    manifest = json.loads((target.parent / "exports" / "manifest.json").read_text())
    assert manifest["build_id"] == build_id_of(target)
    assert manifest["database"]["sha256"] == hashlib.sha256(target.read_bytes()).hexdigest()
    assert sorted(path.name for path in target.parent.iterdir()) == ["exports", "infant_mortality.duckdb"]


def test_killed_publishers_leave_the_published_file_whole(target, tmp_path):
    """The short form of `make test-kill`: six publishers, each killed at another moment of its publishing."""
    first = publishing_process(target, "first", tmp_path / "first")
    said, errors = first.communicate(timeout=60)
    assert first.returncode == 0, said + errors
    for number in range(6):
        process = publishing_process(target, f"build {number}", tmp_path / f"killed-{number}")
        give_up_at = time.monotonic() + 60
        while not any(target.parent.glob(f".*.publishing.{process.pid}")) and process.poll() is None:
            assert time.monotonic() < give_up_at
            time.sleep(0.001)
        time.sleep(0.03 * number)
        process.kill()
        process.communicate()
        manifest = json.loads((target.parent / "exports" / "manifest.json").read_text())
        for name, described in manifest["files"].items():
            content = (target.parent / "exports" / name).read_bytes()
            assert hashlib.sha256(content).hexdigest() == described["sha256"]
        with duckdb.connect(str(target), read_only=True) as reader:
            assert reader.execute("select count(*) from marts.fct_rates").fetchall() == [(2000,)]
    last = publishing_process(target, "last", tmp_path / "last")
    said, errors = last.communicate(timeout=60)
    assert last.returncode == 0, said + errors
    assert build_id_of(target) == "last"
    assert sorted(path.name for path in target.parent.iterdir()) == ["exports", "infant_mortality.duckdb"]
