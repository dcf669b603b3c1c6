"""Filing an appeal, its dated turns, its parties, and the evidence measured anew (R32, R37)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from evenhand.decisions.case.case import Appeal, Case, Measure
from evenhand.decisions.case.clock import current
from evenhand.decisions.case.entry import ENGINE, MEMBER, Moves
from evenhand.decisions.case.people import ASKERS, Person, require
from evenhand.decisions.case.writing import Part, by, days, refused, write
from evenhand.decisions.reasons import stamp
from evenhand.policy.conditions.reasons import Json

PARTIES: Final = ("representative", "mediator", "outside_body")
"""Who may join an appeal beside the member."""


def file_appeal(
    case: Case, of: int, text: str, now: datetime, *, files: Sequence[str] = (), filed_by: str = MEMBER
) -> Moves:
    """Appeal against a measure with any fact or argument; `files` are hashes of what was attached.

    Raises `ActRefused` before a decision, after the window, or while another appeal against it is open.
    """
    current(case, now)
    measure = _appealable(case, of)
    until = window(case, measure)
    if until is not None and now > until:
        raise refused(case, f"the time to appeal ran out at {stamp(until)}", "write to the contact in the statement")
    if case.open_appeal(of) is not None:
        raise refused(case, "an appeal against it is open", "add to that one")
    body = _said(case, of, text, files, filed_by)
    return write(case, now, Part(kind="appealed", author=MEMBER, body={**body, "notice": "appeal_received"}))


def _appealable(case: Case, of: int) -> Measure:
    measure = case.measure(of)
    if measure is None or measure.sent_at is None:
        raise refused(case, f"no decision with the number {of} was sent", "before a decision, answer the question")
    return measure


def window(case: Case, measure: Measure) -> datetime | None:
    """Until when an appeal may be filed; None while there is no proof of delivery, from which the time runs (P1)."""
    return measure.delivered_at + days(case.clocks.appeal_days) if measure.delivered_at else None


def _said(case: Case, of: int, text: str, files: Sequence[str], said_by: str) -> dict[str, Json]:
    if not text.strip() and not files:
        raise refused(case, "nothing is said", "write something or attach a file")
    return {"of": of, "text": text, "files": list(files), "by": said_by}


def speak(
    case: Case, appeal: int, text: str, now: datetime, *, files: Sequence[str] = (), speaker: Person | str = MEMBER
) -> Moves:
    """Add a turn: a person's goes to the member as a letter, the member's or a party's to the queue."""
    found = open_appeal(case, appeal, now)
    if isinstance(speaker, str):
        body = _said(case, found.number, text, files, speaker)
        return write(case, now, Part(kind="spoke", author=MEMBER, body=body))
    require(speaker, ASKERS, "write to a member", case.case_id)
    body = _said(case, found.number, text, files, "staff")
    return write(case, now, Part(kind="spoke", author=by(speaker), body={**body, "notice": "appeal_turn"}))


def join(case: Case, appeal: int, name: str, role: str, now: datetime, *, invited_by: str = MEMBER) -> Moves:
    """Add a representative, a mediator or an outside body as a party."""
    found = open_appeal(case, appeal, now)
    if role not in PARTIES or not name.strip():
        known = ", ".join(f"`{party}`" for party in PARTIES)
        raise refused(case, f"`{name}` cannot join as `{role}`", f"a party has a name and is one of {known}")
    body: dict[str, Json] = {"of": found.number, "name": name, "role": role, "by": invited_by}
    return write(case, now, Part(kind="joined", author=MEMBER, body=body))


def remeasure(case: Case, appeal: int, evidence: Mapping[str, Json], now: datetime) -> Moves:
    """Record the account's evidence as it is now, so that the appeal is decided on today's facts."""
    found = open_appeal(case, appeal, now)
    body: dict[str, Json] = {"of": found.number, "evidence": dict(evidence), "log_e": evidence.get("log_e")}
    return write(case, now, Part(kind="remeasured", author=ENGINE, body=body))


def open_appeal(case: Case, number: int, now: datetime) -> Appeal:
    """The unanswered appeal `number`; raises `ActRefused` if there is none."""
    current(case, now)
    found = case.appeal(number)
    if found is None or found.answered_at is not None:
        raise refused(case, f"no open appeal has the number {number}", "look at the case again")
    return found
