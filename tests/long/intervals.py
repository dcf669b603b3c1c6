"""Shares measured by simulation, with exact binomial bounds, and the line on which a check fails (decision B2)."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from tests.long.grids import Floats

FAILS_BELOW: Final = 0.001
"""A check fails only if chance alone would show so much in one run of a thousand: the 99.9 % lower bound (B2)."""


Z_999: Final = 3.090232306167813
Z_975: Final = 1.959963984540054
"""Normal quantiles, for means of shares, which have no exact bounds."""


@dataclass(frozen=True, kw_only=True)
class Share:
    """`count` of `total` simulated accounts or worlds."""

    count: int
    total: int

    @property
    def value(self) -> float:
        """The share itself."""
        return self.count / self.total

    def lower(self, tail: float = FAILS_BELOW) -> float:
        """Exact lower bound (Clopper and Pearson, Biometrika 1934) that leaves out `tail`."""
        if self.count == 0:
            return 0.0
        return _solve(lambda p: 1 - at_most(self.count - 1, self.total, p) < tail)

    def upper(self, tail: float = FAILS_BELOW) -> float:
        """Exact upper bound that leaves out `tail`."""
        if self.count == self.total:
            return 1.0
        return _solve(lambda p: at_most(self.count, self.total, p) > tail)

    def exceeds(self, nominal: float) -> bool:
        """Whether the measured share proves more than `nominal`: what fails a check, and what shows a break."""
        return self.lower() > nominal

    def __str__(self) -> str:
        low, high = self.lower(0.025), self.upper(0.025)
        return f"{self.value:.4f} ({low:.4f} to {high:.4f})"


@dataclass(frozen=True, kw_only=True)
class Average:
    """The mean of `values` between 0 and 1, one per simulated world, with normal bounds."""

    values: Floats

    @property
    def value(self) -> float:
        """The mean itself."""
        return float(self.values.mean())

    def exceeds(self, nominal: float) -> bool:
        """Whether its 99.9 % lower bound exceeds `nominal`."""
        return self.value - Z_999 * self._error > nominal

    @property
    def _error(self) -> float:
        return float(self.values.std(ddof=1)) / math.sqrt(len(self.values))

    def __str__(self) -> str:
        low, high = max(0.0, self.value - Z_975 * self._error), self.value + Z_975 * self._error
        return f"{self.value:.4f} ({low:.4f} to {high:.4f})"


def at_most(count: int, total: int, p: float) -> float:
    """P(Binomial(total, p) <= count)."""
    k = np.arange(1, count + 1, dtype=np.float64)
    steps: Floats = np.log((total - k + 1) / k)
    logs = np.concatenate(([0.0], np.cumsum(steps)))
    logs += np.arange(count + 1) * np.log(p) + (total - np.arange(count + 1)) * np.log1p(-p)
    return float(min(1.0, np.exp(logs).sum()))


def _solve(below: Callable[[float], bool]) -> float:
    """The point at which `below` turns from true to false, within 1e-12."""
    low, high = 0.0, 1.0
    while high - low > 1e-12:
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) else (low, middle)
    return (low + high) / 2
