"""`in_portfolio` stands un-negated: who is in the set can only gain a measure by it, never escape one (S5).

The set is formed from those for whom the condition would hold if they were in it, which is only sound where being in
it makes the condition no less true.
"""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.policy.findings import Finding
from evenhand.policy.types import Policy


def check(policy: Policy) -> Iterator[Finding]:
    """Yield each step that negates or compares `in_portfolio`, and each exemption that names it."""
    for step in policy.steps:
        if not step.when.leaves_unnegated("in_portfolio"):
            yield Finding(
                where=policy.where("steps", step.step, "when"),
                message=f"`in_portfolio` does not stand alone in `{step.step}`",
                hint="join it with `and`, such as `e >= 1000 and in_portfolio`",
            )
    for exemption in policy.exempt:
        if "in_portfolio" in exemption.when.columns:
            yield Finding(
                where=policy.where("exempt", exemption.name),
                message=f"`{exemption.name}` exempts by `in_portfolio`",
                hint="exemptions are looked at before the portfolio is formed",
            )
