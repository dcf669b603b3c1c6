"""What platforms do today, as data: counts and raw rates without competition, exposure or repeated looks.

They stand here for comparison only (requirements R2, R3, R5). No policy can name them; the report shows how many
people each would act on, and how little their records say against those people.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

BINOMIAL_LEVEL: Final = 0.05
"""Level of the one-sided test in `NAIVE_RULES`."""


@dataclass(frozen=True, kw_only=True)
class NaiveRule:
    """One usual rule.

    `when` is an SQL condition over the evidence columns `proposals` and `hires`, and over `too_few_hires`: what the
    function of that name answers for the account's `proposals` at the site's own hire rate. `source` says where the
    rule is met in practice or in writing.
    """

    name: str
    plain: str
    when: str
    source: str


def no_hire_in(proposals: int) -> NaiveRule:
    """The rule that acts on whoever was never hired in so many `proposals`."""
    return NaiveRule(
        name=f"0 hires in {proposals} proposals",
        plain=f"Act on whoever has submitted {proposals} proposals or more and was never hired.",
        when=f"proposals >= {proposals} and hires = 0",
        source="The form in which marketplaces announce it (many proposals, no hire) without naming the number.",
    )


NAIVE_RULES: Final[tuple[NaiveRule, ...]] = (
    no_hire_in(20),
    no_hire_in(50),
    no_hire_in(100),
    NaiveRule(
        name="hire rate under 1 % after 100 proposals",
        plain="Act on whoever has submitted 100 proposals or more and was hired for fewer than one in a hundred.",
        when="proposals >= 100 and hires < 0.01 * proposals",
        source="The form in which marketplaces announce it (many proposals, very few hires) without naming the rate.",
    ),
    NaiveRule(
        name="binomial test at 5 %",
        plain="Act on whoever has so few hires that a one-sided binomial test at 5 %, against the hire rate of the "
        "whole site, calls it no chance.",
        when="hires <= too_few_hires",
        source="The exact test of a proportion (Clopper and Pearson 1934) in any statistics textbook, here looked at "
        "as often as anyone likes, which it does not allow.",
    ),
)
"""In the order in which the report lists them."""


def too_few_hires(proposals: int, rate: float, level: float = BINOMIAL_LEVEL) -> int:
    """Most hires at which P(X <= hires) is still under `level`, X binomial with `proposals` draws at `rate`.

    -1 if even no hire at all is likely enough. `rate` lies in [0, 1], `level` in (0, 0.99], `proposals` is 0 or more.
    One call settles every account with that many proposals, so a market needs one call per distinct number.

    >>> too_few_hires(20, 0.05), too_few_hires(60, 0.05), too_few_hires(100, 0.05)
    (-1, 0, 1)
    """
    if rate <= 0.0:
        return -1
    if rate >= 1.0:
        return proposals - 1
    hires, tail = 0, math.exp(_log_chance(0, proposals, rate))
    while tail < level:
        hires += 1
        tail += math.exp(_log_chance(hires, proposals, rate))
    return hires - 1


def _log_chance(hires: int, proposals: int, rate: float) -> float:
    """Log of the binomial probability; logs, because 0.95 to the power of 100,000 is no float."""
    ways = math.lgamma(proposals + 1) - math.lgamma(hires + 1) - math.lgamma(proposals - hires + 1)
    return ways + hires * math.log(rate) + (proposals - hires) * math.log1p(-rate)
