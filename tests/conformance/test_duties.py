"""The duties of a house, killed and crowded: what is left is what one undisturbed worker would have left (P4)."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from evenhand.decisions.case.entry import CaseEntry
from evenhand.decisions.case.kept import PublishedPolicy
from evenhand.stores.audit import recompute
from evenhand.stores.sql.store import SqlStore, open_store
from tests.conformance.duty import BEGAN, POLICY, REVIEWERS
from tests.conformance.stores import DATABASES, postgresql, sqlite
from tests.conformance.test_crashes import ROOT
from tests.markets import write_market

MEMBERS = 8
DAYS = (("evaluate", 0), ("decide", 1), ("tick", 60), ("evaluate", 61), ("decide", 62), ("tick", 500))
"""Proposals, decisions; fourteen days without proof of delivery, after which all of it lapses; then all of it again."""

Kept = dict[str, list[CaseEntry]]


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight members who lose every time against four others, in a market that a policy with low lines acts on."""
    members = [f"m{n}" for n in range(MEMBERS)]
    others = [f"o{n}" for n in range(4)]
    accounts = [{"account_id": a, "role": "freelancer", "registered_at": "2024-01-01"} for a in [*members, *others]]
    for day in (0, 61):
        registered_at = (BEGAN + timedelta(days=day)).isoformat()
        accounts.append({"account_id": f"late{day}", "role": "client", "registered_at": registered_at})
    jobs, proposals, contracts = [], [], []
    for number, member in enumerate(member for member in members for _ in range(12)):
        posted = BEGAN - timedelta(days=200 - number)
        job, client = f"j{number}", f"c{number}"
        accounts.append({"account_id": client, "role": "client", "registered_at": "2024-01-01"})
        closed = {"closed_at": (posted + timedelta(days=3)).isoformat(), "outcome": "hired"}
        jobs.append({"job_id": job, "client_id": client, "posted_at": posted.isoformat(), **closed})
        at = (posted + timedelta(days=1)).isoformat()
        proposals += [
            {"proposal_id": f"{job}/{a}", "job_id": job, "account_id": a, "submitted_at": at} for a in [member, *others]
        ]
        won = {"account_id": others[number % 4], "started_at": (posted + timedelta(days=2)).isoformat()}
        contracts.append({"contract_id": f"k{number}", "job_id": job, "client_id": client, **won})
    tables = {"accounts": accounts, "jobs": jobs, "proposals": proposals, "contracts": contracts}
    return write_market(tmp_path_factory.mktemp("market"), tables)


class House:
    """A database, and processes that do duties in it."""

    def __init__(self, url: str, market: Path | None = None) -> None:
        self.url, self.market = url, market

    def furnish(self) -> House:
        """Put a policy and 32 reviewers on record."""
        store = open_store(self.url)
        for number in range(REVIEWERS):
            store.add_person(f"p{number:02d}", ["reviewer"], "passphrase", BEGAN)
        names = {"name": POLICY.name, "version": POLICY.version, "procedure": POLICY.procedure, "text": POLICY.text}
        store.put_policy(
            PublishedPolicy(hash=POLICY.hash, dry_run="{}", published_by=("p00",), published_at=BEGAN, **names)
        )
        store.close()
        return self

    def start(self, job: str, day: int, point: int = 0) -> subprocess.Popen[bytes]:
        """A process at its duty."""
        words = [sys.executable, "-m", "tests.conformance.duty", self.url, job, str(day), str(point), str(self.market)]
        return subprocess.Popen(words, cwd=ROOT)

    def do(self, job: str, day: int) -> None:
        """One duty, undisturbed."""
        assert self.start(job, day).wait() == 0

    @property
    def kept(self) -> Kept:
        """The entries of every case."""
        store = open_store(self.url)
        found = {head.case_id: list(store.read(head.case_id)) for head in store.heads()}
        store.close()
        return found

    def verified(self) -> None:
        """Every hash holds, and every decision can be made again."""
        store: SqlStore = open_store(self.url)
        assert store.verify().findings == ()
        assert recompute(store.export()).findings == ()
        store.close()


@pytest.fixture(scope="module")
def undisturbed(market: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[int, Kept]:
    """What every case holds after each duty, where one worker does one after the other."""
    with sqlite(tmp_path_factory.mktemp("undisturbed")) as url:
        house, after = House(url, market).furnish(), {}
        for place, (job, day) in enumerate(DAYS):
            house.do(job, day)
            after[place] = house.kept
    return after


def plain(kept: Kept) -> dict[str, list[tuple[object, ...]]]:
    """Cases without the names of the reviewers: which of them is first at a case is left to chance."""
    return {
        case: [
            (
                e.number,
                e.at,
                e.kind,
                "person" if e.person else e.author,
                *sorted((k, str(v)) for k, v in e.body.items() if k != "reason"),
            )
            for e in entries
        ]
        for case, entries in kept.items()
    }


@pytest.fixture(params=DATABASES)
def house(request: pytest.FixtureRequest, market: Path, tmp_path: Path) -> Iterator[House]:
    """A house on each database."""
    with DATABASES[request.param](tmp_path) as url:
        yield House(url, market).furnish()


def test_the_duties_do_something(undisturbed: dict[int, Kept]) -> None:
    """Cases are opened, confirmed, and lapse without proof of delivery."""
    kinds = {entry.kind for entries in undisturbed[len(DAYS) - 1].values() for entry in entries}
    assert len(undisturbed[0]) == MEMBERS
    assert {"opened", "proposed", "confirmed", "lapsed"} <= kinds


def crash_through(house: House, undisturbed: dict[int, Kept], kills: int, seed: int) -> int:
    """Kill each duty a few times; after every kill each case is a beginning of what it is to become."""
    rng = random.Random(seed)  # noqa: S311  # seeded points, no secret
    killed = 0
    for place, (job, day) in enumerate(DAYS):
        becomes = plain(undisturbed[place])
        for _ in range(kills // len(DAYS)):
            code = house.start(job, day, point=rng.randrange(1, 90)).wait()
            assert code in {0, -signal.SIGKILL}
            killed += code != 0
            for case, entries in plain(house.kept).items():
                assert entries == becomes[case][: len(entries)]
        house.do(job, day)
        assert plain(house.kept) == becomes
    house.verified()
    return killed


def test_a_dozen_kills(house: House, undisturbed: dict[int, Kept]) -> None:
    """Twelve kills among evaluations, decisions and ticks: nothing is lost, doubled or half-done."""
    assert crash_through(house, undisturbed, kills=12, seed=1) >= 6


def test_ten_ticks_and_a_crowd_of_reviewers(undisturbed: dict[int, Kept], market: Path, tmp_path: Path) -> None:
    """Ten processes do each duty at the same time, thirty-two reviewers in each: as if one had come after the other."""
    with postgresql(tmp_path) as url:
        house = House(url, market).furnish()
        for place, (job, day) in enumerate(DAYS):
            count = {"tick": 10, "evaluate": 3, "decide": 2}[job]
            processes = [house.start(job, day) for _ in range(count)]
            assert [process.wait() for process in processes] == [0] * count
            assert plain(house.kept) == plain(undisturbed[place])
        house.verified()


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 7))
def test_forty_kills_five_times(house: House, undisturbed: dict[int, Kept], seed: int) -> None:
    """Two hundred kills per database."""
    assert crash_through(house, undisturbed, kills=42, seed=seed) >= 20
