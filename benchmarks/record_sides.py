"""What a user would write instead of the models in models/records: the sides that benchmarks/records.py times.

    python benchmarks/record_sides.py SIDE FOLDER ANSWER
    python benchmarks/record_sides.py project DATABASE ANSWER

Each reads the Parquet files of a folder of births and the codes in areas.parquet beside it, and writes one answer of
the same form: counts by area, year and item, the number of rejected records, and for each file the number and the sum
of the places of its first 1,000 rejected ones. `project` reads them from a database in which this project has built
models/records.
"""

import os
import subprocess
import sys
from pathlib import Path

import duckdb

sys.path.append(str(Path(__file__).resolve().parents[1]))

from tests.postgres_server import BINARIES as POSTGRES
from tests.postgres_server import DATABASE, running_server

LISTED = 1000
LATEST = "2026-01-01"
LIMITS = {"threads": 2, "memory_limit": os.environ.get("INFANT_MORTALITY_MEMORY", "2GB")}
ITEMS = (
    "('live_births', 'stillbirths', 'infant_deaths', 'neonatal_deaths', 'early_neonatal_deaths', 'postneonatal_deaths')"
)

# What a careful user of DuckDB would write: one pass for the counts, one over the rejected, ids by a hash join.
JUDGED = f"""
    select
        filename, file_row_number, birth_id, area_code, year(birth_date) as birth_year, year(death_date) as death_year,
        birth_id is null
            or birth_date is null or birth_date not between date '1900-01-01' and date '{LATEST}'
            or coalesce(death_date > date '{LATEST}' or death_date < birth_date, false)
            or (birth_type = 'still' and (death_date is not null or coalesce(gestation_weeks < 24, false)))
            or coalesce(gestation_weeks not between 20 and 45, false)
            or coalesce(birth_type not in ('live', 'still'), true)
            or area_code is null or area_code not in (select area_code from areas) as is_rejected,
        case
            when birth_type = 'still' then 'stillbirth'
            when death_date is null then 'alive'
            when death_date - birth_date <= 6 then 'early'
            when death_date - birth_date <= 27 then 'late'
            when death_date < birth_date + interval 1 year
                or (
                    month(birth_date) = 2 and day(birth_date) = 29
                    and death_date = last_day(birth_date + interval 1 year)
                )
                then 'post'
            else 'alive'
        end as outcome
    from births
"""


def by_project(database: Path, answer: Path) -> None:
    """What this project has counted."""
    with duckdb.connect(str(database), read_only=True, config=LIMITS) as connection:
        connection.execute(
            "create temp table counts as select area_code, data_year as year, item, count_value as count "
            "from records.int_record_figures where count_value > 0"
        )
        connection.execute(
            "create temp table rejected as select sum(rows_rejected) as records from records.int_record_files_counted"
        )
        connection.execute(
            "create temp table listed as select source_file as filename, source_line - 1 as file_row_number "
            "from records.int_rejected_records where source_line > 0"
        )
        write_answer(connection, answer)


def by_duckdb(folder: Path, answer: Path, unique: bool) -> None:
    """Hand-written DuckDB."""
    with duckdb.connect(str(answer.with_suffix(".duckdb")), config=LIMITS) as connection:
        connection.execute(f"create table areas as from '{folder.parent / 'areas.parquet'}'")
        connection.execute(
            "create view births as select * from read_parquet("
            f"'{folder}/*.parquet', filename = true, file_row_number = true)"
        )
        connection.execute(f"create view judged as {JUDGED}")
        nothing = "select null as filename, null as file_row_number, null as is_rejected limit 0"
        doubles = """
            select * from (
                select *, row_number() over (partition by birth_id order by filename, file_row_number) as place
                from judged
                where birth_id in (select birth_id from births group by birth_id having count(*) > 1)
            ) where place > 1
        """
        connection.execute(f"create table doubles as {nothing if unique else doubles}")
        connection.execute(
            "create table grouped as select filename, is_rejected, "
            + ", ".join(
                f"case when not is_rejected then {column} end as {column}"
                for column in ("area_code", "birth_year", "outcome")
            )
            + ", case when not is_rejected and outcome <> 'alive' then death_year end as death_year, "
            "count(*) as records from judged group by all"
        )
        taken_off = (
            ""
            if unique
            else (
                " union all select area_code, birth_year, outcome, case when outcome <> 'alive' then death_year end, "
                "-1 from doubles where not is_rejected"
            )
        )
        connection.execute(
            f"""
            create table counts as
            select area_code, year, item, sum(records) as count from (
                select area_code, unnest(case outcome
                    when 'stillbirth' then [(birth_year, 'stillbirths')]
                    when 'alive' then [(birth_year, 'live_births')]
                    when 'early' then [(birth_year, 'live_births'), (death_year, 'infant_deaths'),
                        (death_year, 'neonatal_deaths'), (death_year, 'early_neonatal_deaths')]
                    when 'late' then [(birth_year, 'live_births'), (death_year, 'infant_deaths'),
                        (death_year, 'neonatal_deaths')]
                    else [(birth_year, 'live_births'), (death_year, 'infant_deaths'),
                        (death_year, 'postneonatal_deaths')]
                end) as counted, counted[1] as year, counted[2] as item, records
                from (select area_code, birth_year, outcome, death_year, records from grouped where not is_rejected
                    {taken_off})
            ) group by all having sum(records) > 0
            """
        )
        also_doubles = "" if unique else " union select filename, file_row_number from doubles"
        connection.execute(
            f"""
            create table listed as
            select filename, file_row_number from (
                select filename, file_row_number,
                    row_number() over (partition by filename order by file_row_number) as place
                from (select filename, file_row_number from judged where is_rejected{also_doubles})
            ) where place <= {LISTED}
            """
        )
        more = "" if unique else " + (select count(*) from doubles where not is_rejected)"
        connection.execute(
            f"create table rejected as select sum(records){more} as records from grouped where is_rejected"
        )
        write_answer(connection, answer)


