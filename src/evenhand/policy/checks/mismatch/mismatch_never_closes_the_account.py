"""Submitting much and winning little is nobody's fault: at most proposing is paused, with a way back (R13)."""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.policy.findings import Finding
from evenhand.policy.types import Policy
from evenhand.vocabulary import rank


def check(policy: Policy) -> Iterator[Finding]:
    """Yield each step above `pause`."""
    for step in policy.steps:
        if rank(step.step) > rank("pause"):
            yield Finding(
                where=policy.where("steps", step.step),
                message=f"`{step.step}` is a measure against misconduct, and `mismatch` is nobody's fault",
                hint="end the ladder with `pause`",
            )
