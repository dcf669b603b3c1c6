"""The text is public before it binds, as long as the profile asks for (R1, requirements section 2)."""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.policy.findings import Finding
from evenhand.policy.types import Policy


def check(policy: Policy) -> Iterator[Finding]:
    """Yield where `binds` comes too soon after `published`."""
    public = (policy.binds - policy.published).days
    wanted = policy.profile.public_days
    if public < wanted:
        yield Finding(
            where=policy.where("binds"),
            message=f"the policy binds {public} days after it is published",
            hint=f"profile `{policy.profile.name}` asks for {wanted}",
        )
