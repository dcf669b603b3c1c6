"""How many innocent accounts a step may hit, read out of its condition (R2, S6).

An e-value reaches x for an innocent account with probability at most 1/x, ever (`STATISTICS.md` section 2, theorem 1).
"Innocent" is relative to a floor: at least that share of the fair odds at every opportunity.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from evenhand.policy.conditions.names import e_at
from evenhand.policy.types import Policy, Step

BASE_RATES: Final = (0.01, 0.05, 0.10)
"""Shares of accounts that do fall short of the floor, at which figures are printed."""

FOUND: Final = 0.5
"""Share of those whom the step is taken to find: an assumption, printed with every figure that needs it."""


@dataclass(frozen=True, kw_only=True)
class Hits:
    """What one step may do to the innocent.

    `bound` is the probability that an account at or above `floor` ever reaches the step; None: nothing bounds it.
    `portfolio` bounds the expected share of such accounts among all on whom the step acts, None without a portfolio.
    """

    step: str
    floor: float
    bound: float | None
    portfolio: float | None

    def expected(self, innocents: int) -> float | None:
        """Largest expected number ever hit among `innocents`.

        >>> Hits(step="limit", floor=0.5, bound=0.01, portfolio=None).expected(1000)
        10.0
        """
        return None if self.bound is None else self.bound * innocents

    def share(self, base_rate: float, found: float = FOUND) -> float | None:
        """Largest expected wrong hits over all expected hits, where `base_rate` of the accounts fall short.

        Of those, `found` are hit; the portfolio's own bound holds whatever the two are.

        >>> round(Hits(step="limit", floor=0.5, bound=0.01, portfolio=None).share(0.05), 3)
        0.275
        """
        return self.portfolio if self.bound is None else self._share(self.bound, base_rate, found)

    def sentences(self, rates: Sequence[float] = BASE_RATES) -> Iterator[str]:
        """The figures in words, one line each."""
        if self.bound is None:
            yield f"`{self.step}`: nothing bounds wrong hits"
            return
        line = "a full fair share" if self.floor == 1 else f"{self.floor:g} of a fair share"
        yield (
            f"`{self.step}`: of 1,000 accounts at or above {line}, at most "
            f"{self.bound * 1000:.3g} are ever hit (1 in {1 / self.bound:,.6g} each)"
        )
        for rate in rates:
            yield (
                f"  where {rate:.0%} of accounts fall short and {FOUND:.0%} of those are found, "
                f"at most {self._share(self.bound, rate, FOUND):.1%} of the hits are wrong"
            )
        if self.portfolio is not None:
            yield f"  of all it ever acts on, at most {self.portfolio:.0%} are expected to be wrong, at any base rate"

    def _share(self, bound: float, base_rate: float, found: float) -> float:
        wrong = bound * (1 - base_rate)
        share = wrong / (wrong + found * base_rate)
        return share if self.portfolio is None else min(share, self.portfolio)


def expected_hits(policy: Policy) -> tuple[Hits, ...]:
    """The figures of every step, in the order of the ladder."""
    return tuple(_hits(policy, step) for step in policy.steps)


def threshold(step: Step, floor: float) -> float | None:
    """The e-value against "at least `floor`" that the step implies: of both outcomes, of hires, or at a lower point."""
    names = ["e", "e_hire", *(e_at(point).text for point in step.when.floors if point <= floor)]
    return max((bound for name in names if (bound := step.when.at_least(name)) is not None), default=None)


def any_threshold(step: Step) -> float | None:
    """The largest e-value that the step implies, against whatever floor."""
    return threshold(step, max(step.when.floors, default=0.0))


def _hits(policy: Policy, step: Step) -> Hits:
    floor = policy.guarantee.floor
    implied = threshold(step, floor)
    if implied is None and step.when.floors:
        floor = max(step.when.floors)
        implied = threshold(step, floor)
    required = step.when.requires("in_portfolio")
    return Hits(
        step=step.step,
        floor=floor,
        bound=min(1 / implied, 1.0) if implied else None,
        portfolio=policy.guarantee.portfolio if required else None,
    )