def write_answer(connection: duckdb.DuckDBPyConnection, answer: Path) -> None:
    """Write counts, number of rejected records and the list of the first of each file, in one form for all sides."""
    connection.execute(
        f"""
        copy (
            select area_code, cast(year as integer) as year, item, cast(count as bigint) as count from counts
            -- Deaths in a year of which no birth is known make no count.
            where year in (select year from counts where item = 'live_births') and item in {ITEMS}
            union all select '', 0, 'rejected', cast(records as bigint) from rejected
            union all
            select parse_filename(filename), 0, 'listed ' || count(*) || ' ' || sum(file_row_number), 0
            from listed group by filename
            order by all
        ) to '{answer}' (format parquet)
        """
    )


def by_polars(folder: Path, answer: Path) -> None:
    """Polars, lazily and with its streaming engine."""
    import polars as pl

    areas = pl.read_parquet(folder.parent / "areas.parquet")["area_code"]
    births = pl.scan_parquet(
        folder / "*.parquet", include_file_paths="filename", row_index_name="row", glob=True
    ).with_columns(
        area_code=pl.col("area_code").cast(pl.String),
        birth_type=pl.col("birth_type").cast(pl.String),
    )
    birth, death = pl.col("birth_date"), pl.col("death_date")
    latest = pl.date(*map(int, LATEST.split("-")))
    still = pl.col("birth_type") == "still"
    days = (death - birth).dt.total_days()
    on_day = death.dt.year() * 10000 + death.dt.month().cast(pl.Int32) * 100 + death.dt.day()
    first_birthday = birth.dt.year() * 10000 + birth.dt.month().cast(pl.Int32) * 100 + birth.dt.day() + 10000
    judged = births.with_columns(
        is_rejected=pl.col("birth_id").is_null()
        | ~birth.is_between(pl.date(1900, 1, 1), latest).fill_null(False)
        | (death > latest).fill_null(False)
        | (death < birth).fill_null(False)
        | (still & (death.is_not_null() | (pl.col("gestation_weeks") < 24).fill_null(False)))
        | ~pl.col("gestation_weeks").is_between(20, 45).fill_null(True)
        | ~pl.col("birth_type").is_in(["live", "still"]).fill_null(False)
        | ~pl.col("area_code").is_in(areas.implode()).fill_null(False),
        outcome=pl.when(still)
        .then(pl.lit("stillbirth"))
        .when(death.is_null())
        .then(pl.lit("alive"))
        .when(days <= 6)
        .then(pl.lit("early"))
        .when(days <= 27)
        .then(pl.lit("late"))
        .when(on_day < first_birthday)
        .then(pl.lit("post"))
        .otherwise(pl.lit("alive")),
        birth_year=birth.dt.year(),
        death_year=death.dt.year(),
    )
    repeated = (
        births.group_by("birth_id").len().filter(pl.col("len") > 1).select("birth_id").collect(engine="streaming")
    )
    suspected = judged.join(repeated.lazy(), on="birth_id", how="semi").collect(engine="streaming")
    doubles = suspected.sort("filename", "row").filter(pl.int_range(pl.len()).over("birth_id") > 0)
    kept = [
        pl.when(~pl.col("is_rejected")).then(pl.col(name)).alias(name)
        for name in ("area_code", "birth_year", "outcome")
    ]
    by = ["is_rejected", "area_code", "birth_year", "outcome", "death_year"]
    dying = (
        pl.when(~pl.col("is_rejected") & (pl.col("outcome") != "alive")).then(pl.col("death_year")).alias("death_year")
    )
    grouped = judged.select("is_rejected", *kept, dying).group_by(by).len("records").collect(engine="streaming")
    taken_off = (
        doubles.filter(~pl.col("is_rejected"))
        .select("is_rejected", *kept, dying)
        .with_columns(records=pl.lit(-1, pl.Int64))
    )
    used = pl.concat([grouped.filter(~pl.col("is_rejected")).with_columns(pl.col("records").cast(pl.Int64)), taken_off])
    rejected = (
        pl.concat(
            [
                judged.filter("is_rejected").select("filename", "row").collect(engine="streaming"),
                doubles.select("filename", "row"),
            ]
        )
        .unique()
        .sort("filename", "row")
    )
    # Polars numbers the rows of all files together.
    first_rows = births.group_by("filename").agg(pl.col("row").min().alias("first")).collect(engine="streaming")
    listed = rejected.group_by("filename", maintain_order=True).head(LISTED).join(first_rows, on="filename")
    answer_from_groups(
        used, rejected.height, listed.with_columns(file_row_number=pl.col("row") - pl.col("first")), answer
    )


