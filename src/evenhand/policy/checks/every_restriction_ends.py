"""Every restriction has an end or a review: `days` or `review_days` (R30)."""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.policy.findings import Finding
from evenhand.policy.types import Policy


def check(policy: Policy) -> Iterator[Finding]:
    """Yield each step from `limit` up without either clock."""
    for step in policy.steps:
        if step.restricts and step.days is None and step.review_days is None:
            yield Finding(
                where=policy.where("steps", step.step),
                message=f"`{step.step}` never ends and is never reviewed",
                hint="add `days: 60` or `review_days: 90`",
            )
