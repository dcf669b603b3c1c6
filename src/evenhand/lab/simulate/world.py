"""What is wanted of a made-up marketplace, and its calendar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from evenhand.errors import RunRefused
from evenhand.lab.simulate.scenario import Scenario

ENDS: Final = datetime(2026, 1, 1)
"""Every made-up market ends here, in UTC; what had not happened by then is not in it."""

MOST_ACCOUNTS: Final = 16_000_000
"""A member and a job are kept in one whole number of 63 bits."""
MOST_MONTHS: Final = 240
LARGEST_SEED: Final = 2**52


@dataclass(frozen=True, kw_only=True)
class World:
    """Members who may propose (clients come on top), months of history before `ENDS`, and the scenario.

    Raises `RunRefused` where a number is out of range.
    """

    seed: int
    accounts: int
    months: int
    scenario: Scenario

    def __post_init__(self) -> None:
        _check("--seed", self.seed, 0, LARGEST_SEED)
        _check("--accounts", self.accounts, 1, MOST_ACCOUNTS)
        _check("--months", self.months, 1, MOST_MONTHS)

    def moments(self) -> tuple[int, ...]:
        """First seconds of all months, and the end, since 1970.

        >>> from evenhand.lab.simulate import load_scenario
        >>> first, end = World(seed=1, accounts=1, months=1, scenario=load_scenario("base")).moments()
        >>> (end - first) // 86400
        31
        """
        return tuple(int(month.replace(tzinfo=UTC).timestamp()) for month in self._months())

    def _months(self) -> Iterator[datetime]:
        last = ENDS.year * 12 + ENDS.month - 1
        for month in range(last - self.months, last + 1):
            yield datetime(month // 12, month % 12 + 1, 1)


def _check(option: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise RunRefused(
            f"`{value}` is out of range", where=option, hint=f"a whole number from {low:,} to {high:,} is wanted"
        )
