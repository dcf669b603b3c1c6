"""Misconduct is proven by its own items, never by winning little: two procedures, two proofs (R12, R14).

The columns of today describe activity alone, so a policy on misconduct has nothing to stand on and is refused.
"""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.policy.findings import Finding
from evenhand.policy.types import Policy


def check(policy: Policy) -> Iterator[Finding]:
    """Yield a procedure for which no evidence is reckoned."""
    if policy.procedure != "mismatch":
        yield Finding(
            where=policy.where("procedure"),
            message=f"no evidence of `{policy.procedure}` is reckoned in this version",
            hint="`procedure: mismatch` is what the activity evidence supports",
        )
