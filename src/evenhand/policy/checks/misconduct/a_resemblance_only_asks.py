"""A suspected link lets ask and no more: beyond a warning it takes a document, a payout or a report (R15).

In a case of `linkage` the member is asked before the warning too.
"""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.evidence.conduct.columns import PROOF
from evenhand.policy.findings import Finding
from evenhand.policy.types import Policy


def check(policy: Policy) -> Iterator[Finding]:
    """Yield each restriction that could follow without the proof of its procedure."""
    proof = sorted(PROOF[policy.procedure])
    for step in policy.steps:
        if step.restricts and not step.when.needs_any(proof):
            yield Finding(
                where=policy.where("steps", step.step, "when"),
                message=f"`{step.step}` can follow from a resemblance",
                hint=f"it takes one of {', '.join(f'`{name} >= 1`' for name in proof)}, joined with `and`",
            )
