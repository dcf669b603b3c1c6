"""Like cases: what was decided before on like evidence, and what a reversal asks people to look at again (R33, R36)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Final

from evenhand.appeals.precedents import Precedent, nearest, precedents, sweep
from evenhand.decisions.case.case import Case, Measure
from evenhand.decisions.case.entry import Moves
from evenhand.decisions.case.head import unswept
from evenhand.decisions.case.reviewing import flag, swept
from evenhand.errors import ActRefused
from evenhand.policy.conditions.reasons import Json
from evenhand.workflows.form_portfolio import heads
from evenhand.workflows.office import Office

REMEMBERED: Final = 500
"""Among how many of the cases decided last precedents are looked for, so that the search takes no longer with time."""

DECIDED: Final = ("confirmed", "refused")
"""Kinds of entry by which people decide a proposal."""

STANDING: Final = ("in_force", "notice", "portfolio", "appeal", "recheck", "hearing", "review", "second")
"""Stages of cases in which a decided measure may stand."""


def shown(
    office: Office, case: Case, measure: Measure, evidence: Mapping[str, Json], now: datetime
) -> tuple[Precedent, ...]:
    """The nearest precedents of a measure on this evidence, its own case aside."""
    found = dict.fromkeys(name for kind in DECIDED for name in office.store.latest(case.procedure, kind, REMEMBERED))
    known = (p for name in found if name != case.case_id for p in precedents(office.case(name, now), now))
    return nearest(case.procedure, measure.step, evidence, known)


def sweep_like(office: Office, case_id: str, now: datetime) -> int:
    """Flag the like cases of a reversed one; returns how many were not flagged before. Broken off, it is done again.

    The reversed case says in the end that it was done; until then it is due.
    """
    case = office.case(case_id, now)
    reversal = unswept(case)
    if reversal is None:
        return 0
    own = next(p for p in precedents(case, now) if p.of == reversal.body["of"])
    like = sweep(own, str(reversal.body["flaw"]), _standing(office, case, now))
    flagged = sum(_flag(office, each, case_id, now) for each in like)
    office.act(case_id, partial(_swept, len(like)), now)
    return flagged


def _swept(flagged: int, case: Case, now: datetime) -> Moves:
    return swept(case, flagged, now)


def _standing(office: Office, case: Case, now: datetime) -> Iterator[Precedent]:
    for stage in STANDING:
        for head in heads(office, stage):
            if head.procedure == case.procedure and head.case_id != case.case_id:
                yield from precedents(office.case(head.case_id, now), now)


def _flag(office: Office, like: Precedent, because: str, now: datetime) -> bool:
    """Flag one; False where it was flagged before or has ended meanwhile."""
    before = office.case(like.case_id, now).last.number

    def deed(case: Case, at: datetime) -> Moves:
        return flag(case, like.of, because, at)

    try:
        return office.act(like.case_id, deed, now).last.number > before
    except ActRefused:
        return False
