"""Nobody is warned or taught by a raw ratio: a bound that holds at every look stands behind the step (R3, S6)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evenhand.policy.expected_hits import any_threshold
from evenhand.policy.findings import Finding
from evenhand.policy.types import Policy

LEAST: Final = 20.0
"""What an e-value must reach: the bound of a warning is 1/20."""


def check(policy: Policy) -> Iterator[Finding]:
    """Yield each warning whose condition implies no e-value of 20 or more; advice takes nothing away."""
    for step in policy.steps:
        implied = any_threshold(step)
        if step.cure_days is not None and (implied is None or implied < LEAST):
            yield Finding(
                where=policy.where("steps", step.step, "when"),
                message=f"`{step.step}` can follow without evidence",
                hint=f"join `e >= {LEAST:g}` to the condition with `and`",
            )
