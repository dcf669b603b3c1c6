"""Runs that bind within a day share one cap (R20): whatever broke off and was run again, no more are restricted."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from evenhand import wiring
from evenhand.decisions.ledger import Entry
from evenhand.workflows.propose_measures import propose_measures
from tests.conformance.duty import BEGAN
from tests.conformance.test_duties import market
from tests.markets import low_lines

__all__ = ["market"]
POLICY = low_lines()
"""Its cap is one a run."""


def restricted(name: str, market: Path, scratch: Path, entries: list[Entry], now: datetime | None) -> list[str]:
    """Whom a run restricts."""
    scratch.mkdir()
    with wiring.engine(name, scratch) as engine:
        staged = wiring.source(market, engine).stage(scratch)
        propose_measures(engine, staged, POLICY, entries=entries, now=now)
        return [str(row["account_id"]) for row in engine.measures() if row["measure"] == "limit"]


def proposed(at: datetime, account: str = "somebody else") -> Entry:
    """A restriction that another run proposed."""
    return Entry(account_id=account, procedure="mismatch", step="limit", kind="proposed", at=at)


@pytest.mark.parametrize("engine", ["duckdb", "reference"])
def test_a_day_has_one_cap(engine: str, market: Path, tmp_path: Path) -> None:
    """One an hour ago: nobody now. One two days ago: one now. A study knows of no other run."""
    hour, days = [proposed(BEGAN - timedelta(hours=1))], [proposed(BEGAN - timedelta(days=2))]
    assert restricted(engine, market, tmp_path / "a", hour, BEGAN) == []
    assert len(restricted(engine, market, tmp_path / "b", days, BEGAN)) == 1
    assert len(restricted(engine, market, tmp_path / "c", hour, None)) == 1