def by_pandas(folder: Path, answer: Path) -> None:
    """Pandas, all records in memory."""
    import pandas as pd

    areas = set(pd.read_parquet(folder.parent / "areas.parquet")["area_code"])
    births = pd.concat(
        [
            pd.read_parquet(path).assign(filename=path.name, row=lambda frame: range(len(frame)))
            for path in sorted(folder.glob("*.parquet"))
        ],
        ignore_index=True,
    )
    birth = pd.to_datetime(births["birth_date"], errors="coerce")
    death = pd.to_datetime(births["death_date"], errors="coerce")
    still = births["birth_type"] == "still"
    weeks = births["gestation_weeks"]
    births["is_rejected"] = (
        births["birth_id"].isna()
        | ~birth.between("1900-01-01", LATEST)
        | (death > LATEST)
        | (death < birth)
        | (still & (death.notna() | (weeks < 24)))
        | ~(weeks.between(20, 45) | weeks.isna())
        | ~births["birth_type"].isin(["live", "still"])
        | ~births["area_code"].isin(areas)
    )
    days = (death - birth).dt.days
    on_day = death.dt.year * 10000 + death.dt.month * 100 + death.dt.day
    first_birthday = birth.dt.year * 10000 + birth.dt.month * 100 + birth.dt.day + 10000
    births["outcome"] = "alive"
    births.loc[on_day < first_birthday, "outcome"] = "post"
    births.loc[days <= 27, "outcome"] = "late"
    births.loc[days <= 6, "outcome"] = "early"
    births.loc[still, "outcome"] = "stillbirth"
    births["birth_year"], births["death_year"] = birth.dt.year, death.dt.year.where(births["outcome"] != "alive")
    # The files come in the order of their names, and the records in theirs.
    births["is_double"] = births["birth_id"].duplicated() & births["birth_id"].notna()
    used = births[~births["is_rejected"] & ~births["is_double"]]
    grouped = (
        used.groupby(["area_code", "birth_year", "outcome", "death_year"], observed=True, dropna=False)
        .size()
        .reset_index(name="records")
    )
    rejected = births.loc[births["is_rejected"] | births["is_double"], ["filename", "row"]]
    listed = rejected.groupby("filename").head(LISTED).rename(columns={"row": "file_row_number"})
    grouped["area_code"] = grouped["area_code"].astype(str)
    answer_from_groups(grouped, len(rejected), listed, answer)


def answer_from_groups(used, rejected: int, listed, answer: Path) -> None:
    """Counts by item from records by outcome, in DuckDB: a small table by then."""
    with duckdb.connect() as connection:
        connection.register("used", used)
        connection.register("listed_rows", listed)
        connection.execute("create table listed as select filename, file_row_number from listed_rows")
        connection.execute(f"create table rejected as select {rejected} as records")
        connection.execute(
            """
            create table items as from (values
                ('stillbirth', 'stillbirths', false), ('alive', 'live_births', false),
                ('early', 'live_births', false), ('early', 'infant_deaths', true), ('early', 'neonatal_deaths', true),
                ('early', 'early_neonatal_deaths', true), ('late', 'live_births', false),
                ('late', 'infant_deaths', true), ('late', 'neonatal_deaths', true), ('post', 'live_births', false),
                ('post', 'infant_deaths', true), ('post', 'postneonatal_deaths', true)
            ) as items (outcome, item, by_death)
            """
        )
        connection.execute(
            """
            create table counts as
            select area_code, case when by_death then death_year else birth_year end as year, item,
                sum(records) as count
            from used inner join items using (outcome) group by all having sum(records) > 0
            """
        )
        write_answer(connection, answer)


