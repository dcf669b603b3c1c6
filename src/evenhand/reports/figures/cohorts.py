"""Who: the same two shares for every country, tenure, volume and category, small groups folded (requirement R19)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import duckdb

from evenhand.reports.figures.reach import Headcount
from evenhand.reports.intervals import Tally
from evenhand.reports.pictures.whisker import whisker
from evenhand.reports.tables import Cell, Ranged, Table
from evenhand.reports.words import plural

SMALL: Final = 10
"""A named group of fewer members is folded: its share says nothing and its members might be recognised."""

LONGEST: Final = 15
"""At most so many named groups stand in a table, the largest ones."""


@dataclass(frozen=True, kw_only=True)
class Cohort:
    """A way of cutting members into groups.

    `key` is SQL over `members`. With `bands` it gives a place in that list, without it a name.
    """

    title: str
    key: str
    bands: tuple[str, ...] = ()


COHORTS: Final = (
    Cohort(title="Country", key="country"),
    Cohort(
        title="Time since registration",
        key="list_aggregate([account_age_days >= d for d in [90, 365, 730, 1825]], 'sum')",
        bands=("under 90 days", "90 days to 1 year", "1 to 2 years", "2 to 5 years", "5 years or more"),
    ),
    Cohort(
        title="Proposals ever submitted",
        key="list_aggregate([proposals >= n for n in [10, 50, 100, 500]], 'sum')",
        bands=("under 10", "10 to 49", "50 to 99", "100 to 499", "500 or more"),
    ),
    Cohort(title="Category", key="category"),
)


@dataclass(frozen=True, kw_only=True)
class _Group:
    name: str
    members: int
    bites: int
    bitten: int


def cohorts(con: duckdb.DuckDBPyConnection, heads: Headcount, window: str) -> tuple[Table, ...]:
    """A table per cohort: members, whom the evidence reaches at a warning or more, to whom one is proposed."""
    return tuple(_table(cohort, tuple(_groups(con, cohort)), heads, window) for cohort in COHORTS)


def _groups(con: duckdb.DuckDBPyConnection, cohort: Cohort) -> Iterator[_Group]:
    """Bands in their order; names by size, then what was folded, then those without one."""
    fold = "false" if cohort.bands else f"members < {SMALL} or place > {LONGEST}"
    rows = con.execute(f"""
        with grouped as (
            select {cohort.key} as name, count(*) as members,
                count(*) filter (bites) as bites, count(*) filter (bitten) as bitten
            from members group by 1
        ), placed as (
            select *, row_number() over (order by name is null, members desc, name) as place from grouped
        ), folded as (select *, name is not null and ({fold}) as small from placed)
        select case when not small then name end as shown, small, count(*),
            sum(members)::bigint, sum(bites)::bigint, sum(bitten)::bigint
        from folded group by 1, 2
        order by small, shown is null, {"shown" if cohort.bands else "min(place)"}
    """).fetchall()
    for name, small, groups, members, bites, bitten in rows:
        called = f"others ({plural(groups, 'group', 'groups')})" if small else _called(cohort, name)
        yield _Group(name=called, members=members, bites=bites, bitten=bitten)


def _called(cohort: Cohort, name: object) -> str:
    if name is None:
        return "not given"
    return cohort.bands[int(str(name))] if cohort.bands else str(name)


def _table(cohort: Cohort, groups: tuple[_Group, ...], heads: Headcount, window: str) -> Table:
    reached = [Tally(count=group.bites, total=group.members) for group in groups]
    given = [Tally(count=group.bitten, total=group.members) for group in groups]
    rows = zip(
        groups,
        _ranged(reached, heads.of_members(heads.bites)),
        _ranged(given, heads.of_members(heads.bitten)),
        strict=True,
    )
    return Table(
        caption=f"{cohort.title}: members of each group, and of these whom a warning or more would reach; {window}.",
        heads=(cohort.title, "Members", "Evidence reaches a warning or more", "A warning or more is proposed"),
        rows=tuple[tuple[Cell, ...], ...]((group.name, group.members, one, two) for group, one, two in rows),
    )


def _ranged(tallies: list[Tally], market: Tally) -> list[Ranged]:
    """The tallies with their whiskers on one scale, marked where they leave the share of the market."""
    widest = max((tally.interval[1] for tally in tallies if tally.total >= SMALL), default=1.0)
    return [
        Ranged(tally=tally, picture=whisker(tally, market.share, widest), mark=tally.against(market.share))
        for tally in tallies
    ]
