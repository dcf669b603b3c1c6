"""Messages and effects in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from evenhand.decisions.case.kept import ClaimedEffect, ClaimedMessage, Outcome, SentMessage
from evenhand.stores.memory.state import Item, Queued, State


class MemoryOutbox:
    """The part `Outbox` of the port; what each method promises stands there."""

    def __init__(self, state: State) -> None:
        self._state = state

    def claim_messages(self, now: datetime, lease: timedelta, limit: int) -> Sequence[ClaimedMessage]:
        """In the order in which they were added, the longest waiting first."""
        with self._state.lock:
            taken = _claim(self._state.messages.values(), now, lease, limit)
            return [ClaimedMessage(message=queued.item, attempt=queued.attempts) for queued in taken]

    def put_off_message(self, message_id: str, attempt: int, until: datetime) -> bool:
        """By the number of the attempt."""
        with self._state.lock:
            return _put_off(self._state.messages.get(message_id), attempt, until)

    def settle_message(self, message_id: str, now: datetime, outcome: Outcome) -> bool:
        """The first answer stays."""
        with self._state.lock:
            return _settle(self._state.messages.get(message_id), now, outcome)

    def messages(self, case_id: str) -> Sequence[SentMessage]:
        """In the order in which they were added; the notice of an erased account is empty."""
        with self._state.lock:
            return [
                SentMessage(message=q.item, attempts=q.attempts, settled_at=q.settled_at, outcome=q.outcome)
                for q in self._state.messages.values()
                if q.case_id == case_id
            ]

    def claim_effects(self, now: datetime, lease: timedelta, limit: int) -> Sequence[ClaimedEffect]:
        """What undoes another waits for it."""
        with self._state.lock:
            effects = self._state.effects
            ready = (q for q in effects.values() if not q.item.undoes or effects[q.item.undoes].settled_at)
            taken = _claim(ready, now, lease, limit)
            return [ClaimedEffect(effect=q.item, attempt=q.attempts, withdrawn=q.withdrawn) for q in taken]

    def put_off_effect(self, effect_id: str, attempt: int, until: datetime) -> bool:
        """As `put_off_message`."""
        with self._state.lock:
            return _put_off(self._state.effects.get(effect_id), attempt, until)

    def acknowledge_effect(self, effect_id: str, now: datetime) -> bool:
        """The first answer stays."""
        with self._state.lock:
            return _settle(self._state.effects.get(effect_id), now, "accepted")


def _claim(queue: Iterable[Queued[Item]], now: datetime, lease: timedelta, limit: int) -> list[Queued[Item]]:
    ready = [q for q in queue if q.settled_at is None and q.next_at <= now and (q.attempts or not q.withdrawn)]
    longest = {id(q) for q in sorted(ready, key=lambda q: q.next_at)[:limit]}
    taken = [q for q in ready if id(q) in longest]
    for queued in taken:
        queued.next_at = now + lease
        queued.attempts += 1
    return taken


def _put_off(queued: Queued[Item] | None, attempt: int, until: datetime) -> bool:
    if queued is None or queued.attempts != attempt or queued.settled_at is not None:
        return False
    queued.next_at = until
    return True


def _settle(queued: Queued[Item] | None, now: datetime, outcome: Outcome) -> bool:
    if queued is None or queued.settled_at is not None:
        return False
    queued.settled_at, queued.outcome = now, outcome
    return True
