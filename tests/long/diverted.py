"""Who takes work off the platform, in made-up markets: found by talks and by offers, looked at once a month.

`python -m tests.long.diverted` prints the tables of `docs/circumvention-stream.md`.
"""

from __future__ import annotations

import math
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Final

import duckdb
import pyarrow as pa

from evenhand.engines.duckdb.engine import DuckDBEngine
from evenhand.lab.simulate import Scenario, World, load_scenario
from evenhand.sources.files import FileSource
from evenhand.workflows.find_contact_details import ContactDetails
from evenhand.workflows.find_items import write_offers
from tests.oracle.simulated import Made, make

ACCOUNTS: Final = 12_000
MONTHS: Final = 24
SEEDS: Final = (3, 4, 5, 6)
"""The lines of `stream.queue` were chosen on seeds 1 and 2."""
E: Final = 1000.0
LEVEL: Final = 0.02
BANDS: Final = ((1, 5), (5, 10), (10, 20), (20, 10**6))
"""Numbers of chats at the end, from the first to before the second."""

METHODS: Final = (("e >= 1000", "by_e"), ("e-BH, 2 %", "by_e_bh"), ("offers and e", "by_both"))


def _varied(**contacts: float) -> Scenario:
    return load_scenario("fixed_list").varied({"contacts": contacts})


def _innocents(factor: float) -> Scenario:
    """As many times the details that are named in conversations which divert nothing."""
    base = load_scenario("fixed_list").settings["contacts"]
    return _varied(**{name: factor * float(base[name]) for name in ("others", "habitual", "clients")})


WORLDS: Final[Mapping[str, Scenario]] = {
    "half or more": load_scenario("fixed_list"),
    "85 % or more": load_scenario("fixed_list").varied({"kinds": {"circumventer": {"diverted_low": 0.85}}}),
}
"""By the share of its wins that a circumventer diverts."""

OTHERWISE: Final[Mapping[str, Scenario]] = {
    "as in the scenario": load_scenario("fixed_list"),
    "innocents name half as many": _innocents(0.5),
    "innocents name twice as many": _innocents(2),
    "innocents name five times as many": _innocents(5),
    "every diverted win in writing": _varied(unseen=0.0),
    "half of the diverted wins unseen": _varied(unseen=0.5),
}
"""Circumventers who divert half of their wins or more, where less or more is written."""
OTHERWISE_SEEDS: Final = (3, 4)

_LEAVES: Final = (
    "text in ('Got it, I have written to you there.', 'Ok, saves us the fee. Talk soon.', "
    "'Added you. I will close the job here.', 'Thanks, see you there.')"
)
"""What clients of the simulator say when they follow somebody elsewhere, and only then."""


@dataclass(frozen=True, kw_only=True)
class Course:
    """One world looked at monthly.

    By account: `chats` at the end, on how many jobs it was `shortlisted`, the `first` look with a chat, and the day on
    which each method found it. `guilty` is who diverts wins, and the clients who followed one.
    """

    chats: Mapping[str, int]
    shortlisted: Mapping[str, int]
    first: Mapping[str, int]
    guilty: frozenset[str]
    clients: frozenset[str]
    by_e: Mapping[str, int]
    by_e_bh: Mapping[str, int]
    by_both: Mapping[str, int]


def follow(scenario: Scenario, folder: Path, *, accounts: int, months: int, seed: int) -> Course:
    """Make up one world and look at it at the end of every month."""
    made = make(folder / "market", scenario, accounts=accounts, months=months, seed=seed)
    truth = (made.folder / "truth.parquet").rename(folder / "truth.parquet")
    guilty, clients = _guilty(made.folder, truth)
    scratch = folder / "scratch"
    scratch.mkdir()
    write_offers(ContactDetails(key=b"made up").items(_messages(made.folder)), folder / "offers.parquet")
    by_both: dict[str, int] = {}
    by_e: dict[str, int] = {}
    by_e_bh: dict[str, int] = {}
    chats: dict[str, int] = {}
    first: dict[str, int] = {}
    world = World(seed=seed, accounts=accounts, months=months, scenario=scenario)
    with DuckDBEngine(scratch, threads=2, memory_gb=2) as engine:
        engine.admit(FileSource(made.folder).stage(scratch))
        for moment in world.moments()[1:]:
            engine.write_review(
                datetime.fromtimestamp(moment, UTC).replace(tzinfo=None),
                folder / "review.parquet",
                settle_days=30,
                offers=folder / "offers.parquet",
            )
            rows = duckdb.execute(
                f"select account_id, chats, log_e_bypass, stands_out from '{folder / 'review.parquet'}' where chats > 0"
            ).fetchall()
            day = moment // 86400
            for account, many, log_e, stands_out in rows:
                chats[account] = many
                first.setdefault(account, day)
                if log_e >= math.log(E):
                    by_e.setdefault(account, day)
                if stands_out:
                    by_both.setdefault(account, day)
            for side in (True, False):
                own = {account: log_e for account, _, log_e, _ in rows if (account in clients) is side}
                _join(by_e_bh, own, day)
    return Course(
        chats=chats,
        shortlisted=_shortlisted(made),
        first=first,
        guilty=guilty,
        clients=clients,
        by_e=by_e,
        by_e_bh=by_e_bh,
        by_both=by_both,
    )


