"""What a policy would do to a market, before it bites: whom it would hit, and whether that falls on some more (R19)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

FEWEST_MEMBERS: Final = 10
FEWEST_HIT: Final = 2
"""A group of fewer members, or with fewer hit, shows no disparity: one person is not a pattern."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """A group of members, such as those of one country, and how many of them a warning or more would hit.

    `conduct`: its members are alike in what the rule asks about, such as how much they propose, so that a gap is no
    disparity but the rule itself; it is on record all the same.
    """

    cohort: str
    name: str
    members: int
    hit: int
    conduct: bool = False


@dataclass(frozen=True, kw_only=True)
class Disparity:
    """A group that is hit more often than all others together, `times` as often; None where no other is hit at all."""

    group: Group
    times: float | None

    def __str__(self) -> str:
        often = "and nobody else is" if self.times is None else f"{self.times:.1f} times as often as the others"
        return f"{self.group.cohort}, {self.group.name}: {self.group.hit} of {self.group.members} are hit, {often}"


@dataclass(frozen=True, kw_only=True)
class DryRun:
    """One evaluation of a policy on past data. `hit` counts per step whom the evidence reaches and nothing exempts.

    The figures are stored with the version that they are about, and never change.
    """

    policy_hash: str
    market: str
    as_of: datetime
    accounts: int
    members: int
    undecidable: int
    hit: Mapping[str, int]
    groups: tuple[Group, ...]

    def disparities(self, most: float) -> tuple[Disparity, ...]:
        """Groups hit `most` times as often as all other members of their cohort, or more; the widest gap first."""
        found = [d for group in self.groups if (d := self._disparity(group)) and (d.times is None or d.times >= most)]
        return tuple(sorted(found, key=lambda d: (d.times is not None, -(d.times or 0), d.group.cohort, d.group.name)))

    def _disparity(self, group: Group) -> Disparity | None:
        others = [other for other in self.groups if other.cohort == group.cohort and other is not group]
        members, hit = sum(other.members for other in others), sum(other.hit for other in others)
        if group.conduct or group.members < FEWEST_MEMBERS or group.hit < FEWEST_HIT or not members:
            return None
        return Disparity(group=group, times=(group.hit / group.members) / (hit / members) if hit else None)

    def figures(self) -> Mapping[str, object]:
        """All of it as JSON."""
        return {**asdict(self), "as_of": self.as_of.isoformat() + "Z", "hit": dict(self.hit)}
