"""A count never stands alone: it carries what it is out of, its share, and how far chance could move the share."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Final

Z_95: Final = 1.959963984540054
"""The normal quantile that leaves 2.5 % on each side."""


def wilson(count: int, total: int) -> tuple[float, float]:
    """Bounds of the 95 % score interval of a share, within [0, 1]; (0, 1) where there is nothing to go by.

    E. B. Wilson, Journal of the American Statistical Association 22 (1927), 209-212; recommended over the textbook
    interval for small counts by Brown, Cai and DasGupta, Statistical Science 16 (2001), 101-133.

    >>> [round(bound, 4) for bound in wilson(0, 20)]
    [0.0, 0.1611]
    >>> [round(bound, 4) for bound in wilson(5, 100)]
    [0.0215, 0.1118]
    """
    if total == 0:
        return 0.0, 1.0
    share, square = count / total, Z_95 * Z_95
    middle = share + square / (2 * total)
    reach = Z_95 * sqrt(share * (1 - share) / total + square / (4 * total * total))
    scale = 1 + square / total
    low = 0.0 if count == 0 else (middle - reach) / scale
    high = 1.0 if count == total else (middle + reach) / scale
    return low, high


@dataclass(frozen=True, kw_only=True)
class Tally:
    """`count` of `total` accounts."""

    count: int
    total: int

    @property
    def share(self) -> float:
        """The share as a fraction; 0 of nothing is 0."""
        return self.count / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % Wilson interval of the share, as fractions."""
        return wilson(self.count, self.total)

    def against(self, usual: float) -> str:
        """`above` or `below` if the interval leaves out the share `usual`, else empty."""
        low, high = self.interval
        return "above" if low > usual else "below" if high < usual else ""
