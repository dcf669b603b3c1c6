"""The floor is a point of the grid above 0, for the evidence is reckoned there and nowhere else (E1)."""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.policy.conditions.names import E_POINTS
from evenhand.policy.findings import Finding
from evenhand.policy.types import Policy


def check(policy: Policy) -> Iterator[Finding]:
    """Yield a floor off the grid."""
    if policy.guarantee.floor not in E_POINTS:
        yield Finding(
            where=policy.where("guarantee", "floor"),
            message=f"`floor: {policy.guarantee.floor:g}` is not a point of the grid",
            hint=f"known points: {', '.join(f'{point:g}' for point in E_POINTS)}",
        )
