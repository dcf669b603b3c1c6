"""What lies after a time is admitted and counted, by every engine alike (decision M1)."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenhand import wiring
from evenhand.market.schema import TABLES
from evenhand.sources.files import FileSource
from tests.markets import KNOBS, START, Knobs, Tables, random_market, write_market

AS_OF = datetime(2024, 6, 1)
TIMES = ("2024-05-31", "2024-06-01", "2024-06-01T00:00:00.000001")
"""Before, at, and after `AS_OF`: one row of each for every table."""


def every_table() -> Tables:
    """Three rows in each of the twelve tables, one later than `AS_OF`; a fourth proposal is later but refused."""
    tables: dict[str, list[dict[str, object]]] = {}
    for name, table in TABLES.items():
        tables[name] = [
            {
                "account_id": f"a{n}",
                "role": "client",
                **{column.name: f"{column.name[0]}{n}" for column in table.columns if column.type == "identifier"},
                **{column.name: f"a{n}" for column in table.columns if column.references == "accounts"},
                **{column.name: time for column in table.columns if column.type == "time" and column.required},
                "stars": 4,
                "by": "client",
                "amount_usd": 10,
                "text": "hello",
                "kind": "paid_outside" if name == "incidents" else "break",
                "seen_by": "a client",
                "what": "asked to be paid elsewhere",
            }
            for n, time in enumerate(TIMES)
        ]
    tables["proposals"].append({**tables["proposals"][2], "proposal_id": "p3", "account_id": "nobody"})
    return tables


def later(engine: str, market: Tables, as_of: datetime) -> Mapping[str, int]:
    """What an engine counts in a market."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = write_market(Path(scratch) / "market", market)
        with wiring.engine(engine, Path(scratch)) as opened:
            opened.admit(FileSource(folder).stage(Path(scratch)))
            return opened.later(as_of)


ENGINES = [name for name in wiring.ENGINES if name != "spark" or find_spec("pyspark")]
"""Spark is looked at where it is installed: `make test` runs these tests there once more."""


@pytest.mark.parametrize("engine", ENGINES)
def test_only_what_comes_after_is_later(engine: str) -> None:
    """A row at the very moment is not later, a refused row is not counted, and identities have no time of their own."""
    assert later(engine, every_table(), AS_OF) == {name: 1 for name in TABLES if name != "identities"}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(knobs=KNOBS, days=st.integers(-1, 450))
def test_engines_count_alike(knobs: Knobs, days: int) -> None:
    """On random dirty markets at random times both engines count the same."""
    market, as_of = random_market(knobs), START + timedelta(days=days)
    counted, judge = (later(engine, market, as_of) for engine in ("duckdb", "reference"))
    assert counted == judge
