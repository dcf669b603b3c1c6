"""Group calibration: is a whole group chosen less often than the fair odds say? (`STATISTICS.md` section 7.)

A group is one competitor on a job with exactly one hire, the first such job of each client. If its odds are below the
model's for reasons that nobody named, its innocent members would look guilty; so once the evidence for that is strong,
no step follows for any of them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from evenhand.evidence.activity import grid

ATTRIBUTES: Final[tuple[str, ...]] = ("country", "category", "tenure", "language")
"""By what accounts are grouped: what they say of themselves, and how long they had been there when they proposed.

Held are those who are in the group now.
"""

TENURE_DAYS: Final[tuple[tuple[str, int], ...]] = (("under_90_days", 90), ("under_365_days", 365))
"""Bands of days from registration to the proposal, each with its end; beyond the last is `LONGEST_TENURE`."""

LONGEST_TENURE: Final = "365_days_or_more"

NULL: Final = 0.8
"""A group is in order while its odds ratio is at least this: smaller differences are no reason to stop."""

POINTS: Final = sum(point < NULL for point in grid.GRID)
"""How many points of the grid lie below `NULL`, the mixture's alternatives."""

LOG_NULL: Final = round(math.log(NULL) * grid.SCALE)
"""ln of `NULL` in integer units of 1e-12."""

PUBLIC_LEVEL: Final = 0.05
"""Expected share of groups that are in order among those publicly called disadvantaged (e-BH)."""


@dataclass(frozen=True, kw_only=True)
class Guards:
    """Which groups are guarded, and how.

    A group needs `least_others` members beside the one in question. A member counts with at most its first `most_units`
    units per calendar quarter, so that a few cannot speak for all; of the jobs that settle in a calendar month the
    first `most_jobs` are looked at, so that the cost is bounded. From e >= `line` on the group is held. For units with
    an e-value of `suspect` or more the guard is reckoned without them.
    """

    attributes: tuple[str, ...] = ATTRIBUTES
    least_others: int = 200
    most_units: int = 20
    most_jobs: int = 10_000
    line: float = 1000.0
    suspect: float = 20.0


@dataclass(frozen=True, kw_only=True)
class GroupGuard:
    """One group with members enough: of how many jobs it won how many, and what a fair share of them is.

    `members` are choice units (an agency is one), `odds_ratio` is the likeliest grid point. `held` speaks of the group
    as a whole; `disadvantaged` is what may be said in public, over all groups tested.
    """

    name: str
    members: int
    jobs: int
    expected: float
    won: int
    odds_ratio: float | None
    log_e: float
    held: bool
    disadvantaged: bool


def shown(
    groups: Sequence[tuple[str, int, int, float, int, float | None, float]], guards: Guards
) -> tuple[GroupGuard, ...]:
    """The groups, given as (name, members, jobs, expected, won, odds ratio, log e), with what follows for each."""
    public = disadvantaged([group[-1] for group in groups])
    return tuple(
        GroupGuard(
            name=name,
            members=members,
            jobs=jobs,
            expected=expected,
            won=won,
            odds_ratio=odds_ratio,
            log_e=log_e,
            held=log_e >= math.log(guards.line),
            disadvantaged=said,
        )
        for (name, members, jobs, expected, won, odds_ratio, log_e), said in zip(groups, public, strict=True)
    )


def null_term(odds: float) -> int:
    """log(1 + NULL * odds) in integer units of 1e-12; `grid.terms` has the others."""
    return round(math.log1p(NULL * odds) * grid.SCALE)


def log_e(wins: int, sums: Sequence[int], null_sum: int) -> float:
    """Log of the e-value against "the group's odds ratio is at least NULL", uniform over the grid points below it.

    A group that wins nothing where its fair odds are even:

    >>> sums, null = list(grid.terms(1.0)), null_term(1.0)
    >>> [round(math.exp(log_e(0, [n * b for b in sums], n * null)), 1) for n in (1, 10, 20)]
    [1.6, 151.9, 38125.6]
    """
    relative = grid.log_likelihoods(wins, sums)
    anchor = sums[grid.ANCHOR - 1]
    null = float(wins * (LOG_NULL - grid.LOG_GRID[grid.ANCHOR]) + anchor - null_sum) / grid.SCALE
    return grid.to_nine_digits(grid.log_sum(relative[:POINTS]) - null - math.log(POINTS))


def disadvantaged(log_es: Sequence[float], level: float = PUBLIC_LEVEL) -> list[bool]:
    """Which of all groups tested may publicly be called disadvantaged: e-BH at `level` (Wang and Ramdas 2022).

    >>> disadvantaged([math.log(90.0), 0.0, math.log(30.0)])
    [True, False, True]
    """
    ordered = sorted(log_es, reverse=True)
    sizes = range(1, len(ordered) + 1)
    chosen = max((k for k in sizes if ordered[k - 1] + math.log(level * k / len(ordered)) >= 0), default=0)
    return [bool(chosen) and value >= ordered[chosen - 1] for value in log_es]
