"""The sweep after a reversal, broken off by kill -9 on its way: each like case is flagged once (R36, P4)."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from evenhand.appeals.answering import reverse
from evenhand.appeals.dialogue import file_appeal, remeasure
from evenhand.decisions.case.deciding import confirm
from evenhand.decisions.case.delivering import deliver
from evenhand.decisions.case.fold import fold
from evenhand.decisions.case.proposing import open_case, propose
from evenhand.policy.conditions.reasons import Json
from evenhand.stores.sql.store import open_store
from evenhand.workflows.office import Office
from evenhand.workflows.precedents import sweep_like
from tests.conformance.duty import BEGAN, office
from tests.conformance.stores import DATABASES
from tests.conformance.test_crashes import ROOT
from tests.story.process.world import EVIDENCE, LOOKED, PEOPLE, POLICIES, proposal

LIKE = ("like-1", "like-2", "like-3")
UNLIKE: dict[str, Json] = {**EVIDENCE, "decided": 20, "fair_wins": 5.0, "wins": 4, "odds_ratio": 0.9, "log_e": 3.1}
POINTS = range(70, 166, 8)
"""At which call to the database a tick kills itself: before the first flag, between two, before it is on record."""


def warned(at: Office, name: str, now: datetime, evidence: dict[str, Json]) -> None:
    """A warning is confirmed and has arrived."""
    profile = POLICIES["mismatch"].profile
    opening = open_case(name, name, "mismatch", profile, now, regime="terms")
    case = fold(opening.entries, now)
    made = replace(proposal("mismatch", "warn"), evidence=evidence)
    kept, head = at.kept(case, propose(case, made, now))
    at.store.append_all([(opening + kept, head)])
    case = at.act(name, lambda case, moment: confirm(case, PEOPLE["rex"], LOOKED, moment), now)
    message = case.measures[0].notice or ""
    at.act(name, lambda case, moment: deliver(case, message, "email", {}, moment), now)


def reversed_case(at: Office, now: datetime) -> None:
    """An appeal is filed, measured anew and granted; nobody has looked for like cases yet."""
    case = at.act("first", lambda case, moment: file_appeal(case, 2, "it was an error", moment), now)
    number = case.appeals[0].number
    at.act("first", lambda case, moment: remeasure(case, number, EVIDENCE, moment), now)
    at.act("first", lambda case, moment: reverse(case, number, PEOPLE["rita"], LOOKED, "evidence", moment), now)


@pytest.fixture(params=DATABASES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with a reversed case, three like it, and one unlike it."""
    with DATABASES[request.param](tmp_path) as address:
        store = open_store(address)
        for name in ("rex", "rita"):
            store.add_person(name, ["reviewer"], "passphrase", BEGAN)
        for name in ("first", *LIKE):
            warned(office(store), name, BEGAN, EVIDENCE)
        warned(office(store), "unlike", BEGAN, UNLIKE)
        reversed_case(office(store), BEGAN + timedelta(days=1))
        store.close()
        yield address


def tick(url: str, point: int) -> int:
    """One tick, two days later, that kills itself at a point; how it ended."""
    words = [sys.executable, "-m", "tests.conformance.duty", url, "tick", "2", str(point), "none"]
    return subprocess.run(words, cwd=ROOT, check=False).returncode


def test_a_sweep_is_never_lost(url: str) -> None:
    """After any number of kills, the next tick finishes it: three flagged, once each, and that is on record."""
    store, flagged = open_store(url), []
    for point in POINTS:
        assert tick(url, point) in {0, -signal.SIGKILL}
        flagged.append(sum(entry.kind == "flagged" for name in LIKE for entry in store.read(name)))
    assert flagged == sorted(flagged)
    assert any(0 < count < len(LIKE) for count in flagged)
    assert tick(url, 0) == 0
    kinds = {name: [entry.kind for entry in store.read(name)] for name in ("first", *LIKE, "unlike")}
    assert [kinds[name].count("flagged") for name in (*LIKE, "unlike")] == [1, 1, 1, 0]
    assert kinds["first"].count("swept") == 1
    assert store.read("first")[-1].body["flagged"] == 3
    assert sweep_like(office(store), "first", BEGAN + timedelta(days=3)) == 0
    assert store.verify().findings == ()
    store.close()
