"""Empirical Bayes: in which order a person looks at cases, and nothing else (`STATISTICS.md` section 0, line 10).

How odds ratios are spread over the grid is estimated from a sample of the accounts (nonparametric maximum likelihood:
Kiefer and Wolfowitz 1956; EM: Laird 1978); given that, each account's chance of lying below the floor follows by Bayes'
rule from its hires. It finds more than the e-values do and guarantees nothing: it is as good as its spread and the fair
shares.
"""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Sequence
from typing import Final

from evenhand.evidence.activity.grid import GRID, log_likelihoods, to_nine_digits

SAMPLE: Final = 1_000
"""Accounts that the spread is estimated from: those with the smallest sha256 of their identifier, whatever they won."""

ROUNDS: Final = 60
"""Rounds of EM from the uniform spread; further ones hardly move the order of the queue."""

State = tuple[int, Sequence[int]]
"""An account's hires: wins and the nineteen sums of `grid.terms`."""


def spread(states: Sequence[State]) -> tuple[float, ...]:
    """Shares of the twenty grid points among the accounts with these `states`, uniform where there are none."""
    shares = [1 / len(GRID)] * len(GRID)
    rows = [_likelihoods(state) for state in states]
    for _ in range(ROUNDS if rows else 0):
        means = [0.0] * len(GRID)
        for row in rows:
            parts = list(map(operator.mul, shares, row))
            scale = 1 / (_total(parts) * len(rows))
            means = [mean + part * scale for mean, part in zip(means, parts, strict=True)]
        shares = means
    return tuple(shares)


def below(state: State, shares: Sequence[float], floor: float) -> float:
    """The chance that the account's odds ratio lies below `floor`, where ratios are spread over the grid as `shares`.

    >>> below((0, [0] * 19), [0.05] * 20, 0.5)
    0.55
    """
    parts = [share * likelihood for share, likelihood in zip(shares, _likelihoods(state), strict=True)]
    return to_nine_digits(_total(parts[: GRID.index(floor)]) / _total(parts))


def _likelihoods(state: State) -> list[float]:
    """Likelihood at each grid point relative to the largest."""
    logs = log_likelihoods(*state)
    top = max(logs)
    return [math.exp(value - top) for value in logs]


def _total(values: Sequence[float]) -> float:
    """The sum, from left to right, as SQL adds it."""
    return functools.reduce(operator.add, values)
