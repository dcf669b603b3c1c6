"""What a member does by the link in a letter: answer, appeal, add a turn, bring somebody; no account needed (R31).

Whoever uses the link of a letter has it, so that this is proof of its delivery (P1).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from evenhand.appeals.attachments import LONGEST, MOST, media_type
from evenhand.appeals.dialogue import PARTIES, file_appeal, join, speak
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
    """What somebody says, with what they attach; `by` is the member or a kind of party, whoever acts for the house."""

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

    def deed(case: Case, files: Sequence[str], at: datetime) -> Moves:
        return answer(case, words.text, at, files=files, by=words.by)

    return _said(office, opened_link(office, token, now), words, deed, now)


def appeal_by_link(office: Office, token: str, words: Words, now: datetime, *, of: int | None = None) -> Case:
    """File an appeal against the measure that entry `of` proposed; by default the latest one that was sent."""

    def deed(case: Case, files: Sequence[str], at: datetime) -> Moves:
        sent = [measure.number for measure in case.measures if measure.sent_at is not None]
        against = of if of is not None else max(sent, default=0)
        return file_appeal(case, against, words.text, at, files=files, filed_by=words.by)

    return _said(office, opened_link(office, token, now), words, deed, now)


def say_by_link(office: Office, token: str, words: Words, now: datetime) -> Case:
    """Add a turn to the open appeal."""
    return _said(office, opened_link(office, token, now), words, partial(_spoken, words, words.by), now)


def say_as_person(office: Office, case_id: str, person: Person, words: Words, now: datetime) -> Case:
    """Add a turn of the house to the open appeal; it goes to the member as a letter."""
    return _said(office, office.case(case_id, now), words, partial(_spoken, words, person), now)


def _spoken(words: Words, speaker: Person | str, case: Case, files: Sequence[str], at: datetime) -> Moves:
    return speak(case, running(case).number, words.text, at, files=files, speaker=speaker)


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


def _said(
    office: Office, case: Case, words: Words, deed: Callable[[Case, Sequence[str], datetime], Moves], now: datetime
) -> Case:
    """Keep the files under the account's key, then the words that name them by their hashes.

    Nothing is kept where the case would refuse the words. Raises `ActRefused` for a speaker who is no party, too long a
    text, too many files, and for a file that `media_type` refuses.
    """
    if words.by not in {MEMBER, *PARTIES}:
        known = ", ".join(f"`{name}`" for name in (MEMBER, *PARTIES))
        raise ActRefused(f"nobody speaks here as `{words.by}`", where=case.case_id, hint=f"speakers are {known}")
    if len(words.text) > LONGEST:
        raise ActRefused(f"a text of more than {LONGEST:,} characters", where=case.case_id, hint="attach it as a file")
    if len(words.files) > MOST:
        raise ActRefused(f"{len(words.files)} files", where="attachments", hint=f"at most {MOST} at a time")
    kinds = [media_type(file.content, file.name) for file in words.files]
    hashes = tuple(hashlib.sha256(file.content).hexdigest() for file in words.files)
    ticked = office.tick(case.case_id, now)
    deed(ticked, hashes, max(now, ticked.last.at))
    for file, kind in zip(words.files, kinds, strict=True):
        office.store.attach(case.account_id, file.content, kind, now)
    return office.act(case.case_id, lambda case, at: deed(case, hashes, at), now)
