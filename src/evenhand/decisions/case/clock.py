"""What nobody does in time is done by the clock: every deadline of a case, and what follows when it has passed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from evenhand.decisions.case.body import read
from evenhand.decisions.case.case import Case, Hold, Measure
from evenhand.decisions.case.entry import CLOCK, Moves
from evenhand.decisions.case.fold import advance
from evenhand.decisions.case.writing import Part, begin, days, refused, write
from evenhand.decisions.effects import declared
from evenhand.decisions.reasons import stamp
from evenhand.policy.conditions.reasons import Json
from evenhand.vocabulary import WITHOUT_NOTICE, rank


@dataclass(frozen=True, kw_only=True, order=True)
class Due:
    """A deadline: when it passes, of which clock, for which measure, hold or appeal (0: the case itself)."""

    at: datetime
    clock: str
    of: int


def dues(case: Case) -> Iterator[Due]:
    """Every clock that runs in the case."""
    for measure in case.measures:
        if measure.ended_at is None:
            yield from _of_measure(case, measure)
    for appeal in case.appeals:
        if appeal.answered_at is None:
            yield Due(at=appeal.filed_at + days(case.clocks.appeal_answer_days), clock="appeal", of=appeal.number)
    if case.hold is not None:
        yield Due(at=case.hold.until, clock="hold", of=case.hold.number)
    for issued in case.effects:
        late = (issued.of, "rectification") in case.overdue
        if issued.event.undoes and issued.acknowledged_at is None and not late:
            yield Due(at=issued.at + days(case.clocks.rectification_days), clock="rectification", of=issued.of)
    for entry in case.accepted.values():
        counts_at = datetime.fromisoformat(read(entry.body, "counts_at", str).removesuffix("Z"))
        yield Due(at=counts_at, clock="proof", of=entry.number)
    over = case.over_at
    if over is not None and case.closed_at is None and case.hold is None:
        yield Due(at=over, clock="episode", of=0)


def _of_measure(case: Case, measure: Measure) -> Iterator[Due]:
    clocks, number = case.clocks, measure.number
    if measure.undecided:
        yield _decision(case, measure)
    elif measure.terms.needs_portfolio and measure.sent_at is None and measure.confirmed_at is not None:
        yield Due(at=measure.confirmed_at + days(clocks.portfolio_days), clock="portfolio", of=number)
    elif measure.delivered_at is None:
        yield Due(at=(measure.sent_at or measure.proposed_at) + days(clocks.delivery_days), clock="delivery", of=number)
    elif measure.taken_at is None and case.open_appeal(number) is None:
        yield Due(at=_effect_at(case, measure, measure.delivered_at), clock="notice", of=number)
    if measure.flagged_at is not None:
        yield Due(at=measure.flagged_at + days(clocks.recheck_days), clock="recheck", of=number)
    if measure.taken_at is not None:
        yield from _of_taken(measure)


def _decision(case: Case, measure: Measure) -> Due:
    """The member's time to answer runs from delivery alone; people's time to decide from then on."""
    clocks, number = case.clocks, measure.number
    if measure.ready_at is not None:
        return Due(at=measure.ready_at + days(clocks.decision_days), clock="decision", of=number)
    delivered = case.proofs.get(measure.hearing or "")
    if delivered is None:
        return Due(at=measure.asked_at + days(clocks.delivery_days), clock="delivery", of=number)
    return Due(at=delivered + days(clocks.hearing_days), clock="hearing", of=number)


def _of_taken(measure: Measure) -> Iterator[Due]:
    for at, clock in ((measure.until, "end"), (measure.review_at, "review")):
        if at is not None:
            yield Due(at=at, clock=clock, of=measure.number)


def _effect_at(case: Case, measure: Measure, delivered_at: datetime) -> datetime:
    """When a confirmed measure takes effect: notice runs from delivery, and an appeal meanwhile is answered first."""
    answers = [a.answered_at for a in case.appeals if a.of == measure.number and a.answered_at]
    return max([delivered_at + days(measure.terms.notice_days), *answers])


def due_at(case: Case) -> datetime | None:
    """When the clock next has something to do, None if no clock runs."""
    first = min(dues(case), default=None)
    return first.at if first else None


def tick(case: Case, now: datetime) -> Moves:
    """All that has fallen due, in its order; nothing if nothing has. Ticked again at the same time, it is empty."""
    begin(case, now)
    moves = Moves()
    while (first := min(dues(case), default=None)) and first.at <= now:
        passed = write(case, now, *_PASSED[first.clock](case, first, now))
        case, moves = advance(case, passed), moves + passed
    return moves


CLOCK_REVERSAL: Final = "reversal"
"""What a measure lapses by that was built on a reversed one."""


def current(case: Case, now: datetime) -> None:
    """Raise `ActRefused` where something has fallen due: nobody acts on a case that the clock has yet to move."""
    begin(case, now)
    due = due_at(case)
    if due is not None and due <= now:
        raise refused(case, f"a clock ran out at {stamp(due)}", "tick the case, then look at it again")


def _unanswered(case: Case, due: Due, now: datetime) -> tuple[Part, ...]:
    del case, now
    return (Part(kind="unanswered", author=CLOCK, body={"of": due.of}),)


def _lapsed(case: Case, due: Due, now: datetime) -> tuple[Part, ...]:
    """A missed clock has a consequence: what waited for it lapses (R34).

    Where an appeal against a measure that is over goes unanswered, the same step that came after it lapses as well.
    """
    del now
    appeal = case.appeal(due.of)
    measure = _the(case, appeal.of if appeal else due.of)
    again = [m for m in case.measures if m.step == measure.step and m.ended_at is None and m is not measure]
    return tuple(part for m in (*again, measure) for part in ending(case, lapse(m, due.clock)))


def lapse(measure: Measure, clock: str) -> Part:
    """The end of a measure by a missed clock; who was written to about it is told."""
    told = rank(measure.step) >= rank("warn") and (measure.hearing or measure.notice)
    body: dict[str, Json] = {"of": measure.number, "clock": clock, "notice": "lapsed" if told else None}
    return Part(kind="lapsed", author=CLOCK, body=body)


def _the(case: Case, number: int) -> Measure:
    return next(measure for measure in case.measures if measure.number == number)


def ending(case: Case, end: Part) -> tuple[Part, ...]:
    """The part that ends a measure, with its effects undone; a hold that was on for it is released."""
    of = end.body["of"]
    ends = replace(end, undoes=(of,) if isinstance(of, int) else ())
    return (ends, release(case.hold)) if case.hold and case.hold.of == of else (ends,)


def release(hold: Hold) -> Part:
    """The end of a hold."""
    return Part(kind="released", author=CLOCK, body={"of": hold.number, "notice": "hold_ended"}, undoes=(hold.number,))


def _imposed(case: Case, due: Due, now: datetime) -> tuple[Part, ...]:
    """Notice has run; if the day is long past, the measure lapses rather than come as a surprise."""
    measure = _the(case, due.of)
    if now > due.at + days(case.clocks.effect_days):
        return _lapsed(case, replace(due, clock="effect"), now)
    return (imposition(case, measure, CLOCK, "in_force", now),)


def imposition(case: Case, measure: Measure, author: str, notice: str, now: datetime) -> Part:
    """The entry by which a measure takes effect at `now`, with its end or the day of its review (R30)."""
    lengths = (measure.terms.days, measure.terms.review_days)
    until, review_at = (None if length is None else stamp(now + days(length)) for length in lengths)
    effects = declared(measure.step, measure.terms.effects, case.case_id)
    body: dict[str, Json] = {"of": measure.number, "until": until, "review_at": review_at, "notice": notice}
    return Part(kind="imposed", author=author, body=body, effects=effects)


def _expired(case: Case, due: Due, now: datetime) -> tuple[Part, ...]:
    """A measure ends; a warning or advice ends without a letter, since it took nothing away."""
    del now
    measure = _the(case, due.of)
    notice = None if measure.step in WITHOUT_NOTICE else "ended"
    return ending(case, Part(kind="expired", author=CLOCK, body={"of": due.of, "notice": notice}))


def _released(case: Case, due: Due, now: datetime) -> tuple[Part, ...]:
    del due, now
    return (release(case.hold),) if case.hold else ()


def _overdue(case: Case, due: Due, now: datetime) -> tuple[Part, ...]:
    del case, now
    return (Part(kind="overdue", author=CLOCK, body={"of": due.of, "clock": due.clock}),)


def _closed(case: Case, due: Due, now: datetime) -> tuple[Part, ...]:
    del case, due, now
    return (Part(kind="closed", author=CLOCK, body={}),)


def _delivered(case: Case, due: Due, now: datetime) -> tuple[Part, ...]:
    """No bounce came in time, so that the message counts as delivered from now on (P1)."""
    del now
    accepted = case.entries[due.of - 1].body
    body: dict[str, Json] = {"message": accepted["message"], "channel": accepted["channel"], "proof": accepted["proof"]}
    return (Part(kind="delivered", author=CLOCK, body=body),)


_PASSED: Final[Mapping[str, Callable[[Case, Due, datetime], tuple[Part, ...]]]] = {
    "proof": _delivered,
    "hearing": _unanswered,
    "decision": _lapsed,
    "portfolio": _lapsed,
    "delivery": _lapsed,
    "notice": _imposed,
    "end": _expired,
    "review": _lapsed,
    "recheck": _lapsed,
    "hold": _released,
    "appeal": _lapsed,
    "rectification": _overdue,
    "episode": _closed,
}

THEN: Final[Mapping[str, str]] = {
    "proof": "the letter counts as delivered",
    "hearing": "the member counts as not having answered, and people may decide",
    "decision": "what is proposed lapses",
    "portfolio": "the measure lapses",
    "delivery": "what the letter announced lapses, unless it is shown to have arrived",
    "notice": "the measure takes effect",
    "end": "the measure ends",
    "review": "the measure lapses, unless somebody looks at it again",
    "recheck": "the measure lapses, unless somebody looks at it again",
    "appeal": "the measure lapses, unless the appeal is answered",
    "hold": "the hold ends",
    "rectification": "it is on record that the marketplace is late",
    "episode": "the case closes",
}
"""What follows when a clock runs out, in words: for every clock."""


def business_days_after(start: datetime, count: int) -> datetime:
    """The same time of day `count` business days later: Monday to Friday, public holidays not known.

    >>> business_days_after(datetime(2026, 11, 27), 1)
    datetime.datetime(2026, 11, 30, 0, 0)
    """
    day = start
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day
