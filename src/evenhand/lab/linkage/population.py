"""A market of identities: a share of its accounts are a person's second one, with what people change and mistype.

Households share addresses and networks, some a device; internet cafes and agencies share devices among strangers.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Final

import duckdb

SECOND: Final = 0.04
"""The share of accounts that are a person's second one."""

TABLES: Final = ("accounts", "identities", "devices")


def populate(folder: Path, accounts: int, seed: int) -> None:
    """Write the tables of a market with so many accounts into a folder, and `truth.parquet` with who is who."""
    folder.mkdir(parents=True, exist_ok=True)
    people = accounts - round(accounts * SECOND)
    with duckdb.connect(config={"memory_limit": "4GB", "temp_directory": str(folder / ".spill")}) as con:
        for name in ("population", "tables"):
            sql = resources.files(__package__).joinpath(f"{name}.sql").read_text(encoding="utf-8")
            for number, value in (("$seed", seed), ("$people", people), ("$accounts", accounts)):
                sql = sql.replace(number, str(value))
            con.execute(sql)
        for name in (*TABLES, "truth"):
            con.execute(f"copy (from {name} order by account_id) to '{folder / name}.parquet'")
        _empty(con, folder)


def _empty(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """The tables that a market must have, without a row."""
    columns = {
        "jobs": "'' as job_id, '' as client_id, timestamp '2026-01-01' as posted_at",
        "proposals": "'' as proposal_id, '' as job_id, '' as account_id, timestamp '2026-01-01' as submitted_at",
        "contracts": "'' as contract_id, '' as account_id, '' as client_id, timestamp '2026-01-01' as started_at",
    }
    for name, selected in columns.items():
        con.execute(f"copy (select {selected} limit 0) to '{folder / name}.parquet'")
