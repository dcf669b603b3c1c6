"""How many: who can be judged at all, whom each step's evidence reaches, who gets a measure, and what stood between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import duckdb

from evenhand.policy.types import Policy, Step
from evenhand.reports.intervals import Tally
from evenhand.reports.tables import Cell, Table
from evenhand.vocabulary import rank

HELD_BACK: Final[dict[str, str]] = {
    "closed": "The account is closed",
    "withheld": "Too many wins of this market cannot be seen",
    "vetoed": "Veto: as many wins as the floor asks for",
    "held": "A guard holds the whole group",
    "exempt": "An exemption",
    "refused": "A person refused it",
    "too_early": "An earlier step comes first",
    "in_force": "A measure is in force already",
    "pending": "A measure waits for a person",
    "cap": "The cap of this run",
}
"""What stands between the evidence and the measure, by the codes of `decisions.sentences.BLOCKED`."""

_ALWAYS: Final = frozenset({"vetoed", "exempt", "too_early", "cap"})
"""Named even where they hold nobody back, because a reader asks for them."""


@dataclass(frozen=True, kw_only=True)
class Headcount:
    """`accounts` that `as_of` sees; `members` of them can be touched (see `relation.opened`); the rest is of members.

    `counted`: anything counted, towards hires or shortlists. `enough`: 5 fair wins or more. `bites`: the evidence
    reaches a warning or more. `bitten`: one is proposed.
    """

    accounts: int
    members: int
    counted: int
    enough: int
    bites: int
    bitten: int

    @property
    def undecidable(self) -> Tally:
        """Members with fewer than 5 fair wins."""
        return self.of_members(self.members - self.enough)

    def of_members(self, count: int) -> Tally:
        """`count` out of all members."""
        return Tally(count=count, total=self.members)


def headcount(con: duckdb.DuckDBPyConnection) -> Headcount:
    """Count the heads of a run."""
    (accounts,) = con.execute("select count(*) from evidence").fetchall()[0]
    members, counted, enough, bites, bitten = con.execute(
        "select count(*), count(*) filter (counted), count(*) filter (enough), count(*) filter (bites),"
        " count(*) filter (bitten) from members"
    ).fetchall()[0]
    return Headcount(accounts=accounts, members=members, counted=counted, enough=enough, bites=bites, bitten=bitten)


def steps(con: duckdb.DuckDBPyConnection, policy: Policy, heads: Headcount, window: str) -> Table:
    """A row per step of the policy, mildest first: its condition, whom the evidence reaches, who gets it."""
    cells = con.execute("select reached, given, count(*) from members group by all").fetchall()

    def row(step: Step) -> tuple[Cell, ...]:
        place = rank(step.step)
        further = sum(number for at, _, number in cells if at >= place)
        given = sum(number for _, at, number in cells if at == place)
        return step.step, step.when.text, heads.of_members(further), heads.of_members(given)

    return Table(
        caption=f"What the evidence would allow and what is proposed now, step by step, of all members; {window}.",
        heads=("Step", "Asks for", "Evidence reaches it or further", "Proposed now"),
        rows=tuple(row(step) for step in sorted(policy.steps, key=lambda step: rank(step.step))),
    )


def held_back(con: duckdb.DuckDBPyConnection, window: str) -> Table:
    """What keeps the measure milder than the evidence would allow.

    A member who gets a milder measure instead is held back by an exemption, or else by the ladder.
    """
    found = dict(
        con.execute(
            """
            select coalesce(blocked_by, case when len(exempt) > 0 then 'exempt' else 'too_early' end) as code, count(*)
            from members where reached > given group by 1
            """
        ).fetchall()
    )
    total = sum(found.values())
    return Table(
        caption=f"Members whose evidence reaches a step further than what is proposed, by what holds them; {window}.",
        heads=("Held back by", "Members"),
        rows=tuple(
            (words, Tally(count=found.get(code, 0), total=total))
            for code, words in HELD_BACK.items()
            if code in found or code in _ALWAYS
        ),
    )


def exemptions(con: duckdb.DuckDBPyConnection, heads: Headcount, window: str) -> Table:
    """How many members each exemption shelters, and how many of those the evidence reaches; one may have several."""
    rows = con.execute(
        "select name, count(*), count(*) filter (bites)"
        " from (select unnest(exempt) as name, bites from members) group by 1 order by 1"
    ).fetchall()
    return Table(
        caption=f"Members under each exemption; one member may be under several; {window}.",
        heads=("Exemption", "Members", "Of these, evidence reaches a warning or more"),
        rows=tuple(
            (name, heads.of_members(number), Tally(count=reached, total=number)) for name, number, reached in rows
        ),
    )
