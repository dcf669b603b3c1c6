"""Spark admits what the judge admits, and refuses the rest for the same reasons, whatever the files hold."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from evenhand.engines.spark.engine import SparkEngine
from evenhand.errors import RunRefused
from tests.oracle.test_admission import agree, draw_market


def admitted_alike(seed: int, dirt: float) -> None:
    """Raises AssertionError where the two differ on a drawn market."""
    with TemporaryDirectory() as market, TemporaryDirectory() as scratch:
        draw_market(seed, Path(market), dirt)
        with SparkEngine(Path(scratch), threads=2, memory_gb=2) as engine:
            agree(engine._con, Path(market), Path(scratch))


@pytest.mark.parametrize(("seed", "dirt"), [(1, 0.5), (2, 0.15), (11, 0.15)])
def test_spark_admits_what_the_reference_admits(seed: int, dirt: float) -> None:
    """Dirty markets of all forms of file: Parquet of many types, CSV, JSON Lines, folders of both."""
    admitted_alike(seed, dirt)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 140))
def test_spark_admits_what_the_reference_admits_at_length(seed: int) -> None:
    """Forty markets more."""
    admitted_alike(seed, (0.03, 0.15, 0.5)[seed % 3])


def test_files_of_one_table_may_differ_in_type(tmp_path: Path) -> None:
    """Identifiers are 32 bits wide in one file, 64 in another and text in a third; the path has a space."""
    market, scratch = tmp_path / "the market", tmp_path / "the scratch"
    market.mkdir()
    draw_market(5, market, 0.0)
    for old in market.glob("accounts*"):
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    (market / "accounts").mkdir()
    scratch.mkdir()
    since = [datetime(2024, 1, 1)] * 2
    for number, ids in enumerate((pa.array([1, 2], pa.int32()), pa.array([3, 2**40]), pa.array(["a0", "a1"]))):
        columns = {"account_id": ids, "role": ["client"] * 2, "registered_at": since}
        pq.write_table(pa.table(columns), market / "accounts" / f"{number}.parquet")
    with SparkEngine(scratch, threads=2, memory_gb=2) as engine:
        agree(engine._con, market, scratch)
        assert engine._con.execute("select count(*) from market.accounts").fetchall() == [(6,)]


def test_a_path_that_spark_would_read_as_a_pattern_is_refused(tmp_path: Path) -> None:
    """The folder of the results may not hold such a sign."""
    with pytest.raises(RunRefused, match="as a pattern"):
        SparkEngine(tmp_path / "out[1]", threads=2, memory_gb=2)
