"""An interim hold: on a listed ground, for seven business days at most, while people decide (clock: interim hold)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from evenhand.decisions.case.case import Case
from evenhand.decisions.case.clock import business_days_after, current, release
from evenhand.decisions.case.entry import Moves
from evenhand.decisions.case.looking import Look
from evenhand.decisions.case.people import DECIDERS, Person, require
from evenhand.decisions.case.proposing import check_urgent
from evenhand.decisions.case.writing import Part, by, refused, write
from evenhand.decisions.effects import OF_HOLD
from evenhand.decisions.reasons import stamp
from evenhand.policy.conditions.reasons import Json


def hold(case: Case, person: Person, ground: str, look: Look, now: datetime) -> Moves:
    """Let proposing rest while a proposal is decided; once per case. Money earned and running work stay untouched."""
    current(case, now)
    require(person, DECIDERS, "hold an account", case.case_id)
    check_urgent(case, ground)
    measure = case.waiting
    if measure is None or not measure.undecided:
        raise refused(case, "nothing waits for a decision", "a hold covers the time until one")
    if case.holds:
        raise refused(case, "there was a hold in this case", "decide instead: a second one would have no end")
    until = business_days_after(now, case.clocks.hold_business_days)
    body: dict[str, Json] = {**look.as_body(case, measure), "ground": ground, "until": stamp(until), "notice": "hold"}
    return write(case, now, Part(kind="held", author=by(person), body=body, effects=OF_HOLD))


def let_go(case: Case, person: Person, now: datetime) -> Moves:
    """End the hold before its time."""
    current(case, now)
    require(person, DECIDERS, "end a hold", case.case_id)
    if case.hold is None:
        raise refused(case, "there is no hold", "look at the case again")
    return write(case, now, replace(release(case.hold), author=by(person)))
