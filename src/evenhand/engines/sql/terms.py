"""Tables of log terms: one row per distinct fair odds, so that every engine adds the same integers (M5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pyarrow as pa

from evenhand.engines.sql.database import Connection
from evenhand.evidence.activity.grid import GRID, fair_share, terms
from evenhand.evidence.activity.statement import terms_sql

FEW_ODDS = 100_000
"""Up to so many distinct odds the terms are made by `grid.terms`, so that every engine adds the same integers (M5)."""


def make_terms(
    con: Connection,
    odds_from: str,
    table: str,
    further: Mapping[str, tuple[Callable[[float], int], str]] | None = None,
) -> None:
    """Make `table` for the distinct `odds` in the relation `odds_from`.

    `further` names columns beside those of the grid: how one is reckoned from the odds, and the same as SQL.
    """
    more = further or {}
    odds = [row[0] for row in con.execute(f"select odds from {odds_from} limit {FEW_ODDS + 1}").fetchall()]
    if len(odds) > FEW_ODDS:
        sql = terms_sql(odds_from, *(text for _, text in more.values()))
        con.execute(f"create or replace temp table {table} as {sql}")
        return
    columns = list(zip(*(terms(value) for value in odds), strict=True)) or [()] * (len(GRID) - 1)
    made = pa.table(
        {
            "odds": pa.array(odds, pa.float64()),
            **{f"b{k}": pa.array(column, pa.int64()) for k, column in enumerate(columns, start=1)},
            "share": pa.array([fair_share(value) for value in odds], pa.int64()),
            **{name: pa.array([one(value) for value in odds], pa.int64()) for name, (one, _) in more.items()},
        }
    )
    con.register("terms_made", made)
    con.execute(f"create or replace temp table {table} as select * from terms_made")
    con.unregister("terms_made")
