"""A case that waits for a decision, and the decision on it, made the way the program makes it: act, letter, head."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from evenhand.decisions.case.case import Case
from evenhand.decisions.case.deciding import confirm
from evenhand.decisions.case.entry import CaseHead, Moves
from evenhand.decisions.case.fold import fold
from evenhand.decisions.case.head import head
from evenhand.decisions.case.looking import Look, Opened
from evenhand.decisions.case.proposing import open_case, propose, rests_on
from evenhand.notices.facts import House
from evenhand.policy.load import load
from evenhand.ports import Store
from evenhand.workflows.office import Office

AT: Final = datetime(2027, 3, 1, 9)
POLICY: Final = load(Path(__file__).parents[1] / "policies" / "activity.yaml")
HOUSE: Final = House(
    marketplace="Fairlance", contact="people@fairlance.example", appeal_link="https://fairlance.example/appeal/{token}"
)
EVIDENCE: Final = {"decided": 200, "fair_wins": 25.0, "wins": 0, "log_e": 12.0}
LOOK: Final = Look(reason="nothing in two hundred jobs speaks for it", opened=(Opened(what="evidence", seconds=40),))


@dataclass(frozen=True)
class Reviewer:
    """Who decides."""

    name: str = "ana"
    roles: frozenset[str] = frozenset({"reviewer"})


def office(store: Store) -> Office:
    """The office over a store."""
    return Office(store=store, house=HOUSE, secret=b"secret")


def opened(case_id: str, account_id: str) -> tuple[Case, tuple[Moves, CaseHead]]:
    """A case of the shipped policy in which a warning is proposed, and what is appended to keep it."""
    step = POLICY.step("warn")
    if step is None:
        raise RuntimeError("the shipped policy warns no more")
    begun = open_case(case_id, account_id, "mismatch", POLICY.profile, AT, regime="P2B")
    proposal = rests_on(POLICY, step, EVIDENCE, {"when": {"condition": "e >= 20"}}, "no win where 25.0 are fair")
    moves = begun + propose(fold(begun.entries, AT), proposal, AT)
    case = fold(moves.entries, AT)
    return case, (moves, head(case))


def decide(case: Case, at: datetime) -> Moves:
    """A reviewer confirms the warning: two entries, and a letter to write."""
    return confirm(case, Reviewer(), LOOK, at)
