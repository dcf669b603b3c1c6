"""A fair share is fitted to circumstances, never to the conduct that is judged (`STATISTICS.md` section 1)."""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.evidence.activity.circumstances import CIRCUMSTANCES, CONDUCT, SAME_WITHIN_A_JOB
from evenhand.policy.conditions.names import NAMES, did_you_mean
from evenhand.policy.findings import Finding
from evenhand.policy.types import Policy


def check(policy: Policy) -> Iterator[Finding]:
    """Yield each control that is conduct, and each that is unknown."""
    for control in policy.fair_share:
        if control in CIRCUMSTANCES or control in SAME_WITHIN_A_JOB:
            continue
        judged = control in CONDUCT or control in NAMES
        yield Finding(
            where=policy.where("fair_share", "control"),
            message=f"`{control}` is what an account does or achieves, not its circumstances"
            if judged
            else f"unknown control `{control}`",
            hint="whoever does worse would be owed less, and nothing would ever be found"
            if judged
            else did_you_mean(control, CIRCUMSTANCES),
        )
