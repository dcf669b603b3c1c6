"""Text as detectors read it: one lower-case letter, digit or sign a byte, with the way back to the original.

What a person takes for an `a` is an `a` here: wide, circled, bold, struck through, Cyrillic. Digits of every script are
digits, invisible characters are gone. A letter of another script is `LETTER`, anything else `SIGN`, so that a handle in
any script has a length and a name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from evenhand.evidence.circumvention.contact.expressions import expression
from evenhand.evidence.circumvention.contact.words import drawn

LETTER: Final = "\xe0"
SIGN: Final = "\xb7"

READ_AS: Final = {
    char: sign for key in ("signs", "letters", "turned") for sign, chars in drawn(key).items() for char in chars
}
"""Signs and letters that are drawn like another one."""

_NAMED: Final = re.compile(
    r"(?:LATIN|SQUARED|NEGATIVE|REGIONAL|CIRCLED|PARENTHESIZED|TAG)\b.*LETTER (?:SMALL CAPITAL )?([A-Z])(?: WITH .*)?"
)


def folded(char: str) -> str:
    r"""What a character is read as: one or more bytes, none where it cannot be seen.

    >>> [folded(char) for char in ("A", "é", "①", "\u0430", "\u200b", "٣", "Ж", "😀")]
    ['a', 'e', '1', 'a', '', '3', 'à', '·']
    """
    if char.isascii():
        return char.lower()
    if unicodedata.category(char) in {"Cf", "Mn", "Me"}:
        return ""
    read = _read(char)
    return read if len(read) == 1 or ord(char) > 255 else SIGN


def _read(char: str) -> str:
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    lower = char.lower()
    if lower in READ_AS:
        return READ_AS[lower]
    plain = unicodedata.normalize("NFKD", char)
    if plain != char:
        return "".join(map(folded, plain))
    name = unicodedata.name(char, "")
    if found := _NAMED.fullmatch(name):
        return found[1].lower()
    return _by_category(unicodedata.category(char))


def _by_category(category: str) -> str:
    if category == "Pd":
        return "-"
    return LETTER if category[0] == "L" else SIGN


class _Table(dict[int, str]):
    """Characters and what they are read as, filled as they are met; there are as many as Unicode has."""

    def __missing__(self, code: int) -> str:
        self[code] = read = folded(chr(code))
        return read


_APART: Final = expression(
    r"(?:^|[\s:(,;@])("
    + "|".join(rf"(?:[^\s{sign}]{sign}){{2,}}[^\s{sign}]" for sign in (" ", r"\*", r"\-", r"\.", "_", "/", r"\|"))
    + r")(?:$|[\s:,;!?)])"
)
"""Single characters with the same sign between them."""


_TABLE: Final = _Table()
_HIDDEN: Final = b"\xad"
_WESTERN: Final = bytes(ord(folded(chr(code)) or SIGN) for code in range(256))


def fold(text: str) -> bytes:
    r"""`text` as detectors read it.

    >>> fold("J\u043ehn\uff20x.DE"), fold("4️⃣2")
    (b'john@x.de', b'42')
    """
    try:
        western = text.encode("latin-1")
    except UnicodeEncodeError:
        return text.translate(_TABLE).encode("latin-1")
    return western.translate(_WESTERN, _HIDDEN)


@dataclass(frozen=True)
class View:
    """What is read, and from where in the original: `text[i]` stands at `places[i]`; none where it is the same.

    The places rise, or fall where a text is read from its end.
    """

    original: str
    text: bytes
    places: Sequence[int] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        r"""The part of the original that `start` to `end` was read from, an empty one not being asked for.

        >>> view_of("a\u200bb").span(0, 2)
        (0, 3)
        """
        if self.places is None:
            return start, end
        first, last = self.places[start], self.places[end - 1]
        return min(first, last), max(first, last) + 1

    @cached_property
    def closed(self) -> View | None:
        """The same with letters that stand apart moved together (`j o h n`, `t.e.l.e.g.r.a.m`); none where none do."""
        runs = [found.span(1) for found in _APART.finditer(self.text)]
        if not runs:
            return None
        kept: list[int] = []
        end = 0
        for start, stop in runs:
            kept += range(end, start)
            kept += range(start, stop, 2)
            end = stop
        kept += range(end, len(self.text))
        places = self.places
        text = bytes(self.text[at] for at in kept)
        return View(self.original, text, kept if places is None else [places[at] for at in kept])


def view_of(text: str) -> View:
    """`text` with the way back."""
    read = fold(text)
    if len(read) == len(text) and _HIDDEN.decode("latin-1") not in text and (text.isascii() or _one_to_one(text)):
        return View(text, read)
    places = [at for at, char in enumerate(text) for _ in _TABLE[ord(char)]]
    return View(text, read, places)


def _one_to_one(text: str) -> bool:
    return all(ord(char) < 256 for char in text)
