"""One text, all detectors: a single pass says which of them have anything to do, and most texts end there."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from evenhand.evidence.circumvention.contact import first
from evenhand.evidence.circumvention.contact.addresses import addresses
from evenhand.evidence.circumvention.contact.backwards import BACKWARDS, backwards
from evenhand.evidence.circumvention.contact.expressions import several
from evenhand.evidence.circumvention.contact.fold import View, fold, view_of
from evenhand.evidence.circumvention.contact.handles import handles
from evenhand.evidence.circumvention.contact.hosts import pages
from evenhand.evidence.circumvention.contact.item import Find
from evenhand.evidence.circumvention.contact.payments import payments, rooms
from evenhand.evidence.circumvention.contact.phones import phones
from evenhand.evidence.circumvention.contact.requests import ASKED, DECLINED, Ask, asks, declines

WINDOW, OVERLAP = 65_536, 1_024
"""Characters that are read at once, and how many of them are read twice; no detail is as long as the overlap."""

MOST: Final = 64
"""Places per form and window that are looked at closely. A text with more of them has been found out long before."""

Detector = Callable[[View, int], Iterator[Find]]

_DETECTORS: Final[tuple[tuple[str, tuple[Detector, ...]], ...]] = (
    (first.SIGN, (addresses, handles, payments)),
    (first.MAIL, (addresses,)),
    (first.DOT_WORD, (addresses, pages)),
    (first.HOST, (pages,)),
    (first.MESSENGER, (handles,)),
    (first.PAYMENT, (payments,)),
    (first.ROOM, (rooms,)),
    (first.DIGITS, (phones,)),
)
"""What a text must hold for a detector to look at it closely."""

_APART, _ASKED, _DECLINED, _BACKWARDS = range(len(_DETECTORS), len(_DETECTORS) + 4)
_FIRST: Final = several(
    [
        *(pattern for pattern, _ in _DETECTORS),
        first.APART,
        ASKED,
        DECLINED,
        BACKWARDS,
    ]
)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a text says: details it names, requests for some, and whether its writer declines."""

    finds: tuple[Find, ...] = ()
    asks: tuple[Ask, ...] = ()
    declines: bool = False


NOTHING: Final = Reading()


def scan(text: str) -> Reading:
    """What is found in `text`, in the order of the text; every span lies inside it.

    >>> [(find.kind, find.value) for find in scan("write to john at gmail dot com").finds]
    [('email', 'john@gmail.com')]
    """
    if len(text) <= WINDOW:
        return _scan(text)
    finds: list[Find] = []
    requests: list[Ask] = []
    declined = False
    for start in range(0, len(text) - OVERLAP, WINDOW - OVERLAP):
        part = _scan(text[start : start + WINDOW])
        finds += (replace(find, start=find.start + start, end=find.end + start) for find in part.finds)
        requests += (replace(ask, start=ask.start + start, end=ask.end + start) for ask in part.asks)
        declined |= part.declines
    return Reading(finds=_apart(finds), asks=tuple(dict.fromkeys(requests)), declines=declined)


def _scan(text: str) -> Reading:
    read = fold(text)
    due = _FIRST.Match(read)
    if not due:
        return NOTHING
    view = view_of(text)
    finds = [*_found(view, due)]
    if _APART in due and (closed := view.closed):
        finds += _found(closed, _FIRST.Match(closed.text))
    if _BACKWARDS in due:
        other_way = backwards(view)
        finds += _found(other_way, _FIRST.Match(other_way.text))
    asked = tuple(asks(view, MOST)) if _ASKED in due else ()
    return Reading(finds=_apart(finds), asks=asked, declines=_DECLINED in due and declines(view))


def _found(view: View, due: Iterable[int] | None) -> Iterator[Find]:
    wanted = dict.fromkeys(
        detector for number in sorted(due or ()) if number < _APART for detector in _DETECTORS[number][1]
    )
    for detector in wanted:
        yield from detector(view, MOST)


def _apart(finds: Iterable[Find]) -> tuple[Find, ...]:
    """Of finds that overlap the surer one, then the longer, then the one that stands first."""
    kept: list[Find] = []
    for find in sorted(
        finds, key=lambda find: (-find.confidence, find.start - find.end, find.start, find.kind, find.value)
    ):
        at = bisect(kept, find.start, key=lambda other: other.start)
        if (not at or kept[at - 1].end <= find.start) and (at == len(kept) or find.end <= kept[at].start):
            kept.insert(at, find)
    return tuple(kept)
