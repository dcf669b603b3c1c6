"""The default engine: DuckDB in the process, out-of-core, every stage one or a few set-based statements."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb

from evenhand.engines.duckdb.database import DuckDBDatabase
from evenhand.engines.duckdb.linkage import DuckDBLinkage
from evenhand.engines.sql.engine import SqlEngine
from evenhand.evidence.statements import literal
from evenhand.market.schema import TABLES


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
            given = self._connection.execute(f"from market.{table} limit 0").description or ()
            absent = sorted(set(TABLES[table].names) - {column[0] for column in given})
            lacks = "".join(
                f", null::{'timestamp' if name.endswith('_at') else 'varchar'} as {name}" for name in absent
            )
            self._connection.execute(
                f"create or replace temp view {table} as "
                f"from (select *{lacks} from market.{table}) where coalesce({since} <= {now}, true)"
            )
        self._connection.execute(
            "create or replace temp view accounts as select * exclude (closed_at), "
            f"case when closed_at <= {now} then closed_at end as closed_at, "
            "case when count(*) over (partition by unit) > 1 then unit end as agency_id "
            f"from market.accounts where registered_at <= {now}"
        )
        return DuckDBLinkage(self._connection)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()
