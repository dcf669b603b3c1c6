"""A case as the people see who decide on it, as one document: what a page, a command and a program show alike (R22)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from evenhand.appeals.precedents import Precedent
from evenhand.decisions.case.case import Appeal, Case, Measure
from evenhand.decisions.case.clock import THEN, dues
from evenhand.decisions.case.entry import MEMBER, CaseEntry
from evenhand.decisions.case.head import stage
from evenhand.decisions.case.kept import SentMessage
from evenhand.decisions.reasons import stamp
from evenhand.policy.conditions.reasons import Json
from evenhand.workflows.office import Office
from evenhand.workflows.precedents import shown

DECISIONS: Final = frozenset({"confirmed", "refused", "reviewed", "eased", "held", "upheld", "partly", "reversed"})
"""Kinds of entry that hold a person's decision and their reason."""

SPOKEN: Final = frozenset({"asked", "answered", "appealed", "spoke", "joined"})
"""Kinds of entry that are turns of the dialogue with the member."""


def case_file(office: Office, case_id: str, now: datetime) -> Mapping[str, Json]:
    """Everything on record of a case at `now`, with the precedents of what waits for a decision."""
    case = office.case(case_id, now)
    appeal = next((appeal for appeal in case.appeals if appeal.answered_at is None), None)
    return {
        **_summary(case, now),
        "measures": [_measure(case, measure) for measure in case.measures],
        "holds": [{"of": h.of, "until": stamp(h.until), "released_at": _at(h.released_at)} for h in case.holds],
        "appeals": [_appeal(found) for found in case.appeals],
        "dialogue": [_turn(entry) for entry in case.entries if entry.kind in SPOKEN],
        "decisions": [_decision(entry) for entry in case.entries if entry.kind in DECISIONS and entry.person],
        "letters": [_letter(case, sent) for sent in office.store.messages(case_id)],
        "effects": list(_effects(case)),
        "precedents": [precedent(p) for p in _precedents(office, case, appeal, now)],
    }


def member_file(office: Office, case: Case, now: datetime) -> Mapping[str, Json]:
    """The same case as its member sees it: all but who decided by name, and other people's cases (R17)."""
    letters = office.store.messages(case.case_id)
    return {
        **_summary(case, now),
        "measures": [_measure(case, measure) | {"signed": len(measure.signed)} for measure in case.measures],
        "appeals": [_appeal(found) for found in case.appeals],
        "dialogue": [_turn(entry) | {"by": _side(entry)} for entry in case.entries if entry.kind in SPOKEN],
        "letters": [_letter(case, sent) | {"text": sent.message.notice.get("text")} for sent in letters],
        "effects": list(_effects(case)),
    }


def _summary(case: Case, now: datetime) -> dict[str, Json]:
    standing = case.standing(now)
    return {
        "case_id": case.case_id,
        "account_id": case.account_id,
        "procedure": case.procedure,
        "regime": case.regime,
        "episode": case.episode_number,
        "opened_at": stamp(case.opened_at),
        "closed_at": _at(case.closed_at),
        "stage": stage(case),
        "in_force": standing.in_force,
        "waiting": standing.pending,
        "due": [
            {"at": stamp(due.at), "clock": due.clock, "of": due.of, "then": THEN[due.clock]}
            for due in sorted(dues(case))
        ],
    }


def _measure(case: Case, measure: Measure) -> dict[str, Json]:
    body = case.entries[measure.number - 1].body
    return {
        "number": measure.number,
        "step": measure.step,
        "policy": f"{measure.policy.name} {measure.policy.version}",
        "policy_hash": measure.policy.hash,
        "proposed_at": stamp(measure.proposed_at),
        "sentence": body["sentence"],
        "reasons": body["reasons"],
        "items": body["items"],
        "evidence": dict(measure.evidence),
        "terms": measure.terms.as_body(),
        "urgent": measure.urgent,
        "heard_at": _at(measure.ready_at),
        "signed": list(measure.signed),
        "confirmed_at": _at(measure.confirmed_at),
        "delivered_at": _at(measure.delivered_at),
        "taken_at": _at(measure.taken_at),
        "until": _at(measure.until),
        "review_at": _at(measure.review_at),
        "flagged_at": _at(measure.flagged_at),
        "ended_at": _at(measure.ended_at),
        "ended_by": measure.ended_by,
    }


def _appeal(appeal: Appeal) -> dict[str, Json]:
    return {
        "number": appeal.number,
        "of": appeal.of,
        "filed_at": stamp(appeal.filed_at),
        "parties": list(appeal.parties),
        "remeasured_at": _at(appeal.remeasured_at),
        "evidence": None if appeal.evidence is None else dict(appeal.evidence),
        "outcome": appeal.outcome,
        "answered_at": _at(appeal.answered_at),
    }


def _turn(entry: CaseEntry) -> dict[str, Json]:
    """A turn: who, when, what; a sealed text of an erased account is null."""
    body = entry.body
    words = body.get("question") or body.get("text")
    if entry.kind == "joined":
        words = f"{body['name']} joins as {body['role']}"
    by = f"person:{entry.person}" if entry.person else body.get("by") or MEMBER
    return {"at": stamp(entry.at), "kind": entry.kind, "by": by, "text": words, "files": body.get("files") or []}


def _side(entry: CaseEntry) -> Json:
    return "staff" if entry.person else entry.body.get("by") or MEMBER


def _decision(entry: CaseEntry) -> dict[str, Json]:
    return {
        "at": stamp(entry.at),
        "kind": entry.kind,
        "of": entry.body.get("of"),
        "by": entry.person,
        "reason": entry.body.get("reason"),
        "opened": entry.body.get("opened"),
    }


def _letter(case: Case, sent: SentMessage) -> dict[str, Json]:
    message = sent.message
    return {
        "id": message.id,
        "subject": message.notice.get("subject"),
        "hash": message.notice.get("hash"),
        "attempts": sent.attempts,
        "outcome": sent.outcome,
        "delivered_at": _at(case.proofs.get(message.id)),
    }


def _effects(case: Case) -> Iterator[Json]:
    for issued in case.effects:
        yield {
            "id": issued.event.id,
            "name": issued.event.name,
            "value": issued.event.value,
            "undoes": issued.event.undoes,
            "issued_at": stamp(issued.at),
            "acknowledged_at": _at(issued.acknowledged_at),
            "withdrawn": issued.withdrawn,
        }


def _precedents(office: Office, case: Case, appeal: Appeal | None, now: datetime) -> Sequence[Precedent]:
    """Of the appealed measure on today's evidence, else of the one that waits; none where nothing is to be decided."""
    measure = case.measure(appeal.of) if appeal else case.waiting
    if measure is None:
        return ()
    evidence = appeal.evidence if appeal and appeal.evidence is not None else measure.evidence
    return shown(office, case, measure, evidence, now)


def precedent(found: Precedent) -> dict[str, Json]:
    """A precedent as JSON."""
    return {
        "case_id": found.case_id,
        "step": found.step,
        "answer": found.answer,
        "at": stamp(found.at),
        "evidence": dict(found.evidence),
    }


def _at(time: datetime | None) -> str | None:
    return None if time is None else stamp(time)
