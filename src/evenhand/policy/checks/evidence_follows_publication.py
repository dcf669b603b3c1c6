"""Nobody is judged by conduct from before the rule was public (R1, S9).

A remark, not a refusal: a study may look back; a binding run, with a store, refuses by itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.policy.findings import Finding
from evenhand.policy.types import Policy


def check(policy: Policy) -> Iterator[Finding]:
    """Yield where the profile asks for evidence from after publication and `evidence_from` does not say so."""
    if not policy.profile.needs_evidence_after_publication:
        return
    if policy.evidence_from is None or policy.evidence_from.date() < policy.published:
        yield Finding(
            where=policy.where("evidence_from"),
            message="evidence from before publication counts, which is for studies only",
            hint=f"`evidence_from: {policy.published}` or later is needed where decisions are stored",
            fatal=False,
        )
