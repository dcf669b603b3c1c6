"""What two accounts amount to as one person's: pair by pair, in plain Python, as the formulas say."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from evenhand.evidence.linkage.comparisons import COMPARISONS
from evenhand.evidence.linkage.grades import grade_of
from evenhand.evidence.linkage.record import Record, letters
from evenhand.evidence.linkage.weights import RAREST, Weights

Shares = Callable[[str, str], float | None]
"""The share of accounts that have a value in a column, None for one that no account has."""


class Score(NamedTuple):
    """A pair's weight in bits, its grade, and by comparison its outcome (None: not known) and what it adds."""

    weight: float
    grade: str | None
    outcomes: Mapping[str, str | None]
    bits: Mapping[str, float]


def score(a: Record, b: Record, weights: Weights, share: Shares) -> Score:
    """Compare two accounts under a trained model."""
    outcomes = {name: compare(a, b) for name, compare in _COMPARE.items()}
    bits = {name: _bits(name, outcome, a, b, weights, share) for name, outcome in outcomes.items()}
    return Score(weights.base + sum(bits.values()), grade_of(outcomes), outcomes, bits)


def _bits(name: str, outcome: str | None, a: Record, b: Record, weights: Weights, share: Shares) -> float:
    """What an outcome adds; an agreement in what many have adds less: its own frequency takes the place of `u`."""
    if outcome is None:
        return 0.0
    known = weights.outcomes[name][outcome]
    if (name, outcome) not in _BY_FREQUENCY:
        return known.bits
    u = max(known.u, RAREST)
    shares = [found for record in (a, b) if (found := share(name, getattr(record, name))) is not None]
    return known.bits + math.log2(u / max(shares, default=u))


def _same(column: str) -> Callable[[Record, Record], str | None]:
    def compare(a: Record, b: Record) -> str | None:
        left, right = getattr(a, column), getattr(b, column)
        return None if left is None or right is None else "same" if left == right else "differs"

    return compare


def _place(a: Record, b: Record) -> str | None:
    """What two accounts share of where they are: a device, else an address, else a network."""
    pairs = {"device": (a.devices, b.devices), "household": (a.address, b.address), "network": (a.networks, b.networks)}
    known = {level: (left, right) for level, (left, right) in pairs.items() if left is not None and right is not None}
    if not known:
        return None
    return next((level for level, (left, right) in known.items() if _meet(left, right)), "differs")


def _meet(left: str | tuple[str, ...], right: str | tuple[str, ...]) -> bool:
    return left == right if isinstance(left, str) else not set(left).isdisjoint(right)


def _near(column: str, near: Callable[[str, str], bool]) -> Callable[[Record, Record], str | None]:
    def compare(a: Record, b: Record) -> str | None:
        left, right = getattr(a, column), getattr(b, column)
        if left is None or right is None or left == right:
            return None if left is None or right is None else "same"
        return "near" if near(left, right) else "differs"

    return compare


_COMPARE: Final[Mapping[str, Callable[[Record, Record], str | None]]] = {
    "name": _near("name", lambda a, b: JaroWinkler.similarity(letters(a), letters(b)) >= 0.9),
    "birth_date": _near("birth_date", lambda a, b: DamerauLevenshtein.distance(a, b) <= 1),
    **{name: _same(name) for name in ("email", "phone", "document", "payout")},
    "place": _place,
}
_BY_FREQUENCY: Final = frozenset((c.name, level.name) for c in COMPARISONS for level in c.levels if level.by_frequency)
