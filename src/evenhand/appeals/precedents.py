"""Same case, same answer: the decided cases nearest to one, a warning where the answer differs, a sweep (R33, R36)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from evenhand.decisions.case.case import Case, Measure
from evenhand.evidence.conduct.columns import CONDUCT_COLUMNS
from evenhand.policy.conditions.reasons import Json

COMPARED: Final = ("decided", "fair_wins", "wins", "odds_ratio", "log_e")
"""The evidence by which cases are compared whose question is what was won."""

COUNTED: Final = frozenset(column.name for columns in CONDUCT_COLUMNS.values() for column in columns)
"""The same where items are the evidence: the counts of the case's procedure."""

NEAREST: Final = 5
"""How many precedents are shown."""

LIKE: Final = 0.2
"""The distance up to which two cases are alike: on average, the larger figure is at most half as large again."""

MEANS: Final = MappingProxyType(
    {"confirmed": "stands", "upheld": "stands", "partly": "in part", "refused": "falls", "reversed": "falls"}
)
"""What an answer says of the measure: a confirmation and an upheld appeal say the same. A lapse says nothing."""


@dataclass(frozen=True, kw_only=True)
class Precedent:
    """A decided measure: where, under which rule, on what evidence, and with which answer.

    `answer` is what came of it: `confirmed`, `refused`, or the outcome of the last appeal against it.
    """

    case_id: str
    of: int
    procedure: str
    step: str
    policy_hash: str
    evidence: Mapping[str, Json]
    answer: str
    at: datetime
    in_force: bool


def precedents(case: Case, now: datetime) -> tuple[Precedent, ...]:
    """What of a case may be a precedent for others: every measure that people decided on."""
    return tuple(
        Precedent(
            case_id=case.case_id,
            of=measure.number,
            procedure=case.procedure,
            step=measure.step,
            policy_hash=measure.policy.hash,
            evidence=measure.evidence,
            answer=answer,
            at=measure.confirmed_at or measure.ended_at or measure.proposed_at,
            in_force=measure.ended_at is None and (measure.open or measure.in_force(now)),
        )
        for measure in case.measures
        if (answer := _answer(case, measure)) is not None
    )


def _answer(case: Case, measure: Measure) -> str | None:
    outcomes = [a.outcome for a in case.appeals if a.of == measure.number and a.outcome in MEANS]
    if outcomes:
        return outcomes[-1]
    if measure.ended_by == "refused":
        return "refused"
    return "confirmed" if measure.confirmed_at else None


def distance(a: Mapping[str, Json], b: Mapping[str, Json]) -> float:
    """How far two rows of evidence lie apart, from 0 (alike) to 1: the mean of |a - b| / (|a| + |b|).

    This is Canberra's distance divided by the number of columns: no scale to choose, nothing to fit. A value that only
    one of them knows counts as 1.

    >>> distance({"wins": 1, "log_e": 3.0}, {"wins": 3, "log_e": 3.0})
    0.1
    """
    names = sorted(COUNTED & a.keys()) or COMPARED
    return sum(_apart(a.get(name), b.get(name)) for name in names) / len(names)


def _apart(a: Json, b: Json) -> float:
    if not isinstance(a, int | float) or not isinstance(b, int | float):
        return float((a is None) is not (b is None))
    return abs(a - b) / (abs(a) + abs(b)) if a or b else 0.0


def nearest(
    procedure: str, step: str, evidence: Mapping[str, Json], known: Iterable[Precedent]
) -> tuple[Precedent, ...]:
    """At most five precedents under the same procedure and step, nearest first; of equally near ones the newest."""
    like = [p for p in known if (p.procedure, p.step) == (procedure, step)]
    like.sort(key=lambda p: p.at, reverse=True)
    return tuple(sorted(like, key=lambda p: distance(evidence, p.evidence))[:NEAREST])


def differs(answer: str, shown: Sequence[Precedent], evidence: Mapping[str, Json]) -> str | None:
    """A warning where most of the like ones among the precedents shown were answered otherwise; None where not."""
    like = [p for p in shown if distance(evidence, p.evidence) <= LIKE]
    others = [p for p in like if MEANS[p.answer] != MEANS[answer]]
    if 2 * len(others) <= len(like):
        return None
    told = ", ".join(f"{p.case_id} ({p.answer})" for p in others)
    return f"{len(others)} of {len(like)} like cases were answered otherwise: {told}"


def sweep(reversed_: Precedent, flaw: str, known: Iterable[Precedent]) -> tuple[Precedent, ...]:
    """What a reversal asks people to look at again: measures in force under the same rule, nearest first (R36).

    All of them where the rule itself was at fault, else those with like evidence.
    """
    same = [
        p
        for p in known
        if p.in_force
        and p.case_id != reversed_.case_id
        and (p.procedure, p.step, p.policy_hash) == (reversed_.procedure, reversed_.step, reversed_.policy_hash)
    ]
    apart = {id(p): distance(reversed_.evidence, p.evidence) for p in same}
    return tuple(sorted((p for p in same if flaw == "rule" or apart[id(p)] <= LIKE), key=lambda p: apart[id(p)]))
