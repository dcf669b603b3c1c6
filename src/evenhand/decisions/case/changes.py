"""What each kind of entry changes in a case, one small function per kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from evenhand.decisions.case.body import mapping, moment, number, read, text, whole
from evenhand.decisions.case.case import Appeal, Case, Hold, Measure
from evenhand.decisions.case.entry import CaseEntry
from evenhand.decisions.case.people import people_needed
from evenhand.decisions.case.terms import read_terms, read_version
from evenhand.decisions.ledger import WARNING_LAPSES
from evenhand.vocabulary import WITHOUT_NOTICE


def _proposed(case: Case, entry: CaseEntry) -> Case:
    body = entry.body
    heard = case.measure(whole(body, "heard_as") or 0)
    hearing = entry.message
    measure = Measure(
        number=entry.number,
        proposed_at=entry.at,
        step=read(body, "step", str),
        terms=read_terms(body),
        policy=read_version(body),
        evidence=mapping(body, "evidence"),
        log_e=number(body, "log_e"),
        entered_at=moment(body, "entered_at"),
        urgent=text(body, "urgent"),
        hearing=heard.hearing if heard else hearing,
        asked_at=heard.asked_at if heard else entry.at,
        ready_at=heard.ready_at if heard else None if hearing else entry.at,
    )
    return replace(case, measures=(*case.measures, measure))


def _of(entry: CaseEntry) -> int:
    return read(entry.body, "of", int)


def _change(case: Case, of: int, change: Callable[[Measure], Measure]) -> Case:
    return replace(case, measures=tuple(change(m) if m.number == of else m for m in case.measures))


def _asked(case: Case, entry: CaseEntry) -> Case:
    """A question opens a time to answer of its own; who is asked is heard, so that nothing is urgent any more."""

    def change(measure: Measure) -> Measure:
        return replace(measure, hearing=entry.message, asked_at=entry.at, questioned=True, ready_at=None, urgent=None)

    return _change(case, _of(entry), change)


def _ready(case: Case, entry: CaseEntry) -> Case:
    return _change(case, _of(entry), lambda m: replace(m, ready_at=m.ready_at or entry.at))


def _delivered(case: Case, entry: CaseEntry) -> Case:
    """The first proof counts. A warning or advice is in force for a year from its delivery (S4)."""
    message = read(entry.body, "message", str)
    at = case.proofs.get(message, entry.at)
    told = next((measure for measure in case.measures if measure.notice == message), None)
    case = _settled(replace(case, proofs={**case.proofs, message: at}), entry)
    if told is None:
        return case
    until = at + WARNING_LAPSES if told.step in WITHOUT_NOTICE else told.until
    return _change(case, told.number, lambda m: replace(m, delivered_at=at, until=until))


def _accepted(case: Case, entry: CaseEntry) -> Case:
    return replace(case, accepted={**case.accepted, read(entry.body, "message", str): entry})


def _settled(case: Case, entry: CaseEntry) -> Case:
    """A message of which it is known whether it arrived is waited for no longer."""
    message = entry.body["message"]
    return replace(case, accepted={name: e for name, e in case.accepted.items() if name != message})


def _sent(measure: Measure, entry: CaseEntry) -> Measure:
    """The message that tells the member of it, where this entry sends one."""
    if entry.message is None or measure.notice is not None:
        return measure
    return replace(measure, notice=entry.message, sent_at=entry.at)


def _confirmed(case: Case, entry: CaseEntry) -> Case:
    def change(measure: Measure) -> Measure:
        signed = (*measure.signed, entry.person or "")
        done = len(signed) >= people_needed(measure.step)
        return _sent(replace(measure, signed=signed, confirmed_at=entry.at if done else None), entry)

    return _change(case, _of(entry), change)


def _admitted(case: Case, entry: CaseEntry) -> Case:
    return _change(case, _of(entry), lambda m: _sent(m, entry))


def _taken(case: Case, entry: CaseEntry) -> Case:
    body = entry.body
    review_at = moment(body, "review_at") if entry.kind == "imposed" else None
    until = moment(body, "until")

    def change(measure: Measure) -> Measure:
        return _sent(replace(measure, taken_at=entry.at, until=until, review_at=review_at), entry)

    return replace(_change(case, _of(entry), change), answered_at=entry.at)


def _ended(case: Case, entry: CaseEntry) -> Case:
    """The first end counts; any end but the measure's own time stops what could be built on it.

    Once the step was proposed anew, what befalls an earlier measure that is over changes nothing there (S3).
    """
    latest = {measure.step: measure.number for measure in case.measures}

    def change(measure: Measure) -> Measure:
        return replace(
            measure,
            ended_at=measure.ended_at or entry.at,
            ended_by=measure.ended_by or entry.kind,
            stopped=measure.stopped or (entry.kind != "expired" and latest[measure.step] == measure.number),
        )

    return replace(_change(case, _of(entry), change), answered_at=entry.at)


def _eased(case: Case, entry: CaseEntry) -> Case:
    """Shortened where a new end is named, else ended."""
    until = moment(entry.body, "until")
    if until is None:
        return _ended(case, entry)
    return _change(case, _of(entry), lambda m: replace(m, until=until, review_at=None, flagged_at=None))


def _reviewed(case: Case, entry: CaseEntry) -> Case:
    next_look = moment(entry.body, "review_at")
    return _change(case, _of(entry), lambda m: replace(m, review_at=next_look, flagged_at=None))


def _flagged(case: Case, entry: CaseEntry) -> Case:
    return _change(case, _of(entry), lambda m: replace(m, flagged_at=entry.at))


def _held(case: Case, entry: CaseEntry) -> Case:
    until = moment(entry.body, "until") or entry.at
    return replace(case, holds=(*case.holds, Hold(number=entry.number, of=_of(entry), until=until)))


def _released(case: Case, entry: CaseEntry) -> Case:
    holds = tuple(replace(h, released_at=entry.at) if h.number == _of(entry) else h for h in case.holds)
    return replace(case, holds=holds)


def _appealed(case: Case, entry: CaseEntry) -> Case:
    return replace(case, appeals=(*case.appeals, Appeal(number=entry.number, of=_of(entry), filed_at=entry.at)))


def _change_appeal(case: Case, appeal: int, change: Callable[[Appeal], Appeal]) -> Case:
    return replace(case, appeals=tuple(change(a) if a.number == appeal else a for a in case.appeals))


def _joined(case: Case, entry: CaseEntry) -> Case:
    role = read(entry.body, "role", str)
    return _change_appeal(case, _of(entry), lambda a: replace(a, parties=(*a.parties, role)))


def _remeasured(case: Case, entry: CaseEntry) -> Case:
    evidence = mapping(entry.body, "evidence")
    return _change_appeal(case, _of(entry), lambda a: replace(a, remeasured_at=entry.at, evidence=evidence))


def _answered_appeal(case: Case, appeal: int | None, entry: CaseEntry) -> Case:
    if appeal is None:
        return case
    return _change_appeal(case, appeal, lambda a: replace(a, answered_at=entry.at, outcome=entry.kind))


def _upheld(case: Case, entry: CaseEntry) -> Case:
    return _answered_appeal(case, read(entry.body, "appeal", int), entry)


def _partly(case: Case, entry: CaseEntry) -> Case:
    return _eased(_upheld(case, entry), entry)


def _lapsed(case: Case, entry: CaseEntry) -> Case:
    unanswered = case.open_appeal(_of(entry))
    appeal = unanswered.number if unanswered and entry.body["clock"] == "appeal" else None
    return _ended(_answered_appeal(case, appeal, entry), entry)


def _reversed(case: Case, entry: CaseEntry) -> Case:
    case = _ended(_answered_appeal(case, whole(entry.body, "appeal"), entry), entry)
    return replace(case, reversed_at=case.reversed_at or entry.at)


def _overdue(case: Case, entry: CaseEntry) -> Case:
    return replace(case, overdue=case.overdue | {(_of(entry), read(entry.body, "clock", str))})


def _acknowledged(case: Case, entry: CaseEntry) -> Case:
    name = read(entry.body, "effect", str)
    effects = tuple(replace(i, acknowledged_at=entry.at) if i.event.id == name else i for i in case.effects)
    return replace(case, effects=effects)


def _closed(case: Case, entry: CaseEntry) -> Case:
    return replace(case, closed_at=entry.at)


CHANGES: Final[Mapping[str, Callable[[Case, CaseEntry], Case]]] = {
    "proposed": _proposed,
    "asked": _asked,
    "answered": _ready,
    "unanswered": _ready,
    "accepted": _accepted,
    "delivered": _delivered,
    "bounced": _settled,
    "confirmed": _confirmed,
    "refused": _ended,
    "admitted": _admitted,
    "advised": _taken,
    "warned": _taken,
    "imposed": _taken,
    "reviewed": _reviewed,
    "eased": _eased,
    "lapsed": _lapsed,
    "expired": _ended,
    "held": _held,
    "released": _released,
    "flagged": _flagged,
    "appealed": _appealed,
    "joined": _joined,
    "remeasured": _remeasured,
    "upheld": _upheld,
    "partly": _partly,
    "reversed": _reversed,
    "acknowledged": _acknowledged,
    "overdue": _overdue,
    "closed": _closed,
}
"""By kind of entry; a kind that is not here is on record and changes nothing that is derived."""
