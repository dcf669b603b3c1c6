"""The package's own grid as arrays, and the evidence of many accounts at once."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from evenhand.evidence.activity.grid import ANCHOR, GRID, LOG_GRID, SCALE, terms

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

FLOOR: Final = GRID[ANCHOR]
"""The floor of every check here, 0.5; the eleven points below it carry the mean."""

LINES: Final = (20.0, 100.0)
"""The lines of a warning and of a limit."""

NOMINAL: Final = (0.05, 0.01)
"""How often an innocent account may ever reach them."""


def loss(odds: float) -> Floats:
    """By how much a loss at `odds` multiplies each of the eleven likelihood ratios against the floor."""
    sums = terms(odds)
    at_floor = sums[ANCHOR - 1]
    logs = [at_floor, *(at_floor - sums[k - 1] for k in range(1, ANCHOR))]
    return np.exp(np.array(logs) / SCALE)


def win(odds: float) -> Floats:
    """By how much a win at `odds` multiplies them; nothing is left of the point 0."""
    ratios = np.exp((np.array(LOG_GRID[1:ANCHOR]) - LOG_GRID[ANCHOR]) / SCALE)
    return np.concatenate(([0.0], ratios)) * loss(odds)


def chance(odds: float, theta: float = FLOOR) -> float:
    """P(win) of an account with odds ratio `theta`: theta o / (1 + theta o)."""
    return theta * odds / (1 + theta * odds)


def highest_log_e(
    odds: Floats, won: Flags, counted: Flags, *, wins_enter: Flags | None = None, together: int = 1
) -> Floats:
    """The largest log e that each account ever has; rows are accounts, columns the order in which things enter.

    `together` columns at a time enter at one instant. `wins_enter` puts wins in other columns than where they were
    won: what a careless reckoning does.
    """
    entering = (won & counted) if wins_enter is None else wins_enter
    wins = np.cumsum(entering, axis=1)
    values, places = np.unique(odds, return_inverse=True)
    log_losses = np.log(np.array([loss(float(value)) for value in values]))
    log_ratios = (np.array(LOG_GRID[1:ANCHOR]) - LOG_GRID[ANCHOR]) / SCALE
    weighed = counted if wins_enter is None else (counted & ~won) | wins_enter
    total = np.zeros(odds.shape)
    for k in range(ANCHOR):
        path = np.cumsum(np.where(weighed, log_losses[places.reshape(odds.shape), k], 0.0), axis=1)
        total += np.where(wins == 0, np.exp(path), 0.0) if k == 0 else np.exp(path + wins * log_ratios[k - 1])
    highest: Floats = np.log(np.maximum(total[:, together - 1 :: together].max(axis=1), ANCHOR) / ANCHOR)
    return highest
