"""Settings of a connection that suit some statements and not the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from duckdb import DuckDBPyConnection

AS_WRITTEN: Final = {"disabled_optimizers": "join_order,build_side_probe_side"}
"""Joins run in the order in which they stand, the right side held in memory.

The planner guesses that an anti-join or a comparison leaves one row in five; after three of them it takes the proposals
of a whole market for the smaller side. Whoever writes the statement knows better: the largest relation stands first.
"""


@contextmanager
def settings(con: DuckDBPyConnection, wanted: Mapping[str, str]) -> Iterator[None]:
    """`wanted` holds inside; what stood before stands again after it, unless a statement fails."""
    before = {name: con.execute(f"select current_setting('{name}')").fetchall()[0][0] for name in wanted}
    _set(con, wanted)
    yield
    _set(con, before)


def _set(con: DuckDBPyConnection, values: Mapping[str, str]) -> None:
    for name, value in values.items():
        con.execute(f"set {name} = '{value}'")
