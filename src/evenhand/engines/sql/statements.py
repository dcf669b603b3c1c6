"""The SQL files of the evidence, run one after the other."""

from __future__ import annotations

from collections.abc import Mapping

from evenhand.engines.sql.database import Connection
from evenhand.evidence.statements import Value, statements


def run(con: Connection, path: str, values: Mapping[str, Value]) -> None:
    """Execute every statement of one SQL file of the evidence, joins in the order in which they stand."""
    with con.as_written():
        for statement in statements(path, values):
            con.execute(statement)
