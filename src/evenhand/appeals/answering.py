"""Deciding an appeal: by a second person, individually, as upheld, partly or reversed (R32, R34 to R36)."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from evenhand.appeals.dialogue import open_appeal
from evenhand.decisions.case.case import Appeal, Case, Measure
from evenhand.decisions.case.clock import CLOCK_REVERSAL, ending
from evenhand.decisions.case.delivering import restoration
from evenhand.decisions.case.entry import CLOCK, Moves
from evenhand.decisions.case.fold import advance
from evenhand.decisions.case.looking import Look
from evenhand.decisions.case.people import DECIDERS, Person, require
from evenhand.decisions.case.reviewing import easing
from evenhand.decisions.case.writing import Part, by, refused, write
from evenhand.policy.conditions.reasons import Json

Flaw = Literal["fact", "evidence", "procedure", "rule"]
"""What was wrong with a reversed decision: a fact about the member, the evidence, how it was decided, or the rule."""


def uphold(case: Case, appeal: int, person: Person, look: Look, now: datetime) -> Moves:
    """The decision stands; `look.reason` is the answer that the member reads, written for them alone."""
    found, measure = _to_answer(case, appeal, person, now)
    body = _answer(case, found, measure, look, "appeal_upheld")
    return write(case, now, Part(kind="upheld", author=by(person), body=body))


def grant_partly(
    case: Case, appeal: int, person: Person, look: Look, now: datetime, *, until: datetime | None = None
) -> Moves:
    """The measure ends now, or earlier than it would have."""
    found, measure = _to_answer(case, appeal, person, now)
    if measure.ended_at is not None:
        raise refused(case, "the measure is over", "uphold it or reverse it")
    body = _answer(case, found, measure, look, "appeal_partly")
    return write(case, now, *easing(case, measure, Part(kind="partly", author=by(person), body=body), until, now))


def reverse(case: Case, appeal: int, person: Person, look: Look, flaw: Flaw, now: datetime) -> Moves:
    """The decision was wrong: everything of this episode falls with it and is restored (R35).

    Whatever else is in force or waits was built on the same episode, so it ends as well. `flaw` says what was wrong;
    the entry flags the rule for a review (R36).
    """
    found, measure = _to_answer(case, appeal, person, now)
    body: dict[str, Json] = {
        **_answer(case, found, measure, look, "appeal_reversed"),
        "flaw": flaw,
        "rule": _rule(measure),
    }
    others = [m for m in case.measures if m.ended_at is None and m is not measure]
    parts = list(ending(case, Part(kind="reversed", author=by(person), body=body)))
    for other in others:
        parts += ending(case, Part(kind="lapsed", author=CLOCK, body={"of": other.number, "clock": CLOCK_REVERSAL}))
    moves = write(case, now, *parts)
    return moves + restoration(advance(case, moves), now)


def _rule(measure: Measure) -> dict[str, Json]:
    """What is flagged for a review: the step of the very version of the policy (R36)."""
    return {"policy": measure.policy.hash, "step": measure.step}


def _to_answer(case: Case, appeal: int, person: Person, now: datetime) -> tuple[Appeal, Measure]:
    found = open_appeal(case, appeal, now)
    require(person, DECIDERS, "decide an appeal", case.case_id)
    if person.name in case.took_part:
        raise refused(case, f"`{person.name}` had a part in the case", "an appeal is decided by somebody else (R32)")
    measure = case.measure(found.of)
    if measure is None or found.remeasured_at is None:
        raise refused(case, "the evidence was not measured anew", "measure it as it is now, then decide")
    return found, measure


def _answer(case: Case, appeal: Appeal, measure: Measure, look: Look, notice: str) -> dict[str, Json]:
    """The answer as fields; refused where the very same words answered an appeal in this case before."""
    given = {e.body["reason"] for e in case.entries if e.kind in {"upheld", "partly", "reversed"}}
    if look.reason in given:
        raise refused(case, "this answer was given before", "answer what the member says this time (R32)")
    return {**look.as_body(case, measure), "appeal": appeal.number, "notice": notice}
