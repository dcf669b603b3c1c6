"""Two groups counted by hand: their evidence, and for whom a guard speaks once each member is left out."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from evenhand.conformance.engine import observe
from evenhand.engines.duckdb.engine import DuckDBEngine
from evenhand.engines.reference.engine import ReferenceEngine
from evenhand.evidence.activity.guards.rule import Guards
from evenhand.ports import Engine
from evenhand.sources.files import FileSource
from tests.markets import START, Tables, day, low_lines, write_market

BELOW = (0, 0.01, 0.02, 0.035, 0.05, 0.07, 0.1, 0.14, 0.2, 0.28, 0.35, 0.5, 0.7)
"""The thirteen points of the grid below 0.8."""


def market() -> Tables:
    """Two jobs of two clients, the same four proposals on each: `b` is hired on the first, `a` on the second.

    `a` and `x` are from PK, `b` and `c` from ES. A third job with two hires is no contest between groups.
    """
    countries = {"a": "PK", "x": "PK", "b": "ES", "c": "ES", "k1": None, "k2": None, "k3": None}
    hires = [("j1", "b"), ("j2", "a"), ("j3", "a"), ("j3", "b")]
    jobs = {"j1": ("k1", 0), "j2": ("k2", 5), "j3": ("k3", 9)}
    return {
        "accounts": [
            {
                "account_id": name,
                "role": "client" if name.startswith("k") else "freelancer",
                "registered_at": day(-900),
                "country": country,
            }
            for name, country in countries.items()
        ],
        "jobs": [
            {"job_id": j, "client_id": k, "posted_at": day(on), "closed_at": day(on + 10), "outcome": "hired"}
            for j, (k, on) in jobs.items()
        ],
        "proposals": [
            {"proposal_id": f"{j}{name}", "job_id": j, "account_id": name, "submitted_at": day(on + 1)}
            for j, (_, on) in jobs.items()
            for name in "axbc"
        ],
        "contracts": [
            {
                "contract_id": f"{j}{name}",
                "job_id": j,
                "client_id": jobs[j][0],
                "account_id": name,
                "started_at": day(jobs[j][1] + 5),
            }
            for j, name in hires
        ],
    }


@pytest.fixture(params=["duckdb", "reference"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    """Each engine in turn."""
    return DuckDBEngine(tmp_path, threads=1, memory_gb=1) if request.param == "duckdb" else ReferenceEngine()


def test_groups_and_their_members(engine: Engine, tmp_path: Path) -> None:
    """Each group has even odds on both jobs and wins one. Without its winner it is one loser at odds of 1 to 3, twice.

    That is evidence enough for a line of 1.2 against the winners' own group, while nobody else's group is held.
    """
    guards = Guards(attributes=("country",), least_others=1, line=1.2, suspect=1e-9)
    staged = FileSource(write_market(tmp_path / "market", market())).stage(tmp_path)
    as_of = START.replace(year=2026)
    observed = observe(engine, staged, replace(low_lines(), guards=guards), tmp_path, as_of=as_of)
    one_win = math.fsum(t / 0.8 * (1.8 / (1 + t)) ** 2 for t in BELOW) / 13
    two_losses = math.fsum(((1 + 0.8 / 3) / (1 + t / 3)) ** 2 for t in BELOW) / 13
    assert one_win < 1.2 < two_losses
    for group, name in zip(observed.measured.guards, ("country=ES", "country=PK"), strict=True):
        assert (group.name, group.members, group.jobs, group.won, group.expected) == (name, 2, 2, 1, 1.0)
        assert (group.odds_ratio, group.held, group.disadvantaged) == (1.0, False, False)
        assert math.exp(group.log_e) == pytest.approx(one_win, abs=1e-8)
    held = {str(row["account_id"]): row["held_groups"] for row in observed.evidence if row["group_held"]}
    assert held == {"a": ["country=PK"], "b": ["country=ES"]}
    blocked = {str(row["account_id"]): row["blocked_by"] for row in observed.evidence}
    assert "held" not in (blocked["x"], blocked["c"])
