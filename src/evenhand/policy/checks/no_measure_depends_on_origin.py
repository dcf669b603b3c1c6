"""No condition asks where a person comes from or what they speak (E6); age and sex are no columns at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evenhand.policy.conditions.condition import Condition
from evenhand.policy.findings import Finding
from evenhand.policy.types import Policy

ORIGIN: Final = frozenset({"country", "language"})
"""Columns that describe people and may only stand in guards."""


def check(policy: Policy) -> Iterator[Finding]:
    """Yield each step and exemption that names such a column."""
    for step in policy.steps:
        yield from _named(policy, step.when, "steps", step.step, "when")
    for exemption in policy.exempt:
        yield from _named(policy, exemption.when, "exempt", exemption.name)


def _named(policy: Policy, condition: Condition, *path: str) -> Iterator[Finding]:
    for column in sorted(ORIGIN & condition.columns):
        yield Finding(
            where=policy.where(*path),
            message=f"the condition of `{path[1]}` names `{column}`",
            hint="what a person does may matter, where they come from may not; guards compare groups",
        )
