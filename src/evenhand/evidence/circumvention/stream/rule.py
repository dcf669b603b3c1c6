"""Do this account's talks end without a hire more often than its category explains? (`STATISTICS.md` section 6.)

The mirror of the activity evidence (section 2): the null says that the odds of such an end are at most `NULL` times the
fair ones, the alternatives lie above. The ratio falls when a talk ends in a hire and rises when it does not, so the
boundary is least favourable step by step, as in Theorem 1.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from evenhand.evidence.activity.grid import GRID as ODDS_RATIOS
from evenhand.evidence.activity.grid import LOG_GRID, SCALE, log_sum, to_nine_digits

NULL: Final = 2.0
"""Odds ratios up to this are innocent: clients and trades differ."""

GRID: Final[tuple[float, ...]] = (2.8, 4.0, 5.6, 8.0)
"""The alternatives, with equal weights."""

PARTS: Final = 1000
"""A rate is a whole number of thousandths, rounded up, the safe side: so all engines add the same integers (M5)."""

LOWEST: Final = 10
"""No rate is believed to be lower: what has not been seen yet may still happen."""

MOST: Final = 980
"""From this rate on an end without a hire says nothing."""

PRIOR: Final = 20
"""Talks of the whole market that are added to a category's own, at the market's rate: its shrinkage."""

LEAST: Final = 100
"""Talks that must have settled before any rate is believed."""

TINY: Final = 10
"""A contract is tiny if so many of them fit into the budget of its job."""

SILENT_DAYS: Final = 90
"""Days without a contract or a message after which two parties are silent."""

LOG_RATIOS: Final = tuple(LOG_GRID[ODDS_RATIOS.index(t)] - LOG_GRID[ODDS_RATIOS.index(NULL)] for t in GRID)
"""ln of each alternative against the null, in integer units of 1e-12."""


def rate(ended: int, talks: int, ended_of_all: int, all_talks: int) -> int:
    """Thousandths of talks that end without a hire, from a category's and the market's earlier ones.

    >>> rate(3, 10, 250, 1000)
    267
    """
    above = float(PARTS * (ended * all_talks + PRIOR * ended_of_all))
    below = float(all_talks * (talks + PRIOR))
    return max(LOWEST, math.ceil(above / below))


def terms(thousandths: int) -> tuple[int, ...]:
    """What a talk at this rate adds for each alternative, if it ends in a hire, in integer units of 1e-12."""
    odds = thousandths / (PARTS - thousandths)
    return tuple(round(math.log1p(NULL * odds) * SCALE) - round(math.log1p(t * odds) * SCALE) for t in GRID)


def log_e(ended: int, sums: Sequence[int]) -> float:
    """Log of the e-value, from the ends without a hire and the sums of `terms` over all talks.

    Twelve such ends at a rate of one in five, and six of twelve:

    >>> [round(log_e(n, [12 * term for term in terms(200)]), 6) for n in (12, 6)]
    [7.143495, 0.472514]
    """
    values = [float(ended * ratio + own) / SCALE for ratio, own in zip(LOG_RATIOS, sums, strict=True)]
    return to_nine_digits(log_sum(values) - math.log(len(GRID)))
