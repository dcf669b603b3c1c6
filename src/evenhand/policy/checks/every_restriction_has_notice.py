"""Nothing is taken away before the notice that the profile asks for has run (requirements section 2, S7)."""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.policy.findings import Finding
from evenhand.policy.types import Policy


def check(policy: Policy) -> Iterator[Finding]:
    """Yield each restriction with less notice than the profile's."""
    wanted = policy.profile.notice_days(policy.procedure)
    for step in policy.steps:
        if step.restricts and (step.notice_days is None or step.notice_days < wanted):
            yield Finding(
                where=policy.where("steps", step.step, "notice_days"),
                message=f"`{step.step}` gives {step.notice_days} days' notice",
                hint=f"profile `{policy.profile.name}` asks for {wanted}; leave `notice_days` out to take that",
            )
