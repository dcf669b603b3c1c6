"""Made-up markets for the tests that ask whether the simulator keeps its word."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from evenhand.lab.simulate import Scenario, Shape, World, load_scenario, simulate
from evenhand.lab.simulate.course import JOBS_AT_ONCE


@dataclass(frozen=True, kw_only=True)
class Made:
    """One made-up market in `folder`."""

    folder: Path
    shape: Shape

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of a query that names the tables, and `truth`, as if they were relations."""
        with duckdb.connect() as con:
            for path in self.folder.iterdir():
                files = path / "*.parquet" if path.is_dir() else path
                con.execute(f"create view {path.stem} as from read_parquet('{files}')")
            return con.execute(query).fetchall()

    def one(self, query: str) -> tuple[Any, ...]:
        """The only row of a query."""
        (row,) = self.ask(query)
        return row


def make(
    folder: Path,
    scenario: Scenario | str = "base",
    *,
    accounts: int,
    months: int,
    seed: int = 1,
    threads: int = 2,
    jobs_at_once: int = JOBS_AT_ONCE,
) -> Made:
    """Make up a market in a new folder."""
    folder.mkdir(parents=True)
    chosen = load_scenario(scenario) if isinstance(scenario, str) else scenario
    world = World(seed=seed, accounts=accounts, months=months, scenario=chosen)
    scratch = folder.with_name(f"{folder.name}.scratch")
    shape = simulate(world, folder, scratch, threads=threads, memory_gb=1.0, jobs_at_once=jobs_at_once)
    return Made(folder=folder, shape=shape)
