"""Made-up cases that the checks put into a store, and how a check fails."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from evenhand.decisions.case.entry import CLOSED, CaseEntry, CaseHead, EffectEvent, Message, Moves
from evenhand.decisions.case.proposing import open_case
from evenhand.decisions.case.terms import Terms, Version
from evenhand.errors import StoreRefused
from evenhand.policy.conditions.reasons import Json
from evenhand.policy.profiles import load
from evenhand.ports import Store
from evenhand.vocabulary import Procedure

BEGAN: Final = datetime(2026, 1, 5, 9, 30, 0, 123456)
"""When the made-up cases begin."""

WORDS: Final = 'Ich war krank; "no pude" \\ 参加 🙂\x00'
"""A text with all that is easily lost on the way."""


class StoreFails(Exception):
    """The store does not keep what the port promises."""


def hold(claim: object, otherwise: str) -> None:
    """Raise `StoreFails` unless the claim is true."""
    if not claim:
        raise StoreFails(otherwise)


def same(found: object, wanted: object, what: str) -> None:
    """Raise `StoreFails` unless the two are equal."""
    hold(found == wanted, f"{what}: found {found!r}, wanted {wanted!r}")


def refused(act: Callable[[], object], kind: type[StoreRefused], what: str) -> None:
    """Raise `StoreFails` unless the store refuses the act in this way."""
    try:
        act()
    except StoreRefused as refusal:
        hold(type(refusal) is kind, f"{what} was refused with {type(refusal).__name__}, not {kind.__name__}")
    else:
        raise StoreFails(f"{what} was not refused")


def entry(case_id: str, number: int, kind: str, author: str = "engine", **body: Json) -> CaseEntry:
    """One entry, an hour after the one before it."""
    at = BEGAN + timedelta(hours=number)
    return CaseEntry(case_id=case_id, number=number, at=at, kind=kind, author=author, body=body)


def head(case_id: str, account_id: str, stage: str = "deciding", **changed: object) -> CaseHead:
    """A head as the first entries leave it, with what is to be different."""
    values: dict[str, object] = {
        "case_id": case_id,
        "account_id": account_id,
        "procedure": "mismatch",
        "step": "limit",
        "stage": stage,
        "opened_at": BEGAN + timedelta(hours=1),
        "due_at": BEGAN + timedelta(days=3),
        "urgency": 0,
    }
    return CaseHead(**{**values, **changed})  # type: ignore[arg-type]  # a test names fields that a head has


def opening(case_id: str, account_id: str, procedure: Procedure = "mismatch") -> Moves:
    """A case is opened with a proposal, and the member is asked."""
    began = BEGAN + timedelta(hours=1)
    opened = open_case(case_id, account_id, procedure, load("strict"), began, regime="none", gamma=0.1)
    terms = Terms(
        after="warn",
        cure_days=None,
        notice_days=30,
        days=60,
        review_days=None,
        effects={"proposing": False},
        needs_portfolio=False,
    )
    proposal: dict[str, Json] = {
        "step": "limit",
        "terms": terms.as_body(),
        "policy": Version(name="activity", version="1", hash="ab").as_body(),
        "evidence": {"decided": 200, "log_e": 7.25},
        "reason": {},
        "sentence": WORDS,
        "items": [WORDS],
        "log_e": 7.25,
        "entered_at": None,
        "urgent": None,
        "heard_as": None,
        "notice": "hearing",
    }
    return Moves(
        entries=(*opened.entries, entry(case_id, 2, "proposed", "engine", **proposal)),
        messages=(Message(id=f"{case_id}/2/hearing", recipient=account_id, notice={"text": WORDS}),),
    )


def confirming(case_id: str) -> Moves:
    """The proposal is confirmed by `ana` and imposed, with two effects."""
    look: dict[str, Json] = {"of": 2, "reason": WORDS, "opened": [], "notice": None}
    values: dict[str, Json] = {"proposing": False, "visibility": {"lists": 0.5}}
    effects: list[Json] = [
        {"id": f"{case_id}/4/{name}", "name": name, "value": value, "undoes": None, "of": 2}
        for name, value in values.items()
    ]
    term: dict[str, Json] = {"of": 2, "until": "2026-03-06T00:00:00Z", "review_at": None, "notice": "statement"}
    return Moves(
        entries=(
            entry(case_id, 3, "confirmed", "person:ana", **look),
            entry(case_id, 4, "imposed", "clock", effects=effects, **term),
        ),
        messages=(Message(id=f"{case_id}/4/statement", recipient="m", notice={"text": "limited"}),),
        effects=tuple(
            EffectEvent(id=f"{case_id}/4/{name}", account_id="m", name=name, value=value)
            for name, value in values.items()
        ),
    )


def closing(case_id: str, number: int) -> Moves:
    """The case is closed."""
    return Moves(entries=(entry(case_id, number, "closed", "clock", reason=None, opened=[]),))


def with_people(store: Store, *names: str) -> None:
    """Put reviewers on record."""
    for name in names:
        store.add_person(name, ["reviewer"], f"the passphrase of {name}", BEGAN)


def imposed_case(store: Store, case_id: str = "c1", account_id: str = "m") -> None:
    """A case in which `ana` has confirmed a limit."""
    store.append(opening(case_id, account_id), head=head(case_id, account_id))
    store.append(confirming(case_id), head=head(case_id, account_id, "in force"))


def closed_head(case_id: str, account_id: str) -> CaseHead:
    """The head of a case in which nothing is awaited."""
    return head(case_id, account_id, CLOSED, due_at=None)
