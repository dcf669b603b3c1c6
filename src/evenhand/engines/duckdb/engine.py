"""The default engine: DuckDB in the process, out-of-core, every stage one or a few set-based statements."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import duckdb

from evenhand.engines.duckdb.database import DuckDBDatabase
from evenhand.engines.duckdb.linkage import DuckDBLinkage
from evenhand.engines.sql.engine import SqlEngine
from evenhand.evidence.statements import literal
from evenhand.market.schema import TABLES

SQL_TYPES: Final = {"identifier": "varchar", "text": "varchar", "time": "timestamp"}
"""Of the columns that linkage compares."""


class DuckDBEngine(SqlEngine):
    """One run in a database file of its own below `scratch`; at most `memory_gb` are held, the rest spills there."""

    name = "duckdb"

    def __init__(self, scratch: Path, *, threads: int, memory_gb: float) -> None:
        self._scratch = scratch
        self._settings: dict[str, str | bool | int | float | list[str]] = {
            "threads": str(threads),
            "memory_limit": f"{memory_gb:g}GB",
            "temp_directory": str(scratch / "spill"),
            "preserve_insertion_order": "false",
        }

    def __enter__(self) -> Self:
        self._connection = duckdb.connect(str(self._scratch / "run.duckdb"), config=self._settings)
        self._con = DuckDBDatabase(self._connection)
        return self

    def linkage(self, as_of: datetime | None = None) -> DuckDBLinkage:
        """Linked accounts over the tables that were admitted, as they stand at `as_of`, else with all there is."""
        now = literal(as_of) if as_of else "'infinity'::timestamp"
        for table, since in (("identities", "recorded_at"), ("devices", "first_seen_at")):
            seen = f"from ({self._whole(table)}) where coalesce({since} <= {now}, true)"
            self._connection.execute(f"create or replace temp view {table} as {seen}")
        self._connection.execute(
            "create or replace temp view accounts as select * exclude (closed_at), "
            f"case when closed_at <= {now} then closed_at end as closed_at, "
            "case when count(*) over (partition by unit) > 1 then unit end as agency_id "
            f"from market.accounts where registered_at <= {now}"
        )
        return DuckDBLinkage(self._connection)

    def _whole(self, table: str) -> str:
        """A query for a table with all columns that there can be; what the market does not record is null."""
        recorded = {row[0] for row in self._connection.execute(f"describe market.{table}").fetchall()}
        columns = (
            f"{column.name if column.name in recorded else 'null'}::{SQL_TYPES[column.type]} as {column.name}"
            for column in TABLES[table].columns
        )
        return f"select {', '.join(columns)} from market.{table}"

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()
