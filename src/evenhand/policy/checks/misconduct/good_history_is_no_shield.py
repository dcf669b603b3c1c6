"""Who earns well may not do what others may not: good history is a weight for people, never a shield (R8)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evenhand.policy.findings import Finding
from evenhand.policy.types import Policy

HISTORY: Final = frozenset(
    {
        "earned_usd_365d",
        "contracts_365d",
        "hours_365d",
        "repeat_clients",
        "running_contract_days",
        "hires",
    }
)
"""Facts of an account that say how well it does."""


def check(policy: Policy) -> Iterator[Finding]:
    """Yield each exemption, and each step, that asks how well an account does."""
    conditions = [(e.when, ("exempt", e.name)) for e in policy.exempt]
    conditions += [(s.when, ("steps", s.step)) for s in policy.steps]
    for condition, path in conditions:
        for column in sorted(HISTORY & condition.columns):
            yield Finding(
                where=policy.where(*path),
                message=f"the condition of `{path[1]}` names `{column}`",
                hint="what was done is the same whoever did it; a reviewer sees the history and may lighten the step",
            )
