"""Who lives together or shares a network is nobody's proof: no condition may ask for it (R15)."""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.policy.conditions.condition import Condition
from evenhand.policy.conditions.names import SHARED
from evenhand.policy.findings import Finding
from evenhand.policy.types import Policy


def check(policy: Policy) -> Iterator[Finding]:
    """Yield each step and exemption that names what a household or a network shares."""
    for step in policy.steps:
        yield from _named(policy, step.when, "steps", step.step, "when")
    for exemption in policy.exempt:
        yield from _named(policy, exemption.when, "exempt", exemption.name)


def _named(policy: Policy, condition: Condition, *path: str) -> Iterator[Finding]:
    for column in sorted(SHARED.keys() & condition.columns):
        yield Finding(
            where=policy.where(*path),
            message=f"the condition of `{path[1]}` names `{column}`",
            hint="families and neighbours share that; `papers` is a document or a payout account",
        )
