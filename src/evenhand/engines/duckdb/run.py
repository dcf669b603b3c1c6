"""Running the SQL files of the evidence."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from evenhand.evidence.statements import Value, statements


def run(con: duckdb.DuckDBPyConnection, path: str, values: Mapping[str, Value]) -> None:
    """Execute every statement of one SQL file of the evidence."""
    for statement in statements(path, values):
        con.execute(statement)
