"""Accounts whose evidence also begins anew each month: is the promise kept, and what is gained?"""

from __future__ import annotations

import numpy as np

from evenhand.evidence.activity.grid import GRID
from evenhand.evidence.activity.restart import LATEST
from tests.long.draws import Dice
from tests.long.grids import FLOOR, Flags, Floats

ODDS = 1 / 19
"""Fair odds among twenty proposals."""

POINTS = np.array([point for point in GRID if point < FLOOR])


def highest(dice: Dice, accounts: int, thetas: Floats) -> tuple[Floats, Floats]:
    """Highest log e ever, of the whole record and of the restart mixture, on jobs at the odds ratios `thetas`.

    The jobs are spread evenly over 24 months; a look after each.
    """
    chances = thetas * ODDS / (1 + thetas * ODDS)
    lost = np.log1p(FLOOR * ODDS) - np.log1p(POINTS * ODDS)
    won = np.log(np.maximum(POINTS, 1e-9) / FLOOR) + lost
    state = np.zeros((accounts, len(POINTS)))
    begun: list[Floats] = []
    has_won = np.zeros((LATEST + 1, accounts), dtype=bool)
    whole, mixed = np.zeros(accounts), np.zeros(accounts)
    for job, chance in enumerate(chances):
        if job * (LATEST + 1) // len(chances) == len(begun):
            begun.append(state.copy())
        wins = dice.random(accounts) < chance
        has_won[: len(begun), wins] = True
        state += np.where(wins[:, None], won, lost)
        e = [_mean(state - start, has_won[place]) for place, start in enumerate(begun)]
        waiting = LATEST + 1 - len(begun)
        whole = np.maximum(whole, np.log(e[0]))
        mixed = np.maximum(mixed, np.log(e[0] / 2 + (sum(e[1:]) + waiting) / (2 * LATEST)))
    return whole, mixed


def _mean(logs: Floats, has_won: Flags) -> Floats:
    """The e-value: the mean over the grid; odds of nothing are out of the question after a win."""
    likelihoods = np.exp(logs)
    likelihoods[has_won, 0] = 0.0
    mean: Floats = likelihoods.mean(axis=1)
    return mean
