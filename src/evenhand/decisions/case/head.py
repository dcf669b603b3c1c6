"""Where a case stands in the queue: made from its entries, kept beside them only to be found quickly."""

from __future__ import annotations

from typing import Final

from evenhand.decisions.case.case import Case, Measure
from evenhand.decisions.case.clock import due_at
from evenhand.decisions.case.entry import CLOSED, CaseEntry, CaseHead
from evenhand.vocabulary import NO_STEP, rank

URGENCY: Final = {
    "appeal": 6,
    "recheck": 5,
    "review": 4,
    "second": 4,
    "portfolio": 3,
    "hearing": 2,
    "notice": 2,
    "in_force": 1,
    "rests": 0,
    CLOSED: 0,
}
"""Every stage, and how far up the queue it stands: first who waits for an answer, then who waits for a decision.

`hearing` waits for the member, `review` and `second` for people, `portfolio` for the market-wide set, `notice` for the
day of effect; in `rests` nothing is under way.
"""

HELD: Final = 10
"""What a hold adds: nobody's days count as much as those of who is held."""


def head(case: Case) -> CaseHead:
    """The head of a case; `due_at` is when its clock, or the sweep after a reversal, has something to do."""
    measure = case.waiting or max((m for m in case.measures if m.ended_at is None), key=_rank, default=None)
    at, reversal = stage(case), unswept(case)
    return CaseHead(
        case_id=case.case_id,
        account_id=case.account_id,
        procedure=case.procedure,
        step=measure.step if measure else NO_STEP,
        stage=at,
        opened_at=case.opened_at,
        due_at=min((at for at in (due_at(case), reversal and reversal.at) if at), default=None),
        urgency=urgency(case, at),
    )


def urgency(case: Case, at: str) -> int:
    """How far up the queue the case stands in a stage, also one that it has left meanwhile."""
    return URGENCY[at] + (HELD if case.hold else 0)


def unswept(case: Case) -> CaseEntry | None:
    """The reversal after which nobody has looked for like cases yet (R36); that is due at once."""
    after = [entry for entry in case.entries if entry.kind in {"reversed", "swept"}]
    return after[-1] if after and after[-1].kind == "reversed" else None


def _rank(measure: Measure) -> int:
    return rank(measure.step)


def stage(case: Case) -> str:
    """What the case waits for, by its entries alone; of several, the most pressing."""
    if any(appeal.answered_at is None for appeal in case.appeals):
        return "appeal"
    if case.closed_at is not None:
        return CLOSED
    if any(measure.flagged_at and measure.ended_at is None for measure in case.measures):
        return "recheck"
    if case.waiting is not None:
        return _of_waiting(case.waiting)
    return "in_force" if any(m.taken_at and m.ended_at is None for m in case.measures) else "rests"


def _of_waiting(measure: Measure) -> str:
    if measure.undecided:
        return "hearing" if measure.ready_at is None else "second" if measure.signed else "review"
    return "notice" if measure.sent_at else "portfolio"