def by_postgres(folder: Path, answer: Path) -> None:
    """PostgreSQL 15: records copied into a table as text, then SQL; its server is started within the time."""
    with running_server() as server:

        def psql(*arguments: str, text: str = "") -> str:
            environment = {**os.environ, "PGPASSWORD": server["INFANT_MORTALITY_PG_PASSWORD"]}
            command = [POSTGRES / "psql", "-h", "127.0.0.1", "-p", server["INFANT_MORTALITY_PG_PORT"], "-U", "postgres"]
            done = subprocess.run(
                [*command, "-d", DATABASE, "-v", "ON_ERROR_STOP=1", "-q", "-t", "-A", "-F", ",", *arguments],
                input=text,
                capture_output=True,
                text=True,
                env=environment,
            )
            assert done.returncode == 0, done.stderr
            return done.stdout

        text = answer.with_suffix(".csv")
        with duckdb.connect() as connection:
            connection.execute(
                f"copy (select parse_filename(filename), file_row_number, birth_id, birth_date, area_code, birth_type, "
                f"gestation_weeks, death_date from read_parquet('{folder}/*.parquet', filename = true, "
                f"file_row_number = true)) to '{text}' (header false)"
            )
            codes = connection.execute(f"select area_code from '{folder.parent / 'areas.parquet'}'").fetchall()
        psql(
            text="create unlogged table births (filename text, file_row_number bigint, birth_id bigint, "
            "birth_date date, area_code text, birth_type text, gestation_weeks integer, death_date date);\n"
            f"\\copy births from '{text}' csv\n"
            "create table areas (area_code text primary key);\n"
            "copy areas from stdin;\n"
            + "\n".join(code for (code,) in codes)
            + "\n\\.\nanalyze births; analyze areas;\n"
        )
        judged = (
            JUDGED.replace("year(birth_date)", "extract(year from birth_date)::int")
            .replace("year(death_date)", "extract(year from death_date)::int")
            .replace("month(birth_date)", "extract(month from birth_date)")
            .replace("day(birth_date)", "extract(day from birth_date)")
            .replace("last_day(birth_date + interval 1 year)", "(birth_date + interval '1 year')::date")
            .replace("interval 1 year", "interval '1 year'")
        )
        result = psql(
            text=f"""
            set work_mem = '256MB';
            create unlogged table judged as
            select *, birth_id is not null
                and row_number() over (partition by birth_id order by filename, file_row_number) > 1 as is_double
            from ({judged}) as records;
            select area_code, birth_year, outcome, case when outcome <> 'alive' then death_year end, count(*)
            from judged where not is_rejected and not is_double group by 1, 2, 3, 4;
            select 'rejected', filename, file_row_number, records from (
                select filename, file_row_number, count(*) over () as records,
                    row_number() over (partition by filename order by file_row_number) as place
                from judged where is_rejected or is_double
            ) as rejected where place <= {LISTED};
            """
        )
    import pandas as pd

    lines = [line.split(",") for line in result.splitlines()]
    listed = [line for line in lines if line[0] == "rejected"]
    grouped = [line for line in lines if line[0] != "rejected"]
    used = pd.DataFrame(grouped, columns=["area_code", "birth_year", "outcome", "death_year", "records"])
    for column in ("birth_year", "death_year", "records"):
        used[column] = pd.to_numeric(used[column])
    rows = pd.DataFrame([line[1:3] for line in listed], columns=["filename", "file_row_number"])
    rows["file_row_number"] = pd.to_numeric(rows["file_row_number"])
    answer_from_groups(used, int(listed[0][3]), rows, answer)


def main() -> None:
    """Run the side that the command line names."""
    side, folder, answer = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    if side.startswith("duckdb"):
        by_duckdb(folder, answer, unique=side.endswith("unique"))
    else:
        {"project": by_project, "polars": by_polars, "pandas": by_pandas, "postgres": by_postgres}[side](folder, answer)


if __name__ == "__main__":
    main()
