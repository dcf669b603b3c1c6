"""Tables brought to where an engine can read them: Parquet, whatever they were before.

A source fills these records, an engine reads them; nothing here opens a file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evenhand.errors import MarketRefused
from evenhand.market.schema import TABLES
from evenhand.market.table import Table


@dataclass(frozen=True, kw_only=True)
class StagedFile:
    """One file of a table, as Parquet at `path`; `name` is what its owner calls it.

    `text` files were converted: every known column is text, `_line` (BIGINT) is the physical line a row began on.
    Of other files the row number, from 1, stands for the line. `columns` are all the columns the owner's file has,
    known or not. `rejects` is a Parquet file (`line` BIGINT, `value` text, `reason` text) of the lines that are no
    rows at all, None if there are none; `rejected` counts them. `rows` counts the rows at `path`.

    Where `uri` is given, the rows lie there, for an engine that reads more than this machine's disk; `path` names them.
    """

    path: Path
    name: str
    text: bool
    columns: tuple[str, ...]
    rows: int
    rejects: Path | None = None
    rejected: int = 0
    uri: str = ""


@dataclass(frozen=True, kw_only=True)
class StagedTable:
    """One table of the market, in one file or several; the order of the files is the order of their names."""

    name: str
    files: tuple[StagedFile, ...]

    @property
    def read(self) -> int:
        """Rows and broken lines together: what admitted + quarantined must come to."""
        return sum(file.rows + file.rejected for file in self.files)

    @property
    def unknown_columns(self) -> tuple[str, ...]:
        """Columns that no part of Evenhand knows; they are kept out and reported."""
        known = set(TABLES[self.name].names)
        return tuple(sorted({column for file in self.files for column in file.columns} - known))

    @property
    def missing_columns(self) -> tuple[str, ...]:
        """Optional columns that no file of the table has, in the order of the schema."""
        present = {column for file in self.files for column in file.columns}
        return tuple(column for column in TABLES[self.name].names if column not in present)


@dataclass(frozen=True, kw_only=True)
class StagedMarket:
    """The tables a market has, by name; `name` is what the user calls the market."""

    name: str
    tables: Mapping[str, StagedTable]


def check_columns(table: Table, columns: Sequence[str], where: str) -> None:
    """Refuse a file whose columns cannot carry `table`; `where` names the file in the refusal.

    Raises `MarketRefused` where a required column is absent, or a name stands twice (also in other case: engines
    would take one for the other).
    """
    folded = Counter(column.casefold() for column in columns)
    twice = sorted(column for column in columns if folded[column.casefold()] > 1)
    if twice:
        raise MarketRefused(
            f"column `{twice[0]}` stands {folded[twice[0].casefold()]} times: {_quoted(twice)}",
            where=where,
            hint="keep one of them; names that differ in case only count as one",
        )
    absent = [column.name for column in table.columns if column.required and column.name not in columns]
    if absent:
        raise MarketRefused(
            f"`{table.name}` needs column {_quoted(absent)}, the file has {_quoted(columns) or 'none'}",
            where=where,
            hint=f"rename or add it; `{table.name}` requires "
            + _quoted([column.name for column in table.columns if column.required]),
        )


def check_tables(market: StagedMarket) -> None:
    """Refuse a market without the four tables that everything rests on; raises `MarketRefused`."""
    absent = [table.name for table in TABLES.values() if table.required and table.name not in market.tables]
    if absent:
        raise MarketRefused(
            f"has no table {_quoted(absent)}; found {_quoted(sorted(market.tables)) or 'none at all'}",
            where=market.name,
            hint=f"add `{absent[0]}.parquet`, `.csv`, `.csv.gz`, `.jsonl`, `.jsonl.gz` "
            f"or a folder `{absent[0]}/` of such files",
        )


def _quoted(names: Sequence[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:20])
    return f"{shown} and {len(names) - 20} more" if len(names) > 20 else shown
