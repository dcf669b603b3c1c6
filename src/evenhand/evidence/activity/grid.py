"""The grid of odds ratios and the reckoning on it, in integers (`STATISTICS.md` section 2, decisions E1, E2, M5).

Evidence is a sum of logs. Each log is rounded once to a multiple of 1e-12 and kept as an integer, so that a sum
is the same whatever the order, the engine or the number of threads. An account's state for one outcome is its
number of wins and nineteen integers, one for each grid point above 0 (the term of the point 0 is always 0).
"""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Sequence
from typing import Final

GRID: Final[tuple[float, ...]] = (
    0.0, 0.01, 0.02, 0.035, 0.05, 0.07, 0.1, 0.14, 0.2, 0.28, 0.35,
    0.5, 0.7, 1.0, 1.4, 2.0, 2.8, 4.0, 5.6, 8.0,
)  # fmt: skip
"""Odds ratios on which likelihoods are kept: 0 and nineteen more."""

SCALE: Final = 10**12
"""Integer units per natural-log unit, and per fair win."""

ANCHOR: Final = GRID.index(0.5)
"""Likelihoods are held relative to this point; the confidence bounds spread their prior on either side of it."""

LOG_GRID: Final[tuple[int, ...]] = (0, *(round(math.log(t) * SCALE) for t in GRID[1:]))
"""ln of each grid point in integer units; the entry of the point 0 is never read."""

LARGEST_ODDS: Final = 49
"""A unit with larger fair odds, a fair share above .98, gives no evidence (`DATA.md`, "Words")."""

ENOUGH: Final = 5
"""Fair wins below which nothing can be said of an account (`STATISTICS.md` section 10)."""

BOUND_EVIDENCE: Final = math.log(20)
"""What the mixture must exceed for a 95 % confidence bound."""


def log_e_at(floor: float) -> str:
    """Name of the column that holds log e at `floor`.

    >>> log_e_at(0.5), log_e_at(1.0)
    ('log_e_at_0_5', 'log_e_at_1')
    """
    return "log_e_at_" + f"{floor:g}".replace(".", "_")


def terms(odds: float) -> tuple[int, ...]:
    """log(1 + t * odds) for the nineteen grid points above 0, in integer units of 1e-12.

    >>> terms(1 / 19)[ANCHOR - 1]
    25975486403
    """
    return tuple(round(math.log1p(t * odds) * SCALE) for t in GRID[1:])


def fair_share(odds: float) -> int:
    """The fair share odds / (1 + odds), in integer units of 1e-12 fair wins."""
    return round(odds / (1 + odds) * SCALE)


def log_likelihoods(wins: int, sums: Sequence[int]) -> list[float]:
    """Log likelihood at each grid point relative to 0.5, from `wins` and the nineteen sums of `terms`.

    The point 0 is impossible (minus infinity) after the first win.
    """
    anchor = sums[ANCHOR - 1]
    at_zero = float(anchor) / SCALE if wins == 0 else -math.inf
    above = (float(wins * (LOG_GRID[k] - LOG_GRID[ANCHOR]) + anchor - sums[k - 1]) / SCALE for k in range(1, len(GRID)))
    return [at_zero, *above]


def log_sum(values: Sequence[float]) -> float:
    """Log of the sum of exp of `values`, the largest taken out first so that nothing overflows.

    >>> log_sum([0.0, -math.inf])
    0.0
    """
    if len(values) == 1:
        return values[0]
    top = max(values)
    return top + math.log(functools.reduce(operator.add, (math.exp(value - top) for value in values)))


def to_nine_digits(value: float) -> float:
    """`value` on a grid of 1e-9: what is left of the last bit in which two mathematical libraries may differ."""
    return value if math.isinf(value) else math.floor(value * 1e9 + 0.5) / 1e9


def log_e(wins: int, sums: Sequence[int], floor: float) -> float:
    """Log of the e-value against "odds ratio at least `floor`": the uniform mean over the grid points below it.

    `STATISTICS.md` section 2, E_a; within 1e-6 of the exact formula, never clipped. Zero wins in 137 and in 138
    fields of twenty:

    >>> [round(math.exp(log_e(0, [n * b for b in terms(1 / 19)], 0.5)), 5) for n in (137, 138)]
    [19.73858, 20.19896]
    """
    point = GRID.index(floor)
    relative = log_likelihoods(wins, sums)
    return to_nine_digits(log_sum(relative[:point]) - relative[point] - math.log(point))


def log_mean(log_e_hire: float, log_e_shortlist: float) -> float:
    """Log of the mean of two e-values; minus infinity only where both are 0."""
    top, low = max(log_e_hire, log_e_shortlist), min(log_e_hire, log_e_shortlist)
    if top == -math.inf:
        return top
    return to_nine_digits(top + math.log(1 + math.exp(low - top)) - math.log(2))


def odds_ratio(wins: int, sums: Sequence[int]) -> float | None:
    """Grid point with the largest likelihood, ties to the larger; None before anything counted (decision E2)."""
    if not any(sums):
        return None
    relative = log_likelihoods(wins, sums)
    best = max(relative)
    return GRID[max(k for k, value in enumerate(relative) if value == best)]


def odds_ratio_high(wins: int, sums: Sequence[int]) -> float | None:
    """Upper 95 % bound, valid at every look; None if there is none up to 8 (decision E2).

    The smallest point that is outweighed twenty times by the eleven points below 0.5 that lie below it.
    """
    relative = log_likelihoods(wins, sums)
    for k in range(1, len(GRID)):
        if log_sum(relative[: min(k, ANCHOR)]) - math.log(ANCHOR) - relative[k] >= BOUND_EVIDENCE:
            return GRID[k]
    return None


def odds_ratio_low(wins: int, sums: Sequence[int]) -> float | None:
    """Lower 95 % bound, the mirror of the upper one over the eight points above 0.5; assumes a constant odds ratio."""
    relative = log_likelihoods(wins, sums)
    count = len(GRID) - 1 - ANCHOR
    for k in reversed(range(1, len(GRID) - 1)):
        if log_sum(relative[max(k, ANCHOR) + 1 :]) - math.log(count) - relative[k] >= BOUND_EVIDENCE:
            return GRID[k]
    return None
