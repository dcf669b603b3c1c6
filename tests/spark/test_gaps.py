"""What Spark does otherwise is declared, with a reason; a gap that closes fails the build until it is struck out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from evenhand.engines.duckdb.engine import DuckDBEngine
from evenhand.engines.spark.engine import SparkEngine
from evenhand.engines.spark.gaps import GAPS
from evenhand.errors import RunRefused
from evenhand.sources.files import FileSource
from tests.house.checkout import ROOT

OLD = datetime(1980, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Mapping[str, Any]]:
    """What each engine makes of three accounts: one too old in a zoned column, one whose country is a float."""
    folder = tmp_path_factory.mktemp("market")
    accounts = {
        "account_id": ["a1", "a2"],
        "role": ["client", "client"],
        "registered_at": pa.array([OLD, datetime(2024, 1, 1, tzinfo=UTC)], pa.timestamp("us", tz="UTC")),
        "country": [1e20, 1e20],
    }
    pq.write_table(pa.table(accounts), folder / "accounts.parquet")
    (folder / "jobs.csv").write_text("job_id,client_id,posted_at\n")
    (folder / "proposals.csv").write_text("proposal_id,job_id,account_id,submitted_at\n")
    (folder / "contracts.csv").write_text("contract_id,account_id,client_id,started_at\n")
    found = {}
    for name in ("spark", "duckdb"):
        own = tmp_path_factory.mktemp(name)
        engine = (SparkEngine if name == "spark" else DuckDBEngine)(own, threads=2, memory_gb=2)
        with engine as opened:
            opened.admit(FileSource(folder).stage(own))
            found[name] = {
                "value_of_typed_cells": opened._con.execute("select value from market.quarantine").fetchall(),
                "floats_as_text": opened._con.execute("select country from market.accounts").fetchall(),
            }
    return found


@pytest.mark.parametrize(
    "gap",
    [
        pytest.param(name, marks=pytest.mark.xfail(strict=True, reason=GAPS[name]))
        for name in ("value_of_typed_cells", "floats_as_text")
    ],
)
def test_a_gap_is_still_there(gap: str, seen: Mapping[str, Mapping[str, Any]]) -> None:
    """Spark says the same as DuckDB, which it does not; that rows of tables have no lines needs no test."""
    assert seen["spark"][gap] == seen["duckdb"][gap]


def test_what_needs_rows_in_order_is_refused(tmp_path: Path) -> None:
    """Whoever asks Spark for rows in order is told what to do instead."""
    with SparkEngine(tmp_path, threads=2, memory_gb=2) as opened, pytest.raises(RunRefused, match="no rows in order"):
        opened._con.batches("select 1")


def test_the_page_lists_every_gap() -> None:
    """`docs/spark.md` tells the gaps in the words of the table."""
    page = " ".join((ROOT / "docs" / "spark.md").read_text().split())
    assert not [name for name, reason in GAPS.items() if reason not in page]
