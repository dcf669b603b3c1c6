"""What the turned statements mean: DuckDB runs the text as it stands, Spark runs it turned, and both say the same."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import duckdb
import pyarrow as pa
import pytest

from evenhand.engines.spark.database import SparkDatabase
from evenhand.engines.spark.engine import SparkEngine
from evenhand.errors import RunRefused

NUMBERS = [0.0, 0.5, 1.5, 2.5, -2.5, 0.25, 0.125, 1.005, 2.675, 999.95, 9999.5, 12345.0, 1e15, -math.inf, 1e300]
TIMES = ["1990-01-01", "2024-02-29 23:59:59.999999", "2026-01-01 00:00:00.5"]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkDatabase]:
    """A database of its own for all tests of this file."""
    with SparkEngine(tmp_path_factory.mktemp("dialect"), threads=2, memory_gb=2) as engine:
        yield cast(SparkDatabase, engine._con)


def both(database: SparkDatabase, query: str, **tables: pa.Table) -> tuple[list[object], list[object]]:
    """The rows that each engine answers, as text, so that 1 is not 1.0."""
    with duckdb.connect() as con:
        for name, table in tables.items():
            con.register(name, table)
            database.register(name, table)
        return [repr(row) for row in con.execute(query).fetchall()], [
            repr(r) for r in database.execute(query).fetchall()
        ]


@pytest.mark.parametrize(
    "expression",
    [
        "floor(x)",
        "floor(x * 1e9 + 0.5) / 1e9",
        "greatest(x)",
        "greatest(x, 1, null)",
        "least(x, 0.5)",
        "isinf(x)",
        "isfinite(x)",
        "case when isfinite(x) and x >= 0 and x < 1e15 then format('{:.1f} of {}', x, 7) end",
        "case when isfinite(x) and x >= 0 then format('{:.4g}', x) end",
        "coalesce(x, 0)::double / 3",
    ],
)
def test_numbers_mean_the_same(database: SparkDatabase, expression: str) -> None:
    """Rounding, infinities and the forms of a number are the same, ties and the last bit included."""
    dice = random.Random(7)  # noqa: S311  reproducible numbers, no secret
    drawn = [dice.choice([1, 1e-3, 1e6]) * round(dice.random(), dice.choice([2, 3, 17])) for _ in range(300)]
    table = pa.table({"n": range(len(NUMBERS) + 301), "x": pa.array([*NUMBERS, *drawn, None], pa.float64())})
    ours, theirs = both(database, f"select n, {expression} from numbers order by n", numbers=table)
    assert ours == theirs


@pytest.mark.parametrize(
    "expression",
    [
        "epoch(t)",
        "floor(epoch(t) / 2592000)::bigint",
        "t + interval (30) day",
        "t - interval 365 day",
        "t > timestamp '2024-02-29 23:59:59.999998'",
        "min(t) filter (t > timestamp '2000-01-01') over (partition by n % 2)",
    ],
)
def test_times_mean_the_same(database: SparkDatabase, expression: str) -> None:
    """Times are in UTC and keep their microseconds."""
    query = f"select n, {expression} from (select n, s::timestamp as t from times) order by n"
    table = pa.table({"n": range(3), "s": TIMES})
    ours, theirs = both(database, query, times=table)
    assert ours == theirs


@pytest.mark.parametrize(
    "expression",
    [
        "list_filter([s, 'b']::varchar[], lambda name: name is not null)",
        "array_length([s, 'b']) = 2",
        "list_contains(['a', 'c']::varchar[], s)",
        "array_to_string([s, 'x'], ', ')",
        "regexp_full_match(s, '[A-Z]{2}')",
        "strlen(s)",
        "left(s, 1)",
        "s || '|'",
        "coalesce(s in (select 'a' as word), false)",
        "exists (select 1 from texts where s = 'none')",
        "(select list(s order by s) from texts where s is not null)",
    ],
)
def test_texts_and_lists_mean_the_same(database: SparkDatabase, expression: str) -> None:
    """Signs outside ASCII, quotes, a line's end and nulls included."""
    table = pa.table({"n": range(8), "s": ["a", "AB", "AB\n", "é", "", "it's", "back\\slash", None]})
    ours, theirs = both(database, f"select n, {expression} from texts order by n", texts=table)
    assert ours == theirs


def test_ranks_count_over_all_rows(database: SparkDatabase) -> None:
    """Ranges of a parallel sort are numbered on from one to the next, in the order of `row_number` and `dense_rank`."""
    dice = random.Random(3)  # noqa: S311  see above
    keys = dice.sample(range(100_000), 5000)
    table = pa.table({"k": keys, "g": [f"g{key % 700}" if key % 3 else None for key in keys]})
    query = (
        "select (row_number() over (order by g nulls last, k))::integer as nth, "
        "(dense_rank() over (order by coalesce(g, 'k' || k::varchar)))::integer as unit, * from rows"
    )
    database.tables.session.conf.set("spark.sql.shuffle.partitions", "7")
    database.tables.session.createDataFrame(table).repartition(7).createOrReplaceTempView("rows")
    database.execute(f"create or replace temp table ranks as {query}")
    ours = database.execute("select nth, unit, k, g from ranks order by nth").fetchall()
    with duckdb.connect() as con:
        con.register("rows", table)
        assert ours == con.execute(f"select nth, unit, k, g from ({query}) order by nth").fetchall()


@pytest.mark.parametrize(
    "query", ["select list(n order by m) from (select 1 as n, 2 as m)", "update evidence set wins = 0"]
)
def test_what_spark_cannot_say_is_refused(database: SparkDatabase, query: str) -> None:
    """A list in a stated order, which sqlglot would turn into one without, is not turned at all; nor is an update."""
    with pytest.raises(RunRefused, match="Spark has no word"):
        database.execute(query)


def test_a_sum_that_overflows_fails(database: SparkDatabase) -> None:
    """Integer sums are exact or they fail; none wraps round."""
    from pyspark.errors import ArithmeticException

    with pytest.raises(ArithmeticException):
        database.execute("select sum(n) from (select unnest([9223372036854775807, 1]) as n)").fetchall()


def test_a_table_outlives_what_it_was_made_of(database: SparkDatabase, tmp_path: Path) -> None:
    """Tables grow by insertion, and the file that is written holds their rows in the order asked for."""
    import pyarrow.parquet as pq

    database.execute("create schema if not exists s; create table s.t(x integer, y varchar)")
    database.execute("insert into s.t select 2, 'b'; insert into s.t select x + 1, 'c' from s.t")
    database.copy("select * exclude (y) from s.t order by y desc", tmp_path / "t.parquet")
    assert pq.read_table(tmp_path / "t.parquet").to_pydict() == {"x": [3, 2]}
