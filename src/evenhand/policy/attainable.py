"""How much must be missed before a step can follow at all: the guarantee against the data at hand.

Reckoned for the plainest case, an account that never wins in fields of twenty equal units on jobs with one hire
(`STATISTICS.md` section 2, "the price of certainty"). Any win, or a market whose fields differ, asks for more or less.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from evenhand.evidence.activity.grid import GRID
from evenhand.policy.expected_hits import threshold
from evenhand.policy.types import Policy, Step

ODDS: Final = 1 / 19
"""Fair odds in a field of twenty."""

_SHARE: Final = ODDS / (1 + ODDS)


@dataclass(frozen=True, kw_only=True)
class Line:
    """What one step asks of an account without a win: `e` at `floor`, hence `units` lost and `fair_wins` missed."""

    step: str
    floor: float
    e: float
    units: int
    fair_wins: float

    def sentence(self) -> str:
        """The line in words."""
        return (
            f"`{self.step}`: e of {self.e:,.6g} at floor {self.floor:g} takes {self.fair_wins:.1f} missed fair wins, "
            f"{self.units:,} losses in fields of twenty without a win"
        )


def log_e_without_wins(units: int, floor: float, odds: float = ODDS) -> float:
    """Natural log of the e-value against `floor` after `units` losses at fair odds `odds` and no win.

    >>> [round(math.exp(log_e_without_wins(units, 0.5)), 6) for units in (137, 138)]
    [19.738585, 20.198962]
    """
    gain = math.log1p(floor * odds)
    below = [point for point in GRID if point < floor]
    logs = [units * (gain - math.log1p(point * odds)) for point in below]
    return max(logs) + math.log(sum(math.exp(log - max(logs)) for log in logs) / len(below))


def units_needed(e: float, floor: float, odds: float = ODDS) -> int:
    """Fewest losses without a win after which the e-value is at least `e`, which is above 0.

    >>> [units_needed(e, 0.5) for e in (20, 100, 1000)], units_needed(20, 1.0)
    ([138, 207, 303], 68)
    """
    wanted = math.log(e)
    high = 1
    while log_e_without_wins(high, floor, odds) < wanted:
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if log_e_without_wins(middle, floor, odds) < wanted else (low, middle)
    return high


def lines(policy: Policy) -> tuple[Line, ...]:
    """One line for each e-value that a step implies; a portfolio's first member needs more (`portfolio_e`)."""
    return tuple(line for step in policy.steps for line in _lines(step, policy.guarantee.floor))


def out_of_reach(policy: Policy, most_fair_wins: float) -> tuple[Line, ...]:
    """Lines that nobody in a market can reach, whose busiest account has `most_fair_wins` counted fair wins."""
    return tuple(line for line in lines(policy) if line.fair_wins > most_fair_wins)


def portfolio_e(policy: Policy, together: int = 1) -> float | None:
    """The e-value with which `together` accounts join an empty portfolio in its first year; None without one (S5).

    >>> round(1 / (0.05 * 6 / (math.pi**2 * 20_000)))
    657974
    """
    level, family = policy.guarantee.portfolio, policy.guarantee.family
    if level is None or family is None:
        return None
    return 1 / (level * 6 / (math.pi**2 * family) * together)


def portfolio_sentence(policy: Policy) -> str | None:
    """What joining the portfolio takes, in words; None where no step waits for it."""
    alone, ten = portfolio_e(policy), portfolio_e(policy, together=10)
    if not policy.needs_portfolio or alone is None or ten is None:
        return None
    return f"the portfolio: in its first year e of {alone:,.6g} for one account alone, {ten:,.6g} each for ten at once"


def _lines(step: Step, floor: float) -> Iterator[Line]:
    asked = {point: step.when.at_least(f"e_at({point:g})") for point in step.when.floors}
    asked[floor] = max((e for e in (asked.get(floor), threshold(step, floor)) if e is not None), default=None)
    for point, e in sorted(asked.items()):
        if e is not None and e > 1:
            units = units_needed(e, point)
            yield Line(step=step.step, floor=point, e=e, units=units, fair_wins=units * _SHARE)
