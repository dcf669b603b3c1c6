"""One detail in several messages: the short messages of a sender are read on as one text.

Only what no message says by itself is taken, and of figures only what can be a whole number of a telephone: prices and
answers to questions are short messages too.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Final

from evenhand.evidence.circumvention.contact.addresses import tail
from evenhand.evidence.circumvention.contact.expressions import expression
from evenhand.evidence.circumvention.contact.fold import fold, view_of
from evenhand.evidence.circumvention.contact.item import Find
from evenhand.evidence.circumvention.contact.phones import is_spoken_of, may_exist
from evenhand.evidence.circumvention.contact.scan import scan
from evenhand.evidence.circumvention.contact.words import disguised, either, numbers, service, words

LENGTH: Final = 80
"""Characters of a message that may be a piece of something."""

TOGETHER: Final = 6
"""Messages that are read on as one."""

LESS_SURE: Final = 0.9

_TELLING: Final = either(
    [*words("at"), *words("dot"), *numbers("digits"), *service("mail"), *service("messengers"), "insta"]
)
_PIECE: Final = expression(rf"[0-9@]|\b{_TELLING}\b|^\s*[a-z0-9]+[._][a-z0-9._]+\s*$")
_MARKED: Final = re.compile("[0-9._]")
_FIGURES: Final = expression(r"\+?[0-9][0-9 \-.()]*")
_CLIPPED: Final = either([*service("messengers", "short"), *service("messengers", "clipped")])
_SERVICE: Final = rf"\b(?:{disguised(service('messengers'))}|{_CLIPPED})\b"
_LABEL: Final = expression(
    r"^\W*(?:(?:and |y )?(?:my|mi|(?:add|find|search|look)(?: me)?(?: up)? on|(?:busca|agrega)me en)\s)"
    rf"(?:el |the )?{_SERVICE}"
    rf"(?:\s{either(words('of_handle'))})?\W*$"
)
_NAME_ALONE: Final = expression(r"^\W*@?([a-z][a-z0-9]*(?:[._][a-z0-9._]*[a-z0-9_]|[0-9]{1,8}))\W*$")
_NETWORK: Final = expression(rf"\b(?:on|en|my|mi)\s(?:my |the |mi |el |la )?{_SERVICE}\W*$")
_PART: Final = expression(rf"\b{either(words('part'))}\b")


@dataclass(frozen=True, kw_only=True)
class Part:
    """A piece of a detail: `start` to `end` of message number `message`, counted from the first that is given."""

    message: int
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Spread:
    """A detail with its pieces; `find` spans the texts put together."""

    find: Find
    parts: tuple[Part, ...]


def may_complete(text: str, before: str) -> bool:
    """Whether a short message says anything by which what was said before it could become a detail."""
    return _PIECE.search(fold(text)) is not None or _LABEL.search(fold(before)) is not None


def spread(texts: Sequence[str]) -> Iterator[Spread]:
    """The details that only the messages together make; `texts` are a sender's short messages, the last is new.

    >>> [found.find.value for found in spread(["user is john.doe", "at gmail dot com"])]
    ['john.doe@gmail.com']
    """
    starts = _starts(texts, " ")
    joined = (*scan(" ".join(texts)).finds, *_number(texts, starts), *_address(texts, starts))
    spans = {(find.kind, find.start): (find, tuple(_parts(find, texts, starts))) for find in reversed(joined)}
    for find, parts in spans.values():
        if len(parts) > 1 and parts[-1].message == len(texts) - 1:
            yield Spread(find=replace(find, confidence=find.confidence * LESS_SURE), parts=parts)
    yield from _named(texts)
    yield from _before(texts)


def _starts(texts: Sequence[str], between: str) -> list[int]:
    return [0, *accumulate(len(text) + len(between) for text in texts)]


def _named(texts: Sequence[str]) -> Iterator[Spread]:
    """A name in one of the last two messages whose service the other one speaks of.

    It must look like a name, or be all that is said after `my telegram`.
    """
    last = [*texts[-2:]]
    alone = [scan(text).finds for text in last]
    for find in scan(": ".join(last)).finds:
        parts = [
            Part(message=len(texts) - 2 + part.message, start=part.start, end=part.end)
            for part in _parts(find, last, _starts(last, ": "))
        ]
        looks = _MARKED.search(find.value) or _LABEL.search(fold(last[0]))
        if find.kind in {"handle", "email"} and looks and len(parts) == 1 and not any(alone):
            yield Spread(find=replace(find, confidence=find.confidence * LESS_SURE), parts=tuple(parts))


def _before(texts: Sequence[str]) -> Iterator[Spread]:
    """A name that is all a message says, where the next one says whose network it is on (`that's my insta`)."""
    name, told = view_of(texts[-2]), view_of(texts[-1])
    found = _NAME_ALONE.search(name.text)
    if found and _NETWORK.search(told.text) and not scan(texts[-2]).finds and not scan(texts[-1]).finds:
        start, end = name.span(*found.span(1))
        value = found[1].decode("latin-1")
        find = Find(kind="handle", start=start, end=end, value=value, confidence=0.8)
        yield Spread(find=find, parts=(Part(message=len(texts) - 2, start=start, end=end),))


def _parts(find: Find, texts: Sequence[str], starts: Sequence[int]) -> Iterator[Part]:
    first = bisect_right(starts, find.start) - 1
    for number in range(first, len(texts)):
        start, end = max(find.start - starts[number], 0), min(find.end - starts[number], len(texts[number]))
        if start < end:
            yield Part(message=number, start=start, end=end)


def _number(texts: Sequence[str], starts: Sequence[int]) -> Iterator[Find]:
    """A telephone number of which every message holds a piece, with words between."""
    pieces: list[tuple[int, int]] = []
    digits = ""
    for number in range(len(texts) - 1, -1, -1):
        view = view_of(texts[number])
        figures = list(_FIGURES.finditer(view.text))
        if len(figures) != 1:
            return
        span = view.span(*figures[0].span())
        pieces.insert(0, (starts[number] + span[0], starts[number] + span[1]))
        digits = re.sub(rb"[^0-9+]", b"", figures[0][0]).decode() + digits
        spoken = fold(" ".join(texts))
        if len(pieces) > 1 and may_exist(digits) and (is_spoken_of(spoken) or _PART.search(spoken)):
            yield Find(kind="phone", start=pieces[0][0], end=pieces[-1][1], value=digits, confidence=0.85)
            return


def _address(texts: Sequence[str], starts: Sequence[int]) -> Iterator[Find]:
    """An address of which the newest message has the host, and the one before ends with the name."""
    found = tail(view_of(texts[-1]))
    name = texts[-2].split()[-1:] if found else []
    whole = len(texts[-2].split()) == 1 or (found and b"." in found[2])
    if found and name and name[0][-1].isalnum() and (whole or _MARKED.search(name[0])):
        start = starts[len(texts) - 2] + texts[-2].rindex(name[0])
        value = f"{name[0].lower()}@{found[2].decode('latin-1')}"
        yield Find(kind="email", start=start, end=starts[len(texts) - 1] + found[1], value=value, confidence=0.85)
