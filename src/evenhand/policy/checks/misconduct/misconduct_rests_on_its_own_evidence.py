"""Misconduct is proven by its own items, never by facts about the account: two procedures, two proofs (R12, R14)."""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.evidence.conduct.columns import CONDUCT_COLUMNS
from evenhand.policy.findings import Finding
from evenhand.policy.types import Policy


def check(policy: Policy) -> Iterator[Finding]:
    """Yield each step that could follow without any item."""
    counts = [column.name for column in CONDUCT_COLUMNS[policy.procedure]]
    for step in policy.steps:
        if not step.when.needs_any(counts):
            yield Finding(
                where=policy.where("steps", step.step, "when"),
                message=f"`{step.step}` can follow where nothing was seen",
                hint=f"join such as `{counts[1]} >= 1` to the condition with `and`",
            )
