"""What this room asks of a database: it takes statements in DuckDB's dialect, and keeps Arrow tables under a name.

An engine that speaks another dialect turns each statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from evenhand.market.staging import StagedTable
from evenhand.market.table import Table


class Answer(Protocol):
    """Rows of one statement."""

    @property
    def description(self) -> Sequence[Any] | None:
        """One entry per column, its name first."""
        ...

    def fetchall(self) -> list[Any]:
        """All rows that are left, as tuples."""
        ...

    def fetchmany(self, size: int = ...) -> list[Any]:
        """The next rows, none at the end; memory is bounded by `size`."""
        ...


class Connection(Protocol):
    """Runs statements; relations live as long as it does."""

    def execute(self, query: str) -> Answer:
        """Run one statement, or several parted by semicolons; the answer is the last one's."""
        ...

    def batches(self, query: str) -> Iterable[pa.RecordBatch]:
        """The rows of `query` in its order, some at a time; one batch at least, and memory is bounded by one.

        Raises `RunRefused` where the engine has no way to hand them out.
        """
        ...

    def register(self, view_name: str, python_object: pa.Table) -> object:
        """Let statements read an Arrow table as `view_name`."""
        ...

    def unregister(self, view_name: str) -> object:
        """Forget what was registered as `view_name`."""
        ...

    def as_written(self) -> AbstractContextManager[None]:
        """While it lasts, joins run in the order in which they stand where that is the faster way.

        The largest relation of a statement stands first: whoever wrote it knows, where a planner has to guess.
        """
        ...


class Database(Connection, Protocol):
    """A connection that also reads and writes files."""

    def stage(self, table: Table, staged: StagedTable | None) -> frozenset[str]:
        """Create the view `staged.<table>`: `file_no`, `row_no`, and three columns for each known column of the table.

        They are what the cell means (`"<column>"`, null if it cannot be read), whether it holds anything
        (`"<column> given"`), and how it looks (`"<column> look"`, text). The names of the known columns that some file
        has are returned.
        """
        ...

    def lines(self, path: Path) -> str:
        """SQL that stands for the rows of a Parquet file of `StagedFile.rejects`."""
        ...

    def reading(self) -> AbstractContextManager[None]:
        """What suits the admission of one table while it lasts; raises `UnreadableError`."""
        ...

    def copy(self, query: str, path: Path) -> None:
        """Write the rows of `query`, in its order, into one Parquet file on this machine."""
        ...


class UnreadableError(Exception):
    """A file that opens, but breaks off or is damaged inside; the message is the engine's."""


def text(value: str) -> str:
    """`value` as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"
