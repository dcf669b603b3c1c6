"""What was read, what was refused and why, what is missing and what that costs."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from evenhand.reports.intervals import Tally
from evenhand.reports.summary import Summary
from evenhand.reports.tables import Table
from evenhand.reports.words import percent, plural

BLIND_SPOT = 0.01
"""Share of contracts without a job, or of late ones, above which no measure can follow."""


def tables_read(summary: Summary, window: str) -> Table:
    """Rows read, admitted and quarantined of every table; read = admitted + quarantined."""
    return Table(
        caption=f"Rows of each table: read = admitted + quarantined; {window}.",
        heads=("Table", "Read", "Admitted", "Quarantined"),
        rows=tuple(
            (name, read, summary.admitted.get(name, 0), Tally(count=summary.quarantined.get(name, 0), total=read))
            for name, read in summary.read.items()
        ),
    )


def quarantine(con: duckdb.DuckDBPyConnection, summary: Summary, window: str) -> Table:
    """Quarantined rows by table and reason, with the place of the first; their contents stay in the file."""
    rows = con.execute(
        """
        select "table", reason, count(*) as number,
            arg_min(file || ', row ' || "row" || coalesce(', ' || "column", ''), (file, "row"))
        from quarantine group by all order by "table", number desc, reason
        """
    ).fetchall()
    return Table(
        caption=f"Quarantined rows by table and reason; shares are of the rows read of that table; {window}.",
        heads=("Table", "Reason", "Rows", "First"),
        rows=tuple(
            (table, reason, Tally(count=number, total=summary.read.get(table, number)), first)
            for table, reason, number, first in rows
        ),
    )


def missing(summary: Summary) -> tuple[str, ...]:
    """What this market does not record and what follows from it, a sentence or two each; empty if nothing lacks."""
    return tuple(_missing(summary))


def _missing(summary: Summary) -> Iterator[str]:
    if not summary.views:
        yield (
            "No openings are recorded (viewed_at of proposals). Every loss counts as if the client had read the "
            "proposal, also where nobody opened it."
        )
    if not summary.shortlists:
        yield (
            "No interviews are recorded (interviewed_at of proposals). The evidence rests on hires alone and finds "
            "about half as many of the accounts that win far below their share; the guarantee is the same."
        )
    for exemption, facts in summary.blind_exemptions.items():
        yield (
            f"The exemption {exemption} is blind: no row of this market tells {', '.join(facts)}. It shelters nobody, "
            "and whoever it was written for can be reached like anyone else."
        )
    if summary.hidden_wins:
        yield _leak(summary.hidden_wins, "of the contracts name no job that is known", "Those wins cannot be seen.")
    if summary.late_hires:
        yield _leak(
            summary.late_hires, "of the contracts began after their job had settled", "They came too late to count."
        )
    if summary.over_the_cap:
        yield f"{plural(summary.over_the_cap, 'measure was', 'measures were')} cut by the cap of this run."


def _leak(share: float, what: str, cost: str) -> str:
    verdict = (
        "That is above 1 %, so no measure can follow from this run." if share > BLIND_SPOT else "The limit is 1 %."
    )
    return f"{percent(share)} {what}. {cost} {verdict}"
