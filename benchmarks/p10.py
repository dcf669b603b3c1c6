"""The policy of the decision benchmark, "P10": ten conditions over twelve fields, and made-up accounts to judge.

Whoever is inactive, protected or new is exempt. Of the others: many proposals alike without a hire are warned, leaked
contacts are limited, a link to a closed account is restricted; the highest of these counts.
"""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Final

from evenhand.evidence.columns import Column
from evenhand.policy.conditions.condition import parse
from evenhand.policy.conditions.names import declared
from evenhand.policy.load import load
from evenhand.policy.types import Exemption, Policy, Step
from evenhand.vocabulary import ColumnType

SEED: Final = 20261125
OUTCOMES: Final = ("none", "warn", "limit", "restrict")

COLUMNS: Final[dict[str, ColumnType]] = {
    "status": "text",
    "protected": "boolean",
    "age_days": "number",
    "proposals_90d": "number",
    "hires_90d": "number",
    "interview_rate": "number",
    "similarity": "number",
    "leak_score": "number",
    "leak_hits": "number",
    "link_score": "number",
}
"""The fields that conditions read; `account_id` and `country` are the other two of the twelve."""

EXEMPT: Final = {"inactive": "status <> 'active'", "protected": "protected", "newcomer": "age_days < 30"}
STEPS: Final = {
    "warn": "proposals_90d >= 150 and hires_90d = 0 and interview_rate < 0.02 and similarity >= 0.8",
    "limit": "leak_score >= 0.9 and leak_hits >= 3",
    "restrict": "link_score >= 0.95",
}

Account = dict[str, str | bool | int | float | None]


def policy() -> Policy:
    """P10 as a policy of Evenhand, over its own columns."""
    names = declared(Column(name=name, type=kind, doc="") for name, kind in COLUMNS.items())
    return replace(
        load(Path(__file__).parents[1] / "policies" / "activity.yaml"),
        exempt=tuple(Exemption(name=name, when=parse(text, names)) for name, text in EXEMPT.items()),
        steps=tuple(Step(step=name, when=parse(text, names)) for name, text in STEPS.items()),
    )


def hundred_rules() -> Policy:
    """P10 with a hundred exemptions of five conditions each, no two alike."""
    rng = random.Random(SEED)  # noqa: S311  # made-up accounts, nothing secret
    names = declared(Column(name=name, type=kind, doc="") for name, kind in COLUMNS.items())
    texts = [
        f"age_days < {rng.randrange(30, 900)} and proposals_90d >= {rng.randrange(300)}"
        f" and leak_hits >= {rng.randrange(9)} and similarity >= {rng.random():.3f} and link_score < {rng.random():.3f}"
        for _ in range(100)
    ]
    rules = tuple(Exemption(name=f"rule_{at:03}", when=parse(text, names)) for at, text in enumerate(texts))
    return replace(policy(), exempt=rules)


def accounts(count: int) -> list[Account]:
    """The same accounts for the same count; what every decision of ours reads beside the conditions comes last."""
    rng = random.Random(SEED)  # noqa: S311  # made-up accounts, nothing secret
    return [_account(rng, number) for number in range(count)]


def _account(rng: random.Random, number: int) -> Account:
    spams, leaks, linked = (rng.random() < share for share in (0.05, 0.02, 0.01))
    return {
        "account_id": f"account-{number:06}",
        "country": rng.choice(["BD", "DE", "IN", "PH", "UA", "US"]),
        "status": "active" if rng.random() < 0.9 else "closed",
        "protected": rng.random() < 0.03,
        "age_days": rng.randrange(2000),
        "proposals_90d": rng.randrange(100, 400) if spams else rng.randrange(120),
        "hires_90d": 0 if spams else rng.randrange(4),
        "interview_rate": rng.random() * (0.03 if spams else 0.5),
        "similarity": rng.uniform(0.7, 1.0) if spams else rng.random(),
        "leak_score": rng.uniform(0.85, 1.0) if leaks else rng.random() * 0.9,
        "leak_hits": rng.randrange(1, 9) if leaks else rng.randrange(3),
        "link_score": rng.uniform(0.9, 1.0) if linked else rng.random() * 0.9,
        "closed_at": None,
        "wins": 0,
        "fair_wins": 12.5,
        "decided": 150,
        "log_e": 3.0,
        "group_held": False,
    }
