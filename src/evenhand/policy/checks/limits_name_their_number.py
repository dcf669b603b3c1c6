"""A limit says how many proposals remain, so that the member can be told (R25). A remark, not a refusal."""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.policy.findings import Finding
from evenhand.policy.types import Policy


def check(policy: Policy) -> Iterator[Finding]:
    """Yield a limit without a number."""
    step = policy.step("limit")
    if step is not None and "proposals_per_month" not in step.effects:
        yield Finding(
            where=policy.where("steps", "limit"),
            message="`limit` does not say how many proposals remain",
            hint="add `proposals_per_month: 10`",
            fatal=False,
        )
