"""A table as data: the template knows how to draw one, the figures only what stands in it."""

from __future__ import annotations

from dataclasses import dataclass

from evenhand.reports.intervals import Tally


@dataclass(frozen=True, kw_only=True)
class Ranged:
    """A tally drawn as well as written: `picture` is a small SVG that repeats the numbers beside it.

    `mark` is `above` or `below` where the interval leaves out the share of the whole market, else empty.
    """

    tally: Tally
    picture: str
    mark: str


Cell = str | int | Tally | Ranged


@dataclass(frozen=True, kw_only=True)
class Table:
    """`heads` name the columns, the first cell of each row names the row; `caption` says what and over which window."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
