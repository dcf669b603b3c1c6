"""A guard that fires holds new steps back and sends measures in force to a review; without one they lapse (E4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from evenhand.conformance.store.course import with_people
from evenhand.decisions.case.entry import Moves
from evenhand.decisions.case.fold import fold
from evenhand.decisions.case.head import head
from evenhand.engines.duckdb.engine import DuckDBEngine
from evenhand.evidence.activity.guards.rule import Guards
from evenhand.sources.files import FileSource
from evenhand.stores.memory.store import MemoryStore
from evenhand.workflows.open_cases import Regimes, open_cases
from evenhand.workflows.propose_measures import propose_measures
from evenhand.workflows.tick import tick_all
from tests.conformance.duty import office
from tests.conformance.stores import signer
from tests.markets import START, low_lines, write_market
from tests.oracle.test_guards_by_hand import market
from tests.story.process.world import PEOPLE
from tests.story.process.world import House as Story
from tests.story.test_due_process import go_on


def limited(store: MemoryStore, account: str) -> Story:
    """An account with a limit in force."""
    story = Story()
    story.open("case", account, "mismatch")
    while head(story.case("case")).step != "limit" or head(story.case("case")).stage != "in_force":
        go_on(story, "case")
    moves = Moves(entries=tuple(story.cases["case"]), messages=tuple(story.messages), effects=tuple(story.effects))
    store.append(moves, head=head(fold(story.cases["case"], story.now)))
    return story


def test_measures_of_a_held_group_go_to_a_review(tmp_path: Path) -> None:
    """Flagged once however often a run sees it, and lapsed after fourteen days in which nobody kept it."""
    store = MemoryStore(signer())
    with_people(store, *PEOPLE)
    story = limited(store, "a")
    at = office(store)
    guards = Guards(attributes=("country",), least_others=1, line=1.2, suspect=1e-9)
    policy = replace(low_lines(), guards=guards)
    with DuckDBEngine(tmp_path, threads=1, memory_gb=1) as engine:
        staged = FileSource(write_market(tmp_path / "market", market())).stage(tmp_path)
        proposal = propose_measures(engine, staged, policy, as_of=START.replace(year=2026))
        regimes = Regimes(usual="terms", by_country={})
        flagged = [open_cases(at, engine, policy, proposal, regimes, story.now).flagged for _ in range(2)]
    case = at.case("case", story.now)
    assert flagged == [1, 0]
    assert case.last.kind == "flagged"
    assert case.last.body["because"] == "held group country=PK"
    assert head(case).stage == "recheck"
    later = story.now + timedelta(days=15)
    tick_all(at, later)
    lapsed = [entry for entry in at.case("case", later).entries if entry.kind == "lapsed"]
    assert [entry.body["clock"] for entry in lapsed] == ["recheck"]
