"""What is appended when a measure is decided: two entries, a statement of reasons, an effect, the new head."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from evenhand.decisions.case.entry import CaseEntry, CaseHead, EffectEvent, Message, Moves
from evenhand.policy.conditions.reasons import Json

AT: Final = datetime(2026, 1, 5, 9)
STATEMENT: Final = "Why this happened, by which rule, for how long, and what you can do about it. " * 40
"""As long as a statement of reasons is: three thousand characters."""

Act = tuple[Moves, CaseHead]


def opened(case_id: str) -> Act:
    """A case with the proposal on which somebody is to decide."""
    body: dict[str, Json] = {"account_id": f"of {case_id}", "procedure": "mismatch", "clocks": {"hearing": 14}}
    proposal: dict[str, Json] = {"step": "limit", "evidence": {"decided": 200, "log_e": 7.25}, "items": []}
    entries = (_entry(case_id, 1, "opened", "engine", body), _entry(case_id, 2, "proposed", "engine", proposal))
    return Moves(entries=entries), _head(case_id, "review")


def decided(case_id: str) -> Act:
    """The decision on it, by a person, with the notice to the member."""
    why: dict[str, Json] = {"of": 2, "reason": "nothing won in two hundred decisions", "opened": ["evidence"]}
    term: dict[str, Json] = {"of": 2, "until": "2026-03-06T00:00:00Z", "effects": [f"{case_id}/4/proposing"]}
    entries = (
        _entry(case_id, 3, "confirmed", "person:ana", why),
        _entry(case_id, 4, "imposed", "person:ana", term),
    )
    notice: dict[str, Json] = {"subject": "Your proposals", "text": STATEMENT, "language": "en"}
    message = Message(id=f"{case_id}/4/statement", recipient=f"of {case_id}", notice=notice)
    effect = EffectEvent(id=f"{case_id}/4/proposing", account_id=f"of {case_id}", name="proposing", value=False)
    return Moves(entries=entries, messages=(message,), effects=(effect,)), _head(case_id, "in_force")


def _entry(case_id: str, number: int, kind: str, author: str, body: dict[str, Json]) -> CaseEntry:
    at = AT + timedelta(hours=number)
    return CaseEntry(case_id=case_id, number=number, at=at, kind=kind, author=author, body=body)


def _head(case_id: str, stage: str) -> CaseHead:
    return CaseHead(
        case_id=case_id,
        account_id=f"of {case_id}",
        procedure="mismatch",
        step="limit",
        stage=stage,
        opened_at=AT,
        due_at=AT + timedelta(days=60),
        urgency=4,
    )
