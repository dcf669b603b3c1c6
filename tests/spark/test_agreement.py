"""Spark says of a market what the reference says, to the bit (M5); and what DuckDB says, on a market that ships."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest

from evenhand.conformance.engine import Observation, differences, observe
from evenhand.decisions.ledger import Entry
from evenhand.engines.reference.engine import ReferenceEngine
from evenhand.engines.spark.engine import SparkEngine
from evenhand.ports import Engine
from evenhand.sources.files import FileSource
from tests.markets import START, Knobs, low_lines, random_market, write_market
from tests.oracle.test_engines_agree import written

ALL, NONE = 1.0, 0.0
ASKED = 3
"""Accounts whose units that did not count are compared as well: each is a query of its own."""


def knobs(seed: int, share: float) -> Knobs:
    """A market whose options are each there with the probability `share`."""
    dice = random.Random(seed)  # noqa: S311  a reproducible market, no secret
    drawn = {
        name: dice.random() < share
        for name in ("views", "shortlists", "weights", "agencies", "faults", "late_arrivals", "hidden_wins", "extras")
    }
    return Knobs(seed=seed, accounts=9, jobs=160, span=dice.choice([40, 400]), **drawn)


def entries(seed: int) -> list[Entry]:
    """A ledger of some steps against some of the accounts."""
    dice = random.Random(seed)  # noqa: S311  see above
    return [
        written(
            account=dice.randrange(9),
            step=dice.choice(["advise", "warn", "limit", "pause"]),
            kind=dice.choice(["warned", "imposed", "proposed", "refused", "expired"]),
            day=dice.randint(0, 200),
            delivered_after=dice.choice([None, 0, 3]),
            lasts=dice.choice([None, 20, 60]),
            episode=dice.choice([1, 2]),
            gamma=0.1,
        )
        for _ in range(6)
    ]


def agree(seed: int, share: float, folder: Path) -> None:
    """Same accounts, counts, sums, e-BH set, measures, reasons and quarantine as the reference."""
    market = write_market(folder / "market", random_market(knobs(seed, share)))
    policy = low_lines(**({"evidence_from": "2025-01-20"} if seed % 2 else {}))
    as_of = START + timedelta(days=60 if seed % 3 == 0 else 430)
    staged = FileSource(market).stage(folder)

    def observed(name: str, engine: Engine) -> Observation:
        own = folder / name
        own.mkdir(exist_ok=True)
        return observe(engine, staged, policy, own, as_of=as_of, entries=entries(seed), asked=ASKED)

    judge = observed("reference", ReferenceEngine())
    (folder / "spark").mkdir()
    ours = observed("spark", SparkEngine(folder / "spark", threads=2, memory_gb=2))
    assert differences(ours, judge) == []
    assert judge.evidence


@pytest.mark.parametrize(("seed", "share"), [(1, ALL), (2, NONE), (3, 0.5)])
def test_spark_equals_the_reference(seed: int, share: float, tmp_path: Path) -> None:
    """A market with everything in it, one with nothing optional, and one between them."""
    agree(seed, share, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 130))
def test_spark_equals_the_reference_at_length(seed: int, tmp_path: Path) -> None:
    """Thirty markets more."""
    agree(seed, 0.6, tmp_path)
