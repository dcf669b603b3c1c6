"""Made-up marketplaces looked at day after day: when a guard fires, and who was acted on before it did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import duckdb

from evenhand.decisions.ledger import fold
from evenhand.engines.duckdb.engine import DuckDBEngine
from evenhand.lab.simulate import Scenario, World
from evenhand.policy.load import load
from evenhand.sources.files import FileSource
from evenhand.workflows.propose_measures import _question
from tests.long.judged import POLICY
from tests.oracle.simulated import make

UNLIMITED: Final = 10**9
"""A cap that cuts nobody, so that only guards, exemptions and the ladder hold anyone back."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """One day's run; `day` 0 is the first on which anything is settled.

    Of the members of one country: how many are `warned` (a warning or more is proposed), how many the evidence
    `limits`, and how many of either are `innocent`: odds of half or more, were it not for where they come from.
    """

    day: int
    groups: int
    held: tuple[str, ...]
    warned: int
    limits: int
    innocent: int


def watch(
    scenario: Scenario, folder: Path, country: str, days: Sequence[int], *, accounts: int, months: int, seed: int
) -> Iterator[Look]:
    """Let the product look at one world on each of `days`."""
    made = make(folder / "market", scenario, accounts=accounts, months=months, seed=seed)
    truth = (made.folder / "truth.parquet").rename(folder / "truth.parquet")
    opened = World(seed=seed, accounts=accounts, months=months, scenario=scenario).moments()[0]
    scratch = folder / "scratch"
    scratch.mkdir()
    policy = load(POLICY)
    with DuckDBEngine(scratch, threads=2, memory_gb=2) as engine:
        engine.admit(FileSource(made.folder).stage(scratch))
        for day in days:
            as_of = datetime.fromtimestamp(opened, UTC).replace(tzinfo=None) + timedelta(days=30 + day)
            measured = engine.measure(_question(policy, fold([], policy, as_of), as_of))
            engine.decide(policy, {}, (), cap=UNLIMITED, withheld=False)
            engine.write_evidence(folder / "evidence.parquet")
            warned, limits, innocent = _members(folder / "evidence.parquet", truth, country)
            held = tuple(group.name for group in measured.guards if group.held)
            groups = len(measured.guards)
            yield Look(day=day, groups=groups, held=held, warned=warned, limits=limits, innocent=innocent)


def _members(evidence: Path, truth: Path, country: str) -> tuple[int, int, int]:
    warned = "measure in ('warn', 'limit', 'pause')"
    limits = "reaches in ('limit', 'pause')"
    innocent = "theta >= 0.5 and coalesce(theta_after, 1) >= 0.5"
    with duckdb.connect() as con:
        (found,) = con.execute(
            f"select count(*) filter ({warned}), count(*) filter ({limits}),"
            f" count(*) filter (({warned} or {limits}) and {innocent})"
            f" from '{evidence}' join '{truth}' using (account_id) where country = '{country}'"
        ).fetchall()
    return found
