"""What an answer may depend on: the rows that `as_of` sees, and nothing else (DATA.md "Time travel"; M5)."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenhand.conformance.engine import Observation, observe
from evenhand.engines.duckdb.engine import DuckDBEngine
from evenhand.sources.files import FileSource
from tests.markets import KNOBS, START, Knobs, Tables, low_lines, random_market, write_market

OWN_TIME = {
    "accounts": "registered_at",
    "jobs": "posted_at",
    "proposals": "submitted_at",
    "contracts": "started_at",
    "payments": "paid_at",
    "breaks": "from",
}
"""The column with which a row of a table comes into being."""

ENDS = {"closed_at": ("outcome",), "ended_at": ("outcome",)}
"""Columns that become known with another one."""


def cut(tables: Tables, at: datetime) -> Tables:
    """The market as it stood at a time: later rows gone, later values null."""
    limit = at.isoformat()
    return {
        name: [_cut(row, limit) for row in rows if _begun(row[OWN_TIME[name]], limit)] for name, rows in tables.items()
    }


def _begun(time: object, limit: str) -> bool:
    """Whether a row has come into being; one whose time cannot be read has."""
    return not str(time).startswith("20") or str(time) <= limit


def _cut(row: Mapping[str, object], limit: str) -> dict[str, object]:
    known = dict(row)
    for name, value in row.items():
        if (name.endswith("_at") or name == "until") and not _begun(value, limit):
            known[name] = None
            known |= dict.fromkeys(ENDS.get(name, ()))
    return known


def seen(tables: Tables, at: datetime, *, threads: int = 1) -> Observation:
    """What DuckDB says of a market at a time."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        market = FileSource(write_market(folder / "market", tables)).stage(folder)
        return observe(DuckDBEngine(folder, threads=threads, memory_gb=1), market, low_lines(), folder, as_of=at)


SLOW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)


@SLOW
@given(knobs=KNOBS, day=st.integers(0, 420))
def test_a_market_cut_at_a_time_is_the_market_as_of_it(knobs: Knobs, day: int) -> None:
    """Evaluating the market cut off at T equals evaluating all of it as of T."""
    tables, at = random_market(replace(knobs, jobs=min(knobs.jobs, 40))), START + timedelta(days=day)
    whole, short = seen(tables, at), seen(cut(tables, at), at)
    assert (whole.evidence, whole.counted, whole.measures) == (short.evidence, short.counted, short.measures)
    assert whole.measured == short.measured


@SLOW
@given(knobs=KNOBS, seed=st.integers(0, 1000))
def test_order_of_rows_and_threads_do_not_matter(knobs: Knobs, seed: int) -> None:
    """Shuffled input and another number of threads give the same answer to the bit, and nothing is lost."""
    tables, at = random_market(replace(knobs, jobs=min(knobs.jobs, 40))), START + timedelta(days=430)
    dice = random.Random(seed)  # noqa: S311  a reproducible order, no secret
    shuffled = {name: dice.sample(rows, len(rows)) for name, rows in tables.items()}
    first, second = seen(tables, at), seen(shuffled, at, threads=2)
    assert (first.evidence, first.counted, first.measures) == (second.evidence, second.counted, second.measures)
    for name, count in second.admission.tables.items():
        assert (count.read, count.admitted + count.quarantined) == (len(tables.get(name, ())), count.read)


@pytest.mark.parametrize("threads", [1, 2])
def test_a_replay_gives_the_same_bytes(threads: int, tmp_path: Path) -> None:
    """The same market, policy and time give the same files, byte for byte."""
    knobs = Knobs(seed=7, accounts=8, jobs=160, hidden_wins=False, views=True, shortlists=True, weights=False,
                  agencies=True, faults=True, late_arrivals=True, extras=True, span=40)  # fmt: skip
    market = write_market(tmp_path / "market", random_market(knobs))
    files = []
    for run in ("one", "two"):
        folder = tmp_path / run
        folder.mkdir()
        engine = DuckDBEngine(folder, threads=threads, memory_gb=1)
        observe(engine, FileSource(market).stage(folder), low_lines(), folder, as_of=START + timedelta(days=430))
        files.append(
            {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in (".parquet", ".jsonl")}
        )
    assert files[0] == files[1]
