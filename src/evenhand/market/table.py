"""What a table is, and what a column: records that the tables of a market are written in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

CellType = Literal["identifier", "text", "time", "number", "whole", "boolean", "word", "weight"]
"""What a cell holds: `whole` has no fraction, `word` is one of `Column.words`, `weight` is kept in millionths."""

MAX_IDENTIFIER_CHARACTERS: Final = 128
EARLIEST: Final = datetime(1990, 1, 1)
"""An earlier time is impossible (decision M1): no admitted row is older."""
MOST: Final = 1e12
"""No amount of money or hours in a market is larger, up or down; sums of cents stay whole numbers."""

MAX_WEIGHT: Final = 1_000_000
MICRO: Final = 1_000_000
"""Weights are kept as whole numbers of millionths, so that their sums do not depend on the order (decision M5)."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of one table.

    `references` names the table whose key the cell must meet; `not_before` the column of the same row that it may
    not precede; `low` and `high` bound a number; `without` is what the column's absence costs. `money` cells are in
    US dollars unless `currency` says otherwise. `event` is False where a time tells nothing of when things happened.
    """

    name: str
    type: CellType
    doc: str
    required: bool = False
    words: tuple[str, ...] = ()
    references: str = ""
    not_before: str = ""
    low: float | None = None
    high: float | None = None
    money: bool = False
    event: bool = True
    without: str = ""


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table. `key` is empty where only exact repeats can be told; `without` is what the table's absence costs."""

    name: str
    doc: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    required: bool = False
    without: str = ""

    def column(self, name: str) -> Column:
        """The column called `name`; KeyError if the table has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all columns, in the order in which faults are looked for."""
        return tuple(column.name for column in self.columns)

    @property
    def own_time(self) -> str | None:
        """The column that tells when a row came to be: the first required time; None where rows have no time."""
        return next((column.name for column in self.columns if column.type == "time" and column.required), None)

    @property
    def content(self) -> tuple[str, ...]:
        """The columns that make two rows the same: all but `recorded_at`, which speaks of the row, not of the event."""
        return tuple(column.name for column in self.columns if column.name != RECORDED_AT.name)


RECORDED_AT: Final = Column(
    name="recorded_at",
    type="time",
    doc="When the row became known.",
    event=False,
    without="a past date cannot be seen as it was known then, only as it is known now",
)
