"""Render a run of a policy that rests on items as one HTML page that needs no network and no script."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import duckdb

from evenhand.reports.figures import admission, cohorts, reach
from evenhand.reports.inputs import ReportInputs
from evenhand.reports.intervals import Tally
from evenhand.reports.page import rendered
from evenhand.reports.relation import opened
from evenhand.reports.summary import Summary
from evenhand.reports.tables import Table

_OF_WINS: Final[Mapping[str, object]] = {
    "records": {"views": True, "shortlists": True},
    "hidden_wins": 0.0,
    "late_hires": 0.0,
    "guards": [],
    "blind_exemptions": {},
}
"""What a summary says of wins, where it says nothing."""


def render_items_report(run: ReportInputs) -> str:
    """The page of a run: the same run gives the same bytes.

    Reads evidence and items of the procedure and `quarantine.parquet` of `run.folder` in bounded memory.
    A key that `run.summary` lacks is a `KeyError`.
    """
    summary = Summary.of({**_OF_WINS, **run.summary})
    window = f"all records up to {summary.seen_at}"
    with opened(run.folder, run.policy.procedure) as con:
        heads = reach.headcount(con)
        figures = {
            "heads": heads,
            "steps": reach.steps(con, run.policy, heads, window),
            "held_back": reach.held_back(con, window),
            "kinds": _kinds(con, heads.accounts, window),
            "cohorts": cohorts.cohorts(con, heads, window),
            "tables_read": admission.tables_read(summary, window),
            "quarantine": admission.quarantine(con, summary, window),
        }
    wrong = run.policy.guarantee.wrong_items
    unseen = run.summary["unseen"]
    return rendered("items.html", run, summary=summary, window=window, wrong=wrong, unseen=unseen, **figures)


def _kinds(con: duckdb.DuckDBPyConnection, accounts: int, window: str) -> Table:
    """Items by kind and grade: how many, and against how many accounts."""
    rows = con.execute(
        "select kind || coalesce(', ' || grade, ''), count(*), count(distinct account_id) "
        "from items group by 1 order by 1"
    ).fetchall()
    return Table(
        caption=f"Items that count, and the accounts they are about, of all accounts; {window}.",
        heads=("Kind", "Items", "Accounts"),
        rows=tuple((kind, items, Tally(count=about, total=accounts)) for kind, items, about in rows),
    )
