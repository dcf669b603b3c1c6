"""Rules that reversed appeals put up for a review: which step of which version, how often, and what was wrong (R36)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, get_args

from evenhand.decisions.case.body import mapping
from evenhand.ports import Store
from evenhand.vocabulary import Procedure

MOST: Final = 10_000
"""Reversed cases that are looked at, the latest first."""


@dataclass(frozen=True, kw_only=True)
class FlaggedRule:
    """A step of a version, how many appeals against it were reversed, and how many of them for which flaw."""

    policy_hash: str
    policy: str
    step: str
    reversals: int
    flaws: dict[str, int]


def flagged_rules(store: Store) -> Sequence[FlaggedRule]:
    """Every rule that a reversal flagged, the most often reversed first."""
    flaws: dict[tuple[str, str], Counter[str]] = {}
    for procedure in get_args(Procedure):
        for case_id in store.latest(procedure, "reversed", MOST):
            for entry in store.read(case_id):
                if entry.kind == "reversed":
                    rule = mapping(entry.body, "rule")
                    found = flaws.setdefault((str(rule["policy"]), str(rule["step"])), Counter())
                    found[str(entry.body["flaw"])] += 1
    names = {p.hash: f"{p.name} {p.version}" for p in store.policies()}
    rules = [
        FlaggedRule(
            policy_hash=policy, policy=names.get(policy, ""), step=step, reversals=found.total(), flaws=dict(found)
        )
        for (policy, step), found in flaws.items()
    ]
    return sorted(rules, key=lambda rule: (-rule.reversals, rule.policy, rule.step))
