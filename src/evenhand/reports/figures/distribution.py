"""How the evidence is spread over members, with the policy's lines in it."""

from __future__ import annotations

from math import ceil, inf, log, log10
from typing import Final

import duckdb

from evenhand.reports.figures.reach import Headcount
from evenhand.reports.intervals import Tally
from evenhand.reports.lines import Line
from evenhand.reports.pictures.histogram import Bin, histogram
from evenhand.reports.pictures.svg import Picture
from evenhand.reports.tables import Cell, Table
from evenhand.reports.words import counted, exactly, plain, plural

PER_DECADE: Final = 4
"""Bars per factor of ten."""

LOWEST: Final = -3
"""Evidence under 10 to this power is one bar: far on the safe side, how far does not matter."""


def distribution(con: duckdb.DuckDBPyConnection, lines: tuple[Line, ...], heads: Headcount, window: str) -> Picture:
    """Members by the e-value of their evidence, those without anything counted left out and said so."""
    highest = max([3, *(ceil(log10(line.e)) + 2 for line in lines)])
    bins = _bins(con, highest)
    return Picture(
        svg=histogram(bins, lines, (LOWEST, highest)),
        caption=f"{plural(heads.counted, 'member', 'members')} with anything counted, by evidence e; "
        f"{counted(heads.members - heads.counted)} without are left out. "
        "Each mark upwards is ten times as many members. The bars at both ends hold everything beyond. "
        f"Window: {window}.",
        table=_between(con, lines, heads.counted, window),
    )


def _bins(con: duckdb.DuckDBPyConnection, highest: int) -> tuple[Bin, ...]:
    rows = con.execute(
        """
        select greatest(least(floor(log_e / ln(10) * $per), $high * $per), $low * $per - 1)::integer as place, count(*)
        from members where counted group by 1 order by 1
        """,
        {"per": PER_DECADE, "high": highest, "low": LOWEST},
    ).fetchall()
    return tuple(Bin(low=place / PER_DECADE, high=(place + 1) / PER_DECADE, number=number) for place, number in rows)


def _between(con: duckdb.DuckDBPyConnection, lines: tuple[Line, ...], total: int, window: str) -> Table:
    """Members between each two lines, with the bound that holds for an innocent one (Ville 1939)."""
    edges = [1.0, *(line.e for line in lines)]

    def row(name: str, low: float, high: float) -> tuple[Cell, ...]:
        ((number,),) = con.execute(
            "select count(*) from members where counted and log_e >= ? and log_e < ?",
            [log(low) if low else -inf, log(high)],
        ).fetchall()
        bound = f"at most {exactly(1 / low)}" if low > 1 else "no bound"
        return name, Tally(count=number, total=total), bound

    names = [f"from {plain(line.e)}: {line.step}" for line in lines]
    ends = [*edges[1:], inf]
    return Table(
        caption=f"Members with anything counted, by where their evidence e lies; {window}.",
        heads=("Evidence e", "Members", "An innocent member ever gets this far"),
        rows=(
            row("under 1: the record speaks for the member", 0.0, 1.0),
            *(
                row(name, low, high)
                for name, low, high in zip(["from 1: not enough", *names], edges, ends, strict=True)
            ),
        ),
    )
