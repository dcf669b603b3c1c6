"""A small house for tests of due process: two policies, seven people, and cases kept as lists of entries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from evenhand.decisions.case.case import Case
from evenhand.decisions.case.clock import tick
from evenhand.decisions.case.entry import CaseEntry, EffectEvent, Message, Moves
from evenhand.decisions.case.fold import fold
from evenhand.decisions.case.looking import Look, Opened
from evenhand.decisions.case.proposing import Proposal, open_case, rests_on
from evenhand.notices.facts import House as Letterhead
from evenhand.policy.conditions.reasons import Json
from evenhand.policy.load import load
from evenhand.policy.types import Policy
from evenhand.vocabulary import Procedure

START = datetime(2027, 3, 1, 9)
"""A Monday."""

POLICIES: dict[Procedure, Policy] = {
    "mismatch": load(Path(__file__).parents[3] / "policies" / "activity.yaml"),
    "circumvention": load(Path(__file__).parent / "misconduct.yaml"),
    "linkage": load(Path(__file__).parents[3] / "policies" / "linkage.yaml"),
}

EVIDENCE: dict[str, Json] = {
    "decided": 200,
    "fair_wins": 25.0,
    "wins": 0,
    "odds_ratio": 0.05,
    "odds_ratio_high": 0.3,
    "log_e": 12.0,
}
ITEM: dict[str, Json] = {
    "source": "message 17",
    "at": "2027-02-20T10:00:00Z",
    "seen_by": "filter",
    "what": "a phone number",
    "offered_by": "client",
}


LETTERHEAD = Letterhead(
    marketplace="Fairlance", contact="people@fairlance.example", appeal_link="https://fairlance.example/appeal/abc"
)


@dataclass(frozen=True, kw_only=True)
class Somebody:
    """A person of the house."""

    name: str
    roles: frozenset[str]


PEOPLE = {
    name: Somebody(name=name, roles=frozenset(roles.split()))
    for name, roles in {
        "ana": "analyst",
        "rex": "reviewer",
        "rita": "reviewer",
        "sol": "senior",
        "sue": "senior reviewer",
        "art": "author",
        "aud": "auditor admin",
    }.items()
}

LOOKED = Look(reason="nothing speaks for it", opened=(Opened(what="evidence", seconds=40),))


def proposal(procedure: Procedure, step: str, *, urgent: str | None = None) -> Proposal:
    """A proposal of a step of the policy on strong evidence."""
    policy = POLICIES[procedure]
    found = policy.step(step)
    assert found is not None
    reason: dict[str, Json] = {
        "in_words": "no wins in 200 decisions",
        "when": {"condition": "e >= 100", "outcome": True},
    }
    made = rests_on(policy, found, EVIDENCE, reason, "limit: 0 wins where a full fair share is 25.0")
    items = {"mismatch": [], "circumvention": [ITEM], "linkage": [{**ITEM, "grade": "document"}]}[procedure]
    return replace(made, items=items, urgent=urgent)


@dataclass
class House:
    """Cases by name, a clock, and everything that was ever sent."""

    now: datetime = START
    cases: dict[str, list[CaseEntry]] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    effects: list[EffectEvent] = field(default_factory=list)

    def open(self, case_id: str, account_id: str, procedure: Procedure, episode: int = 1) -> None:
        """Open a case."""
        profile = POLICIES[procedure].profile
        self.add(case_id, open_case(case_id, account_id, procedure, profile, self.now, regime="P2B", episode=episode))

    def add(self, case_id: str, moves: Moves) -> None:
        """Append what an act adds."""
        self.cases.setdefault(case_id, []).extend(moves.entries)
        self.messages += moves.messages
        self.effects += moves.effects

    def case(self, case_id: str) -> Case:
        """The case as it stands."""
        return fold(self.cases[case_id], self.now)

    def tick(self, case_id: str) -> Case:
        """Let the clock do what is due, and look at the case."""
        self.add(case_id, tick(self.case(case_id), self.now))
        return self.case(case_id)

    def act(self, case_id: str, deed: Callable[[Case, datetime], Moves]) -> Case:
        """Tick, act, and look at the case."""
        self.add(case_id, deed(self.tick(case_id), self.now))
        return self.case(case_id)

    def wait(self, days: float) -> None:
        """Let time pass and the clock of every case run."""
        self.now += timedelta(days=days)
        for case_id in self.cases:
            self.tick(case_id)
