"""Proposing is paused only where even the upper confidence bound is low: `odds_ratio_high <= 0.35` (E2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evenhand.policy.findings import Finding
from evenhand.policy.types import Policy

HIGHEST: Final = 0.35
"""What the upper bound of the odds ratio may be."""


def check(policy: Policy) -> Iterator[Finding]:
    """Yield a pause whose condition does not imply it."""
    step = policy.step("pause")
    if step is None:
        return
    implied = step.when.at_most("odds_ratio_high")
    if implied is None or implied > HIGHEST:
        yield Finding(
            where=policy.where("steps", "pause", "when"),
            message="`pause` does not ask for a low upper bound",
            hint=f"join `odds_ratio_high <= {HIGHEST:g}` to the condition with `and`",
        )
