"""How much each degree of agreement weighs: a trained Fellegi-Sunter model, in bits (Fellegi and Sunter, 1969).

The weight of a pair is log2 of how many times likelier its outcomes are for two accounts of one person than for two of
different persons, added to log2 of the odds that any two accounts are one person's.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final

from evenhand.errors import RunRefused
from evenhand.evidence.linkage.comparisons import COMPARISONS

RAREST: Final = 1e-6
"""A frequency below this is taken for it: what training never saw is rare, not impossible."""

LINK: Final = 12.0
"""From this weight on a pair is a link: odds of 4,096 to 1 that it is one person's, by the model."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How often an outcome is seen between accounts of one person (`m`) and of two (`u`)."""

    m: float
    u: float

    @property
    def bits(self) -> float:
        """Its weight.

        >>> Outcome(m=0.8, u=0.1).bits
        3.0
        """
        return math.log2(max(self.m, RAREST) / max(self.u, RAREST))


@dataclass(frozen=True, kw_only=True)
class Weights:
    """A trained model: `prior` is the share of pairs that are one person's, `outcomes` by comparison and level.

    Every comparison of `COMPARISONS` has its levels and `differs`.
    """

    prior: float
    outcomes: Mapping[str, Mapping[str, Outcome]]

    @property
    def base(self) -> float:
        """What a pair weighs before anything is compared."""
        return math.log2(self.prior / (1 - self.prior))

    def as_json(self) -> str:
        """The model as text, which `read` reads."""
        return json.dumps(asdict(self), sort_keys=True)


def read(text: str) -> Weights:
    """The model that `as_json` wrote; raises `RunRefused` for one of other comparisons."""
    found = json.loads(text)
    outcomes = {
        name: {level: Outcome(**known) for level, known in levels.items()} for name, levels in found["outcomes"].items()
    }
    wanted = {c.name: {*(level.name for level in c.levels), "differs"} for c in COMPARISONS}
    if {name: set(levels) for name, levels in outcomes.items()} != wanted:
        raise RunRefused("the weights are of other comparisons", where="the model", hint="train it anew")
    return Weights(prior=found["prior"], outcomes=outcomes)


def outcome_sql(name: str) -> str:
    """SQL for which level of a comparison a pair reaches: its name, `differs`, or null where one is not known."""
    comparison = next(c for c in COMPARISONS if c.name == name)
    arms = " ".join(f"when {level.sql} then '{level.name}'" for level in comparison.levels)
    return f"case when {comparison.unknown} then null {arms} else 'differs' end"