def _messages(market: Path) -> Iterator[pa.RecordBatch]:
    """All messages, oldest first, each with when a contract between the two began."""
    contracts = f"'{market}/contracts/*.parquet'"
    with duckdb.connect() as con:
        yield from con.sql(f"""
            select m.* exclude (job_id), c.contract_since
            from '{market}/messages/*.parquet' as m
            left join (
              select one, other, min(started_at) as contract_since
              from (select account_id as one, client_id as other, started_at from {contracts}
                union all select client_id, account_id, started_at from {contracts}) as both_ways
              group by one, other
            ) as c on c.one = m.sender_id and c.other = m.recipient_id
            order by m.sent_at, m.message_id""").to_arrow_reader(65_536)


def _shortlisted(made: Made) -> Mapping[str, int]:
    return dict(made.ask("select account_id, count(*) from proposals where interviewed_at is not null group by all"))


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
    for name, method in METHODS:
        found = [(course, account, day) for course in courses for account, day in getattr(course, method).items()]
        innocents = sum(account not in course.guilty for course, account, _ in found)
        clients = sum(account in course.clients for course, account, _ in found)
        days = [day - course.first[account] for course, account, day in found if account in course.guilty]
        cells = [name, str(len(found)), str(clients), str(innocents), f"{100 * innocents / max(1, len(found)):.1f}"]
        cells += [_power(courses, method, band) for band in BANDS]
        cells.append(_power(courses, method, BANDS[-1], "shortlisted"))
        yield f"| {' | '.join([*cells, f'{median(days):.0f}' if days else '-'])} |"


def sensitivity(name: str, courses: list[Course]) -> str:
    """A table row for what stands out in some worlds together: found, innocents, power by chats and by shortlists."""
    found = [(course, account) for course in courses for account in course.by_both]
    innocents = sum(account not in course.guilty for course, account in found)
    cells = [name, str(len(found)), str(innocents), f"{100 * innocents / max(1, len(found)):.1f}"]
    cells += [_power(courses, "by_both", BANDS[-1], count) for count in ("chats", "shortlisted")]
    return f"| {' | '.join(cells)} |"


def power(courses: list[Course], method: str, band: tuple[int, int], count: str = "chats") -> tuple[int, int]:
    """Of the freelancers who divert wins and have so many chats (or shortlists): how many were found, of how many."""
    low, high = band
    own = [
        account in getattr(course, method)
        for course in courses
        for account, many in getattr(course, count).items()
        if account in course.guilty - course.clients and low <= many < high
    ]
    return sum(own), len(own)


def _power(courses: list[Course], method: str, band: tuple[int, int], count: str = "chats") -> str:
    hit, of = power(courses, method, band, count)
    return f"{hit} of {of} ({100 * hit / max(1, of):.0f} %)"


def followed(scenario: Scenario, folder: Path, seeds: Iterable[int]) -> list[Course]:
    """The worlds of some seeds, each in a folder of its own."""
    return [follow(scenario, folder / str(seed), accounts=ACCOUNTS, months=MONTHS, seed=seed) for seed in seeds]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        for name, scenario in WORLDS.items():
            rows = lines(followed(scenario, Path(scratch) / name, SEEDS))
            sys.stdout.write("\n".join([name, *rows, ""]) + "\n")
            sys.stdout.flush()
        for name, scenario in OTHERWISE.items():
            sys.stdout.write(sensitivity(name, followed(scenario, Path(scratch) / name, OTHERWISE_SEEDS)) + "\n")
            sys.stdout.flush()
