"""What people do with a proposal: ask, confirm, lighten, refuse. The engine proposes, a person decides (R22)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from evenhand.decisions.case.body import listed, mapping, text
from evenhand.decisions.case.case import Case, Measure
from evenhand.decisions.case.clock import current, ending, imposition
from evenhand.decisions.case.entry import Moves
from evenhand.decisions.case.fold import advance
from evenhand.decisions.case.looking import Look
from evenhand.decisions.case.people import ASKERS, DECIDERS, SECOND, Person, people_needed, require
from evenhand.decisions.case.proposing import Proposal, check_ladder, proposed, taken
from evenhand.decisions.case.terms import Terms
from evenhand.decisions.case.writing import Part, by, refused, write
from evenhand.evidence.linkage.grades import SUFFICES
from evenhand.policy.conditions.reasons import Json
from evenhand.vocabulary import rank


def ask(case: Case, person: Person, question: str, look: Look, now: datetime) -> Moves:
    """Put a question to the member; their time to answer runs from its delivery, and nothing is urgent any more."""
    measure = _undecided(case, now)
    require(person, ASKERS, "ask a member", case.case_id)
    if measure.signed or (measure.ready_at is None and measure.questioned):
        raise refused(case, "a question is open, or somebody has confirmed already", "wait for the answer, or decide")
    if not question.strip():
        raise refused(case, "the question is empty", "say what the member is to answer")
    body: dict[str, Json] = {
        "of": measure.number,
        "question": question,
        "opened": look.opened_as_body(case.case_id),
        "notice": "question",
    }
    return write(case, now, Part(kind="asked", author=by(person), body=body))


def confirm(case: Case, person: Person, look: Look, now: datetime) -> Moves:
    """Confirm what is proposed; with the last signature it is warned, noticed, or waits for the market-wide set.

    Raises `ActRefused`: without the role, twice by one person, before the member was heard, before the earlier step was
    served, without having looked, without a reason of one's own.
    """
    measure = _undecided(case, now)
    require(person, SECOND if measure.signed else DECIDERS, f"confirm `{measure.step}`", case.case_id)
    if person.name in measure.signed:
        raise refused(case, f"`{person.name}` confirmed it already", "it takes another person (S6)")
    if measure.urgent is None and measure.ready_at is None:
        raise refused(case, "the member was not heard yet", "wait for the answer, or for the end of its time (R23)")
    _check_more_than_asked(case, measure)
    check_ladder(case, measure.step, measure.terms, measure.urgent, now)
    body = look.as_body(case, measure)
    if len(measure.signed) + 1 < people_needed(measure.step):
        return write(case, now, Part(kind="confirmed", author=by(person), body=body))
    if rank(measure.step) <= rank("warn"):
        kind, notice = ("warned", "warning") if measure.step == "warn" else ("advised", "advice")
        after = [taken(measure.number, kind, by(person), notice, now)]
    elif measure.urgent is not None:
        after = [imposition(case, measure, by(person), "statement", now)]
    else:
        body = {**body, "notice": None if measure.terms.needs_portfolio else "notice"}
        after = []
    return write(case, now, Part(kind="confirmed", author=by(person), body=body), *after)


def _check_more_than_asked(case: Case, measure: Measure) -> None:
    """Raise `ActRefused` where a suspected link would lead beyond its question without a paper or a witness (R15).

    Beside a resemblance one report is no proof yet: it may be the resemblance that the condition rests on.
    """
    items = [item for item in listed(case.entries[measure.number - 1].body, "items") if isinstance(item, Mapping)]
    grades = {item.get("grade") for item in items}
    reported = {str(item.get("at"))[:10] for item in items if item.get("kind") == "used_by_another"}
    proven = grades & SUFFICES or len(reported) >= (2 if grades - {None} else 1)
    if case.procedure == "linkage" and not proven:
        raise refused(
            case,
            "a resemblance lets ask and no more",
            "weigh the answer, then refuse the proposal; it takes a document, a payout account or a report (R15)",
        )


def refuse(case: Case, person: Person, look: Look, now: datetime) -> Moves:
    """Refuse what is proposed; it is not proposed again in this episode, and a member who was asked is told."""
    measure = _undecided(case, now)
    require(person, DECIDERS, "refuse a proposal", case.case_id)
    body = {**look.as_body(case, measure), "notice": "no_measure" if measure.hearing else None}
    return write(case, now, *ending(case, Part(kind="refused", author=by(person), body=body)))


def lighten(case: Case, person: Person, look: Look, step: str, on: Terms, now: datetime) -> Moves:
    """Decide for a milder step than the one proposed, on the same evidence; what the member answered counts for it."""
    measure = _undecided(case, now)
    require(person, DECIDERS, "lighten a proposal", case.case_id)
    if not rank(case.standing(now).in_force) < rank(step) < rank(measure.step):
        raise refused(case, f"`{step}` is not milder than `{measure.step}`, or is in force already", "refuse it")
    body: dict[str, Json] = {**look.as_body(case, measure), "instead": step}
    moves = write(case, now, *ending(case, Part(kind="refused", author=by(person), body=body)))
    after = advance(case, moves)
    moves += write(after, now, proposed(_milder(case, measure, step, on), by(person), heard_as=measure.number))
    return moves + confirm(advance(case, moves), person, look, now)


def _milder(case: Case, measure: Measure, step: str, on: Terms) -> Proposal:
    body = case.entries[measure.number - 1].body
    return Proposal(
        procedure=case.procedure,
        step=step,
        terms=on,
        policy=measure.policy,
        evidence=measure.evidence,
        reason=mapping(body, "reasons"),
        sentence=text(body, "sentence") or "",
        log_e=measure.log_e,
        entered_at=measure.entered_at,
        items=[item for item in listed(body, "items") if isinstance(item, dict)],
        urgent=measure.urgent,  # what nobody was heard on stays urgent, else it would follow unheard (R23)
    )


def _undecided(case: Case, now: datetime) -> Measure:
    current(case, now)
    measure = case.waiting
    if measure is None or not measure.undecided:
        raise refused(case, "no proposal waits for a person", "look at the case again")
    return measure
