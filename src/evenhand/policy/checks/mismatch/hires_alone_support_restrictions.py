"""Beyond a warning the hires alone must speak: `e_hire >= 20` (`STATISTICS.md` section 3).

The mean of two e-values protects who is innocent on both outcomes; a member who is hired like anyone and shortlisted
seldom is protected by the hires' e-value only.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evenhand.policy.findings import Finding
from evenhand.policy.types import Policy

LEAST: Final = 20.0
"""What `e_hire` must reach."""


def check(policy: Policy) -> Iterator[Finding]:
    """Yield each restriction whose condition does not imply it."""
    for step in policy.steps:
        implied = step.when.at_least("e_hire")
        if step.restricts and (implied is None or implied < LEAST):
            yield Finding(
                where=policy.where("steps", step.step, "when"),
                message=f"`{step.step}` can follow from shortlists alone",
                hint=f"join `e_hire >= {LEAST:g}` to the condition with `and`",
            )
