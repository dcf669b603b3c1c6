"""Letters leave the outbox, and what became of each is put into its case: nothing is lost, nothing sent twice (P1)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from evenhand.appeals.token import case_of
from evenhand.decisions.case.case import Case
from evenhand.decisions.case.delivering import accept, bounce, deliver
from evenhand.decisions.case.entry import Moves
from evenhand.decisions.case.kept import ClaimedMessage, Handed
from evenhand.errors import ActRefused, NoticeRefused
from evenhand.ports import Postman
from evenhand.workflows.office import Office

BATCH: Final = 10
"""Letters that one worker holds at a time."""

LEASE: Final = timedelta(minutes=20)
"""How long a worker holds a batch. Nothing leaves after half of it: one more cannot time out for so long."""

COUNTS_AFTER: Final = timedelta(hours=72)
"""A letter that a server took counts as delivered if it did not come back for so long (P1)."""

SHORTEST: Final = timedelta(minutes=5)
LONGEST: Final = timedelta(hours=6)
"""The pause after a first attempt, doubled with each, and where it grows no more."""

MOST_ATTEMPTS: Final = 20
"""Attempts after which a letter is given up, some four days after the first."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """How many letters arrived or were taken, wait for another attempt, cannot arrive."""

    handed: int = 0
    later: int = 0
    failed: int = 0


def send_notices(office: Office, postman: Postman, clock: Callable[[], datetime]) -> Sent:
    """Send everything that waits; any number of workers at a time, none of them at the same letter."""
    counts = {"handed": 0, "later": 0, "failed": 0}
    while claimed := office.store.claim_messages(began := clock(), LEASE, BATCH):
        fresh = [claim for claim in claimed if _fresh(office, claim, began)]
        carried = postman.send([claim.message for claim in fresh], began)
        for claim, handed in zip(fresh, carried, strict=True):
            now = clock()
            counts[_record(office, claim, handed, postman.channel, now)] += 1
            if now >= began + LEASE / 2:
                break
    return Sent(**counts)


def _fresh(office: Office, claim: ClaimedMessage, now: datetime) -> bool:
    """Whether a message may leave: not while its case cannot be moved, since nobody could record what became of it."""
    try:
        return not _known(office, claim, now)
    except (ActRefused, NoticeRefused):
        office.store.put_off_message(claim.message.id, claim.attempt, now + pause(claim.attempt))
        return False


def _known(office: Office, claim: ClaimedMessage, now: datetime) -> bool:
    """Settle a message whose fate is in its case already: a worker died between recording it there and here."""
    name = claim.message.id
    case = office.tick(case_of(name), now)
    came_back = any(entry.kind == "bounced" and entry.body["message"] == name for entry in case.entries)
    if not (name in case.proofs or name in case.accepted or came_back):
        return False
    office.store.settle_message(name, now, "failed" if came_back and name not in case.proofs else "accepted")
    return True


def _record(office: Office, claim: ClaimedMessage, handed: Handed, channel: str, now: datetime) -> str:
    """Into the case first, which can be told of it twice; then out of the outbox."""
    name = claim.message.id
    if handed.fate == "later" and claim.attempt < MOST_ATTEMPTS:
        office.store.put_off_message(name, claim.attempt, now + pause(claim.attempt))
        return "later"
    if handed.fate != "shown":
        office.act(case_of(name), partial(_told, name, channel, handed), now)
    left = handed.fate in {"accepted", "delivered", "shown"}
    office.store.settle_message(name, now, "accepted" if left else "failed")
    return "handed" if left else "failed"


def _told(name: str, channel: str, handed: Handed, case: Case, now: datetime) -> Moves:
    if handed.fate == "accepted":
        return accept(case, name, channel, handed.proof, now + COUNTS_AFTER, now)
    report = deliver if handed.fate == "delivered" else bounce
    return report(case, name, channel, handed.proof, now)


def pause(attempt: int) -> timedelta:
    """How long to wait after an attempt.

    >>> [str(pause(attempt)) for attempt in (1, 2, 7, 20)]
    ['0:05:00', '0:10:00', '5:20:00', '6:00:00']
    """
    return min(LONGEST, SHORTEST * (1 << min(attempt - 1, 10)))


def came_back(office: Office, message: str, channel: str, why: str, now: datetime) -> Case:
    """Record that a letter bounced after a server had taken it; raises `ActRefused` for one that nobody sent."""
    if not any(sent.message.id == message and sent.attempts for sent in office.store.messages(case_of(message))):
        raise ActRefused("no letter of this name has left", where=message, hint="is the report of another house?")
    return office.act(case_of(message), lambda case, at: bounce(case, message, channel, {"why": why}, at), now)
