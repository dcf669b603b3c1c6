"""Of the jobs of one client an account is scored on one: what a client thinks of somebody is one decision (E3)."""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.policy.findings import Finding
from evenhand.policy.types import Policy


def check(policy: Policy) -> Iterator[Finding]:
    """Remark that a policy which counts every job of a client keeps no promise."""
    if policy.per_client == "all":
        yield Finding(
            where=policy.where("per_client"),
            message="`per_client: all` is unsafe: one client's taste counts many times, and no bound holds",
            hint="an account at the floor reached e = 20 with probability .34 to .70 instead of .05; for studies only",
            fatal=False,
        )
