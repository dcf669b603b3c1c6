"""A fair share controls for nothing that is the same for everyone on a job: it cancels there (`STATISTICS.md` 1)."""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.evidence.activity.circumstances import CIRCUMSTANCES, SAME_WITHIN_A_JOB
from evenhand.policy.findings import Finding
from evenhand.policy.types import Policy


def check(policy: Policy) -> Iterator[Finding]:
    """Yield each control that cannot differ between two proposals on one job."""
    for control in policy.fair_share:
        if control in SAME_WITHIN_A_JOB:
            yield Finding(
                where=policy.where("fair_share", "control"),
                message=f"`{control}` is the same for all who compete for a job",
                hint="who is chosen, given that somebody is, does not depend on it; "
                f"known controls: {', '.join(f'`{name}`' for name in CIRCUMSTANCES)}",
            )
