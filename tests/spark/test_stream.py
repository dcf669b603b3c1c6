"""Spark says of the behavioural stream what the reference says, to the bit."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from evenhand.engines.reference.engine import ReferenceEngine
from evenhand.engines.spark.engine import SparkEngine
from evenhand.evidence.circumvention.stream import queue, rule
from tests.markets import START, write_market
from tests.oracle.test_stream import offers_in, review, with_messages
from tests.spark.test_agreement import ALL, NONE, knobs


@pytest.mark.parametrize(("seed", "share"), [(1, ALL), (2, NONE)])
def test_spark_equals_the_reference(seed: int, share: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A market with everything in it, and one with nothing optional; with messages and without."""
    monkeypatch.setattr(rule, "LEAST", 5)
    monkeypatch.setattr(queue, "LINES", ((1, 0.9),))
    tables = with_messages(knobs(seed, share))
    market, offers = write_market(tmp_path / "market", tables), offers_in(tables, seed)
    folders = [tmp_path / name for name in ("spark", "reference")]
    for folder in folders:
        folder.mkdir()
    as_of = START + timedelta(days=430)
    ours = review(SparkEngine(folders[0], threads=2, memory_gb=2), market, folders[0], as_of, offers if share else ())
    judge = review(ReferenceEngine(), market, folders[1], as_of, offers if share else ())
    assert ours == judge
    assert any(row["chats"] for row in judge)
    assert any(row["offered_then_ended"] for row in judge) == bool(share)
