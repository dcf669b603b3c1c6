"""What follows when somebody registers who resembles an account that there is: a question, never a refusal (R15)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from evenhand.evidence.linkage.grades import ASKED, question, reasons
from evenhand.evidence.linkage.record import Record
from evenhand.evidence.linkage.score import Shares, score
from evenhand.evidence.linkage.weights import LINK, Weights

MOST: Final = 500
"""Candidates that are compared; how many more there were is told."""


class Known(NamedTuple):
    """An account that there is."""

    account_id: str
    closed: bool
    record: Record


class Resemblance(NamedTuple):
    """An account that a new one resembles: by how many bits, of which grade, and why, the heaviest reason first."""

    account_id: str
    closed: bool
    weight: float
    grade: str | None
    reasons: tuple[str, ...]


class Answer(NamedTuple):
    """A question to ask, or None; whom the new account resembles, the most alike first; how many were not compared."""

    question: str | None
    resembles: tuple[Resemblance, ...]
    compared: int
    overflow: int


def judge(new: Record, candidates: Iterable[Known], overflow: int, weights: Weights, share: Shares) -> Answer:
    """Compare a new account with those that share a key with it."""
    found, compared = [], 0
    for known in candidates:
        compared += 1
        pair = score(new, known.record, weights, share)
        if pair.weight >= LINK and pair.grade in ASKED:
            why = reasons(pair.outcomes, pair.bits)
            found.append(Resemblance(known.account_id, known.closed, pair.weight, pair.grade, why))
    found.sort(key=lambda r: (-r.weight, r.account_id))
    return Answer(question(found[0].grade if found else None), tuple(found), compared, overflow)
