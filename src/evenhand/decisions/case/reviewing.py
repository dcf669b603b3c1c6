"""What people do with a measure that was decided: keep it after another look, ease it, close the case."""

from __future__ import annotations

from datetime import datetime

from evenhand.decisions.case.case import Case, Measure
from evenhand.decisions.case.clock import current, ending, lapse
from evenhand.decisions.case.entry import CLOCK, Moves
from evenhand.decisions.case.head import unswept
from evenhand.decisions.case.looking import Look
from evenhand.decisions.case.people import DECIDERS, Person, require
from evenhand.decisions.case.writing import Part, by, days, refused, write
from evenhand.decisions.reasons import stamp
from evenhand.policy.conditions.reasons import Json
from evenhand.vocabulary import WITHOUT_NOTICE


def keep(case: Case, person: Person, of: int, look: Look, now: datetime) -> Moves:
    """Keep a measure after looking again: at its review (R30), or because a like case was reversed (R36)."""
    measure = decided(case, of, now)
    require(person, DECIDERS, "review a measure", case.case_id)
    if measure.review_at is None and measure.flagged_at is None:
        raise refused(case, f"`{measure.step}` is not up for a review", "it ends by itself; to end it earlier, ease it")
    length = measure.terms.review_days
    at = None if measure.review_at is None or length is None else stamp(now + days(length))
    body: dict[str, Json] = {**look.as_body(case, measure), "review_at": at}
    return write(case, now, Part(kind="reviewed", author=by(person), body=body))


def ease(case: Case, person: Person, of: int, look: Look, now: datetime, *, until: datetime | None = None) -> Moves:
    """End a decided measure now, or earlier than it would."""
    measure = decided(case, of, now)
    require(person, DECIDERS, "ease a measure", case.case_id)
    body = look.as_body(case, measure)
    return write(case, now, *easing(case, measure, Part(kind="eased", author=by(person), body=body), until, now))


def easing(case: Case, measure: Measure, end: Part, until: datetime | None, now: datetime) -> tuple[Part, ...]:
    """The parts that end a measure, or give it an earlier end; raises `ActRefused` for one that is no earlier.

    A warning takes nothing away, so it is ended at once or not at all.
    """
    if until is None:
        return ending(case, Part(kind=end.kind, author=end.author, body={"notice": "eased", **end.body}))
    early = now < until and (measure.until is None or until < measure.until)
    if measure.taken_at is None or measure.step in WITHOUT_NOTICE or not early:
        raise refused(case, "that is not an earlier end", "name a time between now and its end, or end it now")
    return (Part(kind=end.kind, author=end.author, body={"notice": "eased", **end.body, "until": stamp(until)}),)


def flag(case: Case, of: int, because: str, now: datetime) -> Moves:
    """Mark a measure because the like case `because` was reversed; unless kept in time, it lapses (R36)."""
    measure = decided(case, of, now)
    if measure.flagged_at is not None:
        return Moves()
    return write(case, now, Part(kind="flagged", author=CLOCK, body={"of": of, "because": because}))


def outdate(case: Case, now: datetime) -> Moves:
    """Let a measure that has not begun lapse, since today's evidence would not propose it; nothing if none waits."""
    current(case, now)
    if case.waiting is None:
        return Moves()
    return write(case, now, *ending(case, lapse(case.waiting, "evidence")))


def swept(case: Case, flagged: int, now: datetime) -> Moves:
    """Record that like cases were looked for after a reversal, and how many were flagged (R36)."""
    reversal = unswept(case)
    if reversal is None:
        return Moves()
    return write(case, now, Part(kind="swept", author=CLOCK, body={"of": reversal.body["of"], "flagged": flagged}))


def close(case: Case, person: Person, look: Look, now: datetime) -> Moves:
    """Close a case in which nothing is under way, such as one that belongs to another procedure (R12)."""
    current(case, now)
    require(person, DECIDERS, "close a case", case.case_id)
    if case.closed_at is not None:
        raise refused(case, "the case is closed", "there is nothing to do")
    if case.waiting or case.hold or any(measure.in_force(now) for measure in case.measures):
        raise refused(case, "something waits or is in force", "refuse it or ease it first")
    body: dict[str, Json] = {"reason": look.reason, "opened": look.opened_as_body(case.case_id)}
    return write(case, now, Part(kind="closed", author=by(person), body=body))


def decided(case: Case, of: int, now: datetime) -> Measure:
    """The measure `of`, which people have decided on and which has not ended; raises `ActRefused` if it is not so."""
    current(case, now)
    measure = case.measure(of)
    if measure is None or measure.undecided or measure.ended_at is not None:
        raise refused(case, f"no decided measure has the number {of}", "look at the case again")
    return measure
