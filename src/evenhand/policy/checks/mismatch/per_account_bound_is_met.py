"""Whoever is innocent is restricted with probability at most `per_account`, however often one looks (S6).

A condition that implies e >= 1 / per_account keeps that promise (`STATISTICS.md` section 2, theorem 1). So does
e_hire, and e at a point below the floor: both are e-values of the same innocent accounts.
"""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.policy.expected_hits import threshold
from evenhand.policy.findings import Finding
from evenhand.policy.types import Policy


def check(policy: Policy) -> Iterator[Finding]:
    """Yield each restriction whose condition implies less."""
    wanted = 1 / policy.guarantee.per_account
    for step in policy.steps:
        implied = threshold(step, policy.guarantee.floor)
        # A level such as 0.007 has no exact inverse; a relative 1e-9 is far below what the evidence resolves.
        if step.restricts and (implied is None or implied < wanted * (1 - 1e-9)):
            asked = "no e-value" if implied is None else f"e of at least {implied:g}"
            promised = f"`per_account: {policy.guarantee.per_account:g}`"
            yield Finding(
                where=policy.where("steps", step.step, "when"),
                message=f"`{step.step}` asks for {asked}, and {promised} needs {wanted:g}",
                hint=f"join `e >= {wanted:g}` to the condition with `and`",
            )
