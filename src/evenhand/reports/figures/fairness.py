"""Fair wins against wins: what members won beside what a full fair share would have brought them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, pairwise
from typing import Final

import duckdb

from evenhand.reports.intervals import Tally
from evenhand.reports.pictures.heat import Cell as Spot
from evenhand.reports.pictures.heat import Grid, heat
from evenhand.reports.pictures.svg import Picture
from evenhand.reports.tables import Table
from evenhand.reports.words import plural

COLUMNS: Final = 36
"""Columns of the grid over fair wins; with the rows it bounds the picture, whatever the market's size."""

ROWS: Final = 26
"""At most so many rows over wins; small numbers have a row each."""

_BANDS: Final = (0.0, 1.0, 5.0, 15.0, 30.0)


def fairness(con: duckdb.DuckDBPyConnection, floor: float, window: str) -> Picture:
    """Members with anything counted towards hires, gathered into a grid of at most `COLUMNS` by `ROWS` cells."""
    total, widest, most = con.execute(
        "select count(*), coalesce(max(fair_wins), 0), coalesce(max(wins), 0)::bigint from members where decided > 0"
    ).fetchall()[0]
    grid = Grid(across=across(float(widest)), up=up(int(most)))
    spots = tuple(
        Spot(column=column, row=row, number=number, reached=reached)
        for column, row, number, reached in con.execute(
            """
            select list_aggregate([fair_wins >= edge for edge in $across], 'sum')::integer - 1 as x,
                list_aggregate([wins >= edge for edge in $up], 'sum')::integer - 1 as y,
                count(*), count(*) filter (bites)
            from members where decided > 0 group by 1, 2 order by 1, 2
            """,
            {"across": list(grid.across[:-1]), "up": list(grid.up[:-1])},
        ).fetchall()
    )
    return Picture(
        svg=heat(grid, spots, floor),
        caption=f"{plural(total, 'member', 'members')} with anything counted: wins (upwards) against fair wins, which "
        "is what a full fair share would have brought (to the right). The larger and darker a square, the more are "
        f"in it; a ring marks squares with a member whom a warning or more reaches; {window}.",
        table=_bands(con, window),
    )


def across(widest: float) -> tuple[float, ...]:
    """Edges over fair wins, evenly spaced in the logarithm of 1 + fair wins, from 0 to at least `widest`.

    >>> [round(edge, 2) for edge in across(3.0)][::12]
    [0.0, 0.59, 1.52, 3.0]
    """
    base = 1 + max(widest, 1.0)
    return tuple(base ** (place / COLUMNS) - 1 for place in range(COLUMNS + 1))


def up(most: int) -> tuple[float, ...]:
    """Edges over wins, halves so that no number lies on one: a row per number, wider rows when that is too many.

    >>> up(3)
    (-0.5, 0.5, 1.5, 2.5, 3.5)
    >>> len(up(100_000)) <= ROWS + 1
    True
    """
    growth = 1.0
    while len(edges := tuple(islice(_growing(most, growth), ROWS + 2))) > ROWS + 1:
        growth += 0.05
    return edges


def _growing(most: int, growth: float) -> Iterator[float]:
    edge, height = -0.5, 1.0
    yield edge
    while edge < most:
        edge += int(height)
        height *= growth
        yield edge


def _bands(con: duckdb.DuckDBPyConnection, window: str) -> Table:
    rows = con.execute(
        """
        select list_aggregate([fair_wins >= edge for edge in $bands], 'sum')::integer - 1 as band, count(*),
            sum(fair_wins), sum(wins)::bigint, count(*) filter (wins = 0), count(*) filter (full_share)
        from members where decided > 0 group by 1 order by 1
        """,
        {"bands": list(_BANDS)},
    ).fetchall()
    names = [*(f"{low:g} to {high:g}" for low, high in pairwise(_BANDS)), f"{_BANDS[-1]:g} or more"]
    return Table(
        caption=f"The same members by fair wins; {window}.",
        heads=(
            "Fair wins",
            "Members",
            "Fair wins in all",
            "Wins in all",
            "Without a win",
            "Interval holds a full share",
        ),
        rows=tuple(
            (
                names[band],
                number,
                f"{fair:,.1f}",
                int(wins),
                Tally(count=none, total=number),
                Tally(count=full, total=number),
            )
            for band, number, fair, wins, none, full in rows
        ),
    )
