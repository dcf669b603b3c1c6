"""A portfolio's promise needs its level and the number of accounts it is spread over (S5)."""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.policy.findings import Finding
from evenhand.policy.types import Policy


def check(policy: Policy) -> Iterator[Finding]:
    """Yield what `guarantee` lacks where a step waits for `in_portfolio`."""
    if not policy.needs_portfolio:
        return
    step = next(step for step in policy.steps if step.needs_portfolio)
    for key, value, such_as in (
        ("portfolio", policy.guarantee.portfolio, "portfolio: 0.05"),
        ("family", policy.guarantee.family, "family: 20000"),
    ):
        if value is None:
            yield Finding(
                where=policy.where("guarantee"),
                message=f"`{step.step}` waits for `in_portfolio`, and `guarantee.{key}` is missing",
                hint=f"add `{such_as}`",
            )
