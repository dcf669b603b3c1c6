"""Steps stand mildest first and once each, and `after` names a step that stands before: the ladder is climbed (R24)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from evenhand.policy.findings import Finding
from evenhand.policy.types import Policy
from evenhand.vocabulary import LADDER, rank


def check(policy: Policy) -> Iterator[Finding]:
    """Yield each step that stands above a milder one or twice, and each `after` that leads nowhere."""
    for earlier, later in pairwise(policy.steps):
        if rank(later.step) <= rank(earlier.step):
            yield Finding(
                where=policy.where("steps", later.step),
                message=f"`{later.step}` stands after `{earlier.step}`",
                hint=f"write each step once, in the order {', '.join(f'`{step}`' for step in LADDER)}",
            )
    for number, step in enumerate(policy.steps):
        before = [milder.step for milder in policy.steps[:number]]
        if step.after is not None and step.after not in before:
            yield Finding(
                where=policy.where("steps", step.step, "after"),
                message=f"`{step.step}` comes after `{step.after}`, which is no step before it",
                hint=f"steps before it: {', '.join(f'`{name}`' for name in before) or 'none'}",
            )
