"""What a member does by the link in a letter: answer, appeal, add a turn, bring somebody; no account needed (R31).

Whoever uses the link of a letter has it, so that this is proof of its delivery (P1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from evenhand.appeals.attachments import MOST, media_type
from evenhand.appeals.dialogue import file_appeal, join, speak
from evenhand.appeals.token import case_of, message_of
from evenhand.decisions.case.case import Appeal, Case
from evenhand.decisions.case.delivering import answer, deliver
from evenhand.decisions.case.entry import MEMBER, Moves
from evenhand.decisions.case.people import Person
from evenhand.errors import ActRefused
from evenhand.workflows.office import Office

CHANNEL = "link"
"""What a letter arrived by whose link was used."""


@dataclass(frozen=True, kw_only=True)
class File:
    """A file that somebody attaches, by the name they gave it."""

    name: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Words:
    """What somebody says, with what they attach; `by` says who, where it is not the member."""

    text: str
    files: Sequence[File] = ()
    by: str = MEMBER


def opened_link(office: Office, token: str, now: datetime) -> Case:
    """The case of the letter in which a token stood, with proof that this letter arrived; raises `ActRefused`."""
    message = message_of(office.secret, token)

    def deed(case: Case, at: datetime) -> Moves:
        return deliver(case, message, CHANNEL, {"link": "used"}, at)

    return office.act(case_of(message), deed, now)


def answer_by_link(office: Office, token: str, words: Words, now: datetime) -> Case:
    """The member is heard before a decision (R23)."""
    case = opened_link(office, token, now)
    files = attached(office, case.account_id, words.files, now)
    return office.act(case.case_id, lambda case, at: answer(case, words.text, at, files=files, by=words.by), now)


def appeal_by_link(office: Office, token: str, words: Words, now: datetime, *, of: int | None = None) -> Case:
    """File an appeal against the measure that entry `of` proposed; by default the latest one that was sent."""
    case = opened_link(office, token, now)
    files = attached(office, case.account_id, words.files, now)
    sent = [measure.number for measure in case.measures if measure.sent_at is not None]
    against = of if of is not None else max(sent, default=0)
    return office.act(
        case.case_id,
        lambda case, at: file_appeal(case, against, words.text, at, files=files, filed_by=words.by),
        now,
    )


def say_by_link(office: Office, token: str, words: Words, now: datetime) -> Case:
    """Add a turn to the open appeal."""
    case = opened_link(office, token, now)
    files = attached(office, case.account_id, words.files, now)
    return office.act(
        case.case_id,
        lambda case, at: speak(case, running(case).number, words.text, at, files=files, speaker=words.by),
        now,
    )


def say_as_person(office: Office, case_id: str, person: Person, words: Words, now: datetime) -> Case:
    """Add a turn of the house to the open appeal; it goes to the member as a letter."""
    files = attached(office, office.case(case_id, now).account_id, words.files, now)
    return office.act(
        case_id, lambda case, at: speak(case, running(case).number, words.text, at, files=files, speaker=person), now
    )


def join_by_link(office: Office, token: str, name: str, role: str, now: datetime) -> Case:
    """Bring a representative, a mediator or an outside body into the open appeal (R37)."""
    case = opened_link(office, token, now)
    return office.act(case.case_id, lambda case, at: join(case, running(case).number, name, role, at), now)


def running(case: Case) -> Appeal:
    """The appeal that waits for an answer; raises `ActRefused` if none does."""
    found = next((appeal for appeal in case.appeals if appeal.answered_at is None), None)
    if found is None:
        raise ActRefused("no appeal is open in this case", where=case.case_id, hint="file one first")
    return found


def attached(office: Office, account_id: str, files: Sequence[File], now: datetime) -> tuple[str, ...]:
    """Keep files under the account's key; returns their hashes. All are looked at before the first is kept."""
    if len(files) > MOST:
        raise ActRefused(f"{len(files)} files", where="attachments", hint=f"at most {MOST} at a time")
    kinds = [media_type(file.content, file.name) for file in files]
    return tuple(
        office.store.attach(account_id, file.content, kind, now) for file, kind in zip(files, kinds, strict=True)
    )
