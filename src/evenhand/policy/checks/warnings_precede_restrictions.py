"""Before anything is taken away there was a warning, and time to change: `after` leads down to it (R18, R24)."""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.policy.findings import Finding
from evenhand.policy.types import Policy


def check(policy: Policy) -> Iterator[Finding]:
    """Yield each restriction not preceded by the profile's time to change, and each warning that gives less.

    Guidance may give less, and then opens a warning only.
    """
    wanted = policy.profile.cure_days
    for step in policy.steps:
        if step.restricts and not any((earlier.cure_days or 0) >= wanted for earlier in policy.before(step)):
            yield Finding(
                where=policy.where("steps", step.step),
                message=f"`{step.step}` follows no warning",
                hint="let `after` lead down to a `warn` or `educate` step, such as `after: warn`",
            )
        if step.step == "warn" and step.cure_days is not None and step.cure_days < wanted:
            yield Finding(
                where=policy.where("steps", step.step, "cure_days"),
                message=f"`{step.step}` leaves {step.cure_days} days to change",
                hint=f"profile `{policy.profile.name}` asks for {wanted}",
            )
