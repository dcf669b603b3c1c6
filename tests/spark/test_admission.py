"""Spark admits what the judge admits, and refuses the rest for the same reasons, whatever the files hold."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from evenhand.engines.spark.engine import SparkEngine
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
