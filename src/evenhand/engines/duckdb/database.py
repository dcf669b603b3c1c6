"""A DuckDB connection as the database of the shared SQL: its own dialect, its own reader of files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from evenhand.engines.duckdb import staged
from evenhand.engines.sql.database import Answer, UnreadableError, text
from evenhand.market.staging import StagedTable
from evenhand.market.table import Table

_READING: Final = {
    "disabled_optimizers": "filter_pushdown",  # a condition pushed below the view would read each cell again
    "force_compression": "uncompressed",  # these relations live for one run: choosing encodings costs a quarter of it
}
_AS_WRITTEN: Final = {
    # The planner guesses that an anti-join or a comparison leaves one row in five; after three of them it takes the
    # proposals of a whole market for the smaller side.
    "disabled_optimizers": "join_order,build_side_probe_side",
}
_ROWS: Final = 200_000
"""Rows that are handed out at once."""

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

    def batches(self, query: str) -> Iterable[pa.RecordBatch]:
        """See `Connection.batches`."""
        reader = self._con.sql(query).to_arrow_reader(_ROWS)
        empty = pa.RecordBatch.from_pylist([], schema=reader.schema)
        return chain([empty], reader)

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
        """See `Database.reading`."""
        try:
            with self._settings(_READING):
                yield
        except _DAMAGED as error:
            raise UnreadableError(str(error).splitlines()[0]) from error

    @contextmanager
    def as_written(self) -> Iterator[None]:
        """See `Connection.as_written`."""
        with self._settings(_AS_WRITTEN):
            yield

    @contextmanager
    def _settings(self, wanted: Mapping[str, str]) -> Iterator[None]:
        """`wanted` holds inside; what stood before stands again after it, unless a statement fails."""
        before = {name: self._con.execute(f"SELECT current_setting('{name}')").fetchall()[0][0] for name in wanted}
        self._set(wanted)
        yield
        self._set(before)

    def _set(self, values: Mapping[str, str]) -> None:
        for name, value in values.items():
            self._con.execute(f"SET {name} = {text(value)}")

    def copy(self, query: str, path: Path) -> None:
        """See `Database.copy`."""
        self._con.execute(f"copy ({query}) to {text(str(path))} (format parquet, compression zstd)")
