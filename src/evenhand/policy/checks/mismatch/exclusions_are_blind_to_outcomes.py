"""Jobs are left out by what was known when they were posted, never by anything that who won may have caused."""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.evidence.activity.exclusion import BLIND
from evenhand.policy.findings import Finding
from evenhand.policy.types import Policy


def check(policy: Policy) -> Iterator[Finding]:
    """Yield each fact in `exclude_jobs` that is only known later."""
    columns = policy.exclude_jobs.columns if policy.exclude_jobs else frozenset()
    for column in sorted(columns - BLIND):
        yield Finding(
            where=policy.where("exclude_jobs"),
            message=f"`exclude_jobs` names `{column}`, which is not known when a job is posted",
            hint=f"dropping jobs by what came of them drops wins; known at posting: {', '.join(sorted(BLIND))}",
        )
