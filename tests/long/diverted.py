"""Who takes work off the platform, in made-up markets: found by the behavioural stream, looked at once a month.

`python -m tests.long.diverted` prints the tables of `docs/circumvention-stream.md`.
"""

from __future__ import annotations

import math
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Final

import duckdb

from evenhand.engines.duckdb.engine import DuckDBEngine
from evenhand.lab.simulate import Scenario, World, load_scenario
from evenhand.sources.files import FileSource
from tests.oracle.simulated import make

ACCOUNTS: Final = 12_000
MONTHS: Final = 24
SEEDS: Final = (1, 2, 3)
E: Final = 1000.0
LEVEL: Final = 0.02
BANDS: Final = ((1, 5), (5, 10), (10, 20), (20, 10**6))
"""Numbers of chats at the end, from the first to before the second."""

WORLDS: Final[Mapping[str, Scenario]] = {
    "half or more": load_scenario("fixed_list"),
    "85 % or more": load_scenario("fixed_list").varied({"kinds": {"circumventer": {"diverted_low": 0.85}}}),
}
"""By the share of its wins that a circumventer diverts."""

_LEAVES: Final = (
    "text in ('Got it, I have written to you there.', 'Ok, saves us the fee. Talk soon.', "
    "'Added you. I will close the job here.', 'Thanks, see you there.')"
)
"""What clients of the simulator say when they follow somebody elsewhere, and only then."""


@dataclass(frozen=True, kw_only=True)
class Course:
    """One world looked at monthly. `chats` at the end and the first look with any, by account; who is guilty; `by_e`
    and `by_e_bh` hold the day on which each method found an account."""

    chats: Mapping[str, int]
    first: Mapping[str, int]
    guilty: frozenset[str]
    clients: frozenset[str]
    by_e: Mapping[str, int]
    by_e_bh: Mapping[str, int]


def follow(scenario: Scenario, folder: Path, *, accounts: int, months: int, seed: int) -> Course:
    """Make up one world and look at it at the end of every month."""
    made = make(folder / "market", scenario, accounts=accounts, months=months, seed=seed)
    truth = (made.folder / "truth.parquet").rename(folder / "truth.parquet")
    guilty, clients = _guilty(made.folder, truth)
    scratch = folder / "scratch"
    scratch.mkdir()
    by_e: dict[str, int] = {}
    by_e_bh: dict[str, int] = {}
    chats: dict[str, int] = {}
    first: dict[str, int] = {}
    world = World(seed=seed, accounts=accounts, months=months, scenario=scenario)
    with DuckDBEngine(scratch, threads=2, memory_gb=2) as engine:
        engine.admit(FileSource(made.folder).stage(scratch))
        for moment in world.moments()[1:]:
            engine.write_review(
                datetime.fromtimestamp(moment, UTC).replace(tzinfo=None), folder / "review.parquet", settle_days=30
            )
            rows = duckdb.execute(
                f"select account_id, chats, log_e_bypass from '{folder / 'review.parquet'}' where chats > 0"
            ).fetchall()
            day = moment // 86400
            for account, many, log_e in rows:
                chats[account] = many
                first.setdefault(account, day)
                if log_e >= math.log(E):
                    by_e.setdefault(account, day)
            for side in (True, False):
                own = {account: log_e for account, _, log_e in rows if (account in clients) is side}
                _join(by_e_bh, own, day)
    return Course(chats=chats, first=first, guilty=guilty, clients=clients, by_e=by_e, by_e_bh=by_e_bh)


def _join(acted: dict[str, int], log_es: Mapping[str, float], day: int) -> None:
    """Cumulative e-BH of one side of the market: current values, whoever is in stays in (`STATISTICS.md` section 3)."""
    there = len(acted.keys() & log_es.keys())
    left = sorted(((log_e, account) for account, log_e in log_es.items() if account not in acted), reverse=True)
    sizes = [k for k, (log_e, _) in enumerate(left, 1) if log_e >= math.log(len(log_es) / (LEVEL * (there + k)))]
    for _, account in left[: max(sizes, default=0)]:
        acted[account] = day


def _guilty(market: Path, truth: Path) -> tuple[frozenset[str], frozenset[str]]:
    """Members that divert wins and clients that followed one, and all clients."""
    guilty = duckdb.execute(
        f"select account_id from '{truth}' where diverted_share > 0 union "
        f"select sender_id from '{market}/messages/*.parquet' where {_LEAVES}"
    ).fetchall()
    clients = duckdb.execute(f"select account_id from '{market}/accounts.parquet' where role = 'client'").fetchall()
    return frozenset(account for (account,) in guilty), frozenset(account for (account,) in clients)


def lines(courses: list[Course]) -> Iterator[str]:
    """A table row for each method over some worlds together: found, innocents, power by number of chats, days."""
    for name, method in (("e >= 1000", "by_e"), ("e-BH, 2 %", "by_e_bh")):
        found = [(course, account, day) for course in courses for account, day in getattr(course, method).items()]
        innocents = sum(account not in course.guilty for course, account, _ in found)
        clients = sum(account in course.clients for course, account, _ in found)
        days = [day - course.first[account] for course, account, day in found if account in course.guilty]
        cells = [name, str(len(found)), str(clients), str(innocents), f"{100 * innocents / max(1, len(found)):.1f}"]
        cells += [_power(courses, method, band) for band in BANDS]
        yield f"| {' | '.join([*cells, f'{median(days):.0f}' if days else '-'])} |"


def power(courses: list[Course], method: str, band: tuple[int, int]) -> tuple[int, int]:
    """Of the freelancers who divert wins and have so many chats: how many were found, of how many."""
    low, high = band
    own = [
        account in getattr(course, method)
        for course in courses
        for account, many in course.chats.items()
        if account in course.guilty - course.clients and low <= many < high
    ]
    return sum(own), len(own)


def _power(courses: list[Course], method: str, band: tuple[int, int]) -> str:
    hit, of = power(courses, method, band)
    return f"{hit} of {of} ({100 * hit / max(1, of):.0f} %)"


if __name__ == "__main__":
    for name, scenario in WORLDS.items():
        followed = []
        for seed in SEEDS:
            with tempfile.TemporaryDirectory() as scratch:
                followed.append(follow(scenario, Path(scratch), accounts=ACCOUNTS, months=MONTHS, seed=seed))
        sys.stdout.write("\n".join([name, *lines(followed), ""]) + "\n")
        sys.stdout.flush()
