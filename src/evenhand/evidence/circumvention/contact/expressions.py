"""Regular expressions over folded text, by RE2: no text makes a search slow, and bytes mean the same everywhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Protocol

import re2


class Match(Protocol):
    """Where an expression was found; offsets are bytes of the folded text."""

    def span(self, group: int = 0) -> tuple[int, int]:
        """Start and end of a group, (-1, -1) where it took no part."""
        ...

    def start(self, group: int = 0) -> int:
        """Start of a group."""
        ...

    def end(self, group: int = 0) -> int:
        """End of a group."""
        ...

    def __getitem__(self, group: int) -> bytes:
        """The text of a group."""
        ...


class Expression(Protocol):
    """A compiled expression."""

    def finditer(self, text: bytes, pos: int = 0, endpos: int | None = None) -> Iterator[Match]:
        """All matches that do not overlap, from left to right."""
        ...

    def search(self, text: bytes, pos: int = 0, endpos: int | None = None) -> Match | None:
        """The first match."""
        ...

    def fullmatch(self, text: bytes) -> Match | None:
        """The match that is the whole text."""
        ...


class Several(Protocol):
    """Many expressions that are searched in one pass."""

    def Match(self, text: bytes) -> Sequence[int] | None:  # noqa: N802  # RE2's own name
        """The numbers of those that are found anywhere, in no order; none where nothing is."""
        ...


def _options() -> re2.Options:
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.max_mem = 64 << 20
    return options


_OPTIONS: Final = _options()


def expression(pattern: str) -> Expression:
    """`pattern` compiled."""
    compiled: Expression = re2.compile(pattern.encode("latin-1"), options=_OPTIONS)
    return compiled


def several(patterns: Sequence[str]) -> Several:
    """`patterns` compiled into one automaton."""
    together = re2.Set.SearchSet(_OPTIONS)
    for pattern in patterns:
        together.Add(pattern.encode("latin-1"))
    together.Compile()
    compiled: Several = together
    return compiled
