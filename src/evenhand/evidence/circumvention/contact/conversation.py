"""Messages in their order: who named a detail, who had asked for it, who declined, and if a contract was running."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple

from evenhand.evidence.circumvention.contact.circumstances import Circumstances, allowance
from evenhand.evidence.circumvention.contact.item import Deed, Find, Kind
from evenhand.evidence.circumvention.contact.scan import NOTHING, Reading, scan
from evenhand.evidence.circumvention.contact.spread import LENGTH, TOGETHER, may_complete, spread

REMEMBERED: Final = 100_000
"""Conversations of which the latest short messages and requests are kept; the longest silent one goes first."""


class Message(NamedTuple):
    """A row of `messages`; `thread_id` may be empty, then the two accounts are the thread."""

    message_id: str
    sender_id: str
    recipient_id: str
    sent_at: datetime
    text: str
    thread_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Place:
    """`start` to `end` of the text of a message, or of a profile."""

    message_id: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Item:
    """One item of evidence (R14): what `by` did towards `to`, where it stands, and what speaks for it.

    `to` is empty in a profile, which is for everybody. The one who did it is the sender; what members receive is never
    an item of theirs. `kind` is the detail that was offered or asked for, none where one declined. `requested`: the
    other side had asked before. `allowance` is the name of the circumstance that allows it, empty where none does.
    """

    deed: Deed
    kind: Kind | None
    places: tuple[Place, ...]
    value: str
    confidence: float
    by: str
    to: str
    at: datetime
    after_contract: bool
    requested: bool = False
    allowance: str = ""


@dataclass(kw_only=True)
class _Side:
    """What is remembered of one side of a conversation."""

    pieces: deque[Message] = field(default_factory=lambda: deque(maxlen=TOGETHER))
    asked: bool = False


@dataclass(kw_only=True)
class Conversations:
    """Reads messages in the order of time, any number of conversations at once, in bounded memory."""

    remembered: int = REMEMBERED
    _sides: OrderedDict[tuple[str, str, str], _Side] = field(default_factory=OrderedDict)

    def read(self, message: Message, around: Circumstances) -> tuple[Item, ...]:
        """The items of one message, with what the earlier ones of its conversation add to it."""
        reading = scan(message.text)
        joined: list[tuple[Find, tuple[Place, ...]]] = []
        if len(message.text) <= LENGTH:
            pieces = self._side(message).pieces
            pieces.append(message)
            joined = [(find, places) for find, places in _joined(pieces) if not _said(places[-1], reading)]
            if joined:
                pieces.clear()
        if not joined and reading is NOTHING:
            return ()
        if reading.asks:
            self._side(message).asked = True
        return tuple(self._items(message, reading, around, joined))

    def _items(
        self,
        message: Message,
        reading: Reading,
        around: Circumstances,
        joined: Iterable[tuple[Find, tuple[Place, ...]]],
    ) -> Iterator[Item]:
        runs = around.contract_since is not None and message.sent_at >= around.contract_since
        record = _Record(message, around, runs=runs, requested=self._requested(message))
        for find, places in joined:
            yield record.offered(find, places)
        for find in reading.finds:
            yield record.offered(find, (Place(message_id=message.message_id, start=find.start, end=find.end),))
        for ask in reading.asks:
            yield record.asked(ask.kind, Place(message_id=message.message_id, start=ask.start, end=ask.end))
        if reading.declines:
            yield record.declined(Place(message_id=message.message_id, start=0, end=len(message.text)))

    def _requested(self, message: Message) -> bool:
        other = self._sides.get((message.thread_id, message.recipient_id, message.sender_id))
        return other is not None and other.asked

    def _side(self, message: Message) -> _Side:
        key = (message.thread_id, message.sender_id, message.recipient_id)
        side = self._sides.setdefault(key, _Side())
        self._sides.move_to_end(key)
        if len(self._sides) > self.remembered:
            self._sides.popitem(last=False)
        return side


@dataclass(frozen=True)
class _Record:
    """Writes items of one message."""

    message: Message
    around: Circumstances
    runs: bool = field(kw_only=True)
    requested: bool = field(kw_only=True)

    def offered(self, find: Find, places: tuple[Place, ...]) -> Item:
        return self._item(
            deed="offered",
            kind=find.kind,
            places=places,
            value=find.value,
            confidence=find.confidence,
            allowance=allowance(find, self.around, runs=self.runs),
        )

    def asked(self, kind: Kind, place: Place) -> Item:
        return self._item(deed="asked", kind=kind, places=(place,))

    def declined(self, place: Place) -> Item:
        return self._item(deed="declined", kind=None, places=(place,))

    def _item(
        self,
        *,
        deed: Deed,
        kind: Kind | None,
        places: tuple[Place, ...],
        value: str = "",
        confidence: float = 0.9,
        allowance: str = "",
    ) -> Item:
        return Item(
            deed=deed,
            kind=kind,
            places=places,
            value=value,
            confidence=confidence,
            by=self.message.sender_id,
            to=self.message.recipient_id,
            at=self.message.sent_at,
            after_contract=self.runs,
            requested=self.requested,
            allowance=allowance,
        )


def _joined(pieces: Sequence[Message]) -> Iterator[tuple[Find, tuple[Place, ...]]]:
    """Details that a sender's latest short messages make together, the newest being needed for them."""
    if len(pieces) > 1 and may_complete(pieces[-1].text, pieces[-2].text):
        for found in spread([piece.text for piece in pieces]):
            yield (
                found.find,
                tuple(
                    Place(message_id=pieces[part.message].message_id, start=part.start, end=part.end)
                    for part in found.parts
                ),
            )


def _said(place: Place, reading: Reading) -> bool:
    """Whether the newest message says by itself what is found at a place of it."""
    return any(find.start < place.end and place.start < find.end for find in reading.finds)


def answerable(items: tuple[Item, ...], account: str) -> tuple[Item, ...]:
    """What may be held against an account: details that it named itself, before a contract, under no allowance.

    Asking, receiving and declining are none of it.
    """
    return tuple(
        item
        for item in items
        if item.by == account and item.deed == "offered" and not item.after_contract and not item.allowance
    )
