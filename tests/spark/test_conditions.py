"""A policy's condition means on Spark what it means in DuckDB and in Python, unknown included."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenhand.engines.spark.engine import SparkEngine
from evenhand.engines.sql.database import Database
from tests.oracle.test_conditions import _COLUMN_TYPES, _conditions, _expressions, _rows

ARROW = {"BIGINT": pa.int64(), "DOUBLE": pa.float64(), "BOOLEAN": pa.bool_(), "VARCHAR": pa.string()}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One database for all examples."""
    with SparkEngine(tmp_path_factory.mktemp("conditions"), threads=2, memory_gb=2) as engine:
        yield engine._con


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(texts=st.lists(_expressions, min_size=40, max_size=60), rows=st.lists(_rows, min_size=20, max_size=40))
def test_spark_means_what_duckdb_and_python_mean(
    database: Database, texts: list[str], rows: list[dict[str, object]]
) -> None:
    """Random expressions over random rows with nulls, some hundred at a time, give the same true, false or unknown."""
    conditions = _conditions(texts)
    columns = {name: pa.array([row[name] for row in rows], ARROW[kind]) for name, kind in _COLUMN_TYPES.items()}
    selected = ", ".join(f"{condition.sql} as c{number}" for number, condition in enumerate(conditions))
    query = f"select {selected} from evidence order by n"
    table = pa.table({"n": range(len(rows)), **columns})
    database.register("evidence", table)
    ours = database.execute(query).fetchall()
    with duckdb.connect() as con:
        con.register("evidence", table)
        assert ours == con.execute(query).fetchall()
    assert ours == [tuple(condition.truth(row) for condition in conditions) for row in rows]
