"""Carriers that are really killed, and two at a time: to a real mail server and a real receiver (P1, P4)."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from evenhand.conformance.store.course import with_people
from evenhand.stores.sql.store import open_store
from tests.conformance.duty import office
from tests.conformance.outside import MailServer, Receiver, mail_server, receiver
from tests.conformance.stores import DATABASES, signer
from tests.conformance.test_crashes import ROOT
from tests.conformance.test_delivery import paused, warned
from tests.story.process.world import PEOPLE, START

LETTERS = 6
APART = timedelta(minutes=30)
"""Between two runs, so that the lease of a killed one is over."""


class Site:
    """A house with letters and effects that wait, and the outside that takes them."""

    def __init__(self, url: str, mail: MailServer, there: Receiver) -> None:
        self.url, self.mail, self.there = url, mail, there
        self.store = open_store(url, signer=signer())
        with_people(self.store, *PEOPLE)
        self.paused, self.now = paused(self.store)
        for sent in self.store.messages(self.paused):
            self.store.settle_message(sent.message.id, START, "accepted")  # its letters are another test's
        self.at = office(self.store)
        self.cases = [warned(self.at, f"m{number}") for number in range(LETTERS)]
        issued = self.at.case(self.paused, self.now).effects
        self.effects = sorted(one.event.id for one in issued if one.acknowledged_at is None)
        self.runs = 0

    def start(self, point: int = 0) -> subprocess.Popen[bytes]:
        """A carrier at its work."""
        times = [(began + self.runs * APART).isoformat() for began in (START, self.now)]
        words = [self.url, self.mail.port, self.there.url, *times, point]
        return subprocess.Popen([sys.executable, "-m", "tests.conformance.carrier", *map(str, words)], cwd=ROOT)

    def carry(self, point: int = 0) -> bool:
        """Let a carrier work; whether it was killed."""
        self.runs += 1
        code = self.start(point).wait()
        assert code in {0, -signal.SIGKILL}
        return code != 0

    def agree(self, repeats: int) -> None:
        """Everything reached the outside, at most so often again; case and outbox say the same of it, once."""
        letters = Counter(str(letter["Message-ID"]) for letter in self.mail.letters)
        told = Counter(headers["webhook-id"] for headers, _ in self.there.calls)
        assert sorted(letters) == sorted(f"<{case}/4/warning@f.example>" for case in self.cases)
        assert sorted(told) == self.effects
        assert letters.total() - len(letters) + told.total() - len(told) <= repeats
        for case in self.cases:
            assert [entry.kind for entry in self.store.read(case)].count("accepted") == 1
            assert [sent.outcome for sent in self.store.messages(case)] == ["accepted"]
        done = [str(entry.body["effect"]) for entry in self.store.read(self.paused) if entry.kind == "acknowledged"]
        assert sorted(done) == sorted({*done} | {*self.effects})
        assert self.store.verify().findings == ()


@pytest.fixture(params=DATABASES)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """A house on each database."""
    with DATABASES[request.param](tmp_path) as url, mail_server() as mail, receiver() as there:
        found = Site(url, mail, there)
        yield found
        found.store.close()


def crash_through(site: Site, kills: int, seed: int) -> int:
    """Kill carriers at seeded points until one finds nothing left; returns how many were killed."""
    rng = random.Random(seed)  # noqa: S311  # seeded points, no secret
    killed = sum(site.carry(point=rng.randrange(4, 40)) for _ in range(kills))
    while site.carry():
        pass
    site.agree(repeats=killed)
    return killed


def test_a_few_kills(site: Site) -> None:
    """Six kills among letters and effects: nothing is lost, and nothing repeated but once for a kill."""
    assert crash_through(site, kills=6, seed=1) >= 3


def test_two_carriers_at_once(site: Site) -> None:
    """Side by side they carry everything, and nothing twice."""
    site.runs += 1
    carriers = [site.start() for _ in range(2)]
    assert [carrier.wait() for carrier in carriers] == [0, 0]
    site.agree(repeats=0)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 10))
def test_kills_at_length(site: Site, seed: int) -> None:
    """Forty and more per database, eight in each of eight houses."""
    assert crash_through(site, kills=8, seed=seed) >= 4
