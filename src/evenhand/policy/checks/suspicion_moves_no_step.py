"""What only orders the review queue moves nothing by itself: misconduct needs items that a person saw (R14)."""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.policy.conditions.condition import Condition
from evenhand.policy.conditions.names import SUSPICION
from evenhand.policy.findings import Finding
from evenhand.policy.types import Policy


def check(policy: Policy) -> Iterator[Finding]:
    """Yield each step that names the behavioural stream, and each exemption that would end with a suspicion."""
    for step in policy.steps:
        yield from _named(policy, step.when, "steps", step.step, "when")
    for exemption in policy.exempt:
        yield from _named(policy, exemption.when, "exempt", exemption.name)


def _named(policy: Policy, condition: Condition, *path: str) -> Iterator[Finding]:
    for column in sorted(SUSPICION.keys() & condition.columns):
        yield Finding(
            where=policy.where(*path),
            message=f"the condition of `{path[1]}` names `{column}`",
            hint="talks that end without a hire are a reason to look, never one to act; a person reviews them",
        )
