"""A DuckDB connection as the database of the shared SQL: its own dialect, its own reader of files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from evenhand.engines.duckdb import staged
from evenhand.engines.sql.database import Answer, UnreadableError, text
from evenhand.market.schema import Table
from evenhand.market.staging import StagedTable

_READING: Final = {
    "disabled_optimizers": "filter_pushdown",  # a condition pushed below the view would read each cell again
    "force_compression": "uncompressed",  # these relations live for one run: choosing encodings costs a quarter of it
}
_DAMAGED: Final = (
    duckdb.ConversionException,
    duckdb.InternalException,
    duckdb.InvalidInputException,
    duckdb.IOException,
)


class DuckDBDatabase:
    """`Database` over one connection, whose time zone becomes UTC.

    Memory is bounded by the connection's `memory_limit`; what exceeds it spills to its `temp_directory`.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con
        con.execute("SET TimeZone = 'UTC'")

    def execute(self, query: str) -> Answer:
        """See `Connection.execute`."""
        return self._con.execute(query)

    def register(self, view_name: str, python_object: pa.Table) -> object:
        """See `Connection.register`."""
        return self._con.register(view_name, python_object)

    def unregister(self, view_name: str) -> object:
        """See `Connection.unregister`."""
        return self._con.unregister(view_name)

    def stage(self, table: Table, given: StagedTable | None) -> frozenset[str]:
        """See `Database.stage`."""
        return staged.stage(self._con, table, given)

    def lines(self, path: Path) -> str:
        """See `Database.lines`."""
        return f"read_parquet({staged.file_literal(path)})"

    @contextmanager
    def reading(self) -> Iterator[None]:
        """See `Database.reading`; the settings that stood before stand again after it."""
        before = {name: self._con.execute(f"SELECT current_setting('{name}')").fetchall()[0][0] for name in _READING}
        for name, value in _READING.items():
            self._con.execute(f"SET {name} = {text(value)}")
        try:
            yield
        except _DAMAGED as error:
            raise UnreadableError(str(error).splitlines()[0]) from error
        for name, value in before.items():
            self._con.execute(f"SET {name} = {text(value)}")

    def copy(self, query: str, path: Path) -> None:
        """See `Database.copy`."""
        self._con.execute(f"copy ({query}) to {text(str(path))} (format parquet, compression zstd)")
