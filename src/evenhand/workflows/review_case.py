"""A reviewer's acts on what is proposed or decided, by the words in which they are asked for (R22)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from evenhand.appeals.precedents import differs
from evenhand.decisions.case.case import Case
from evenhand.decisions.case.deciding import ask, confirm, lighten, refuse
from evenhand.decisions.case.entry import Moves
from evenhand.decisions.case.holding import hold, let_go
from evenhand.decisions.case.looking import Look
from evenhand.decisions.case.people import Person
from evenhand.decisions.case.reviewing import close, ease, keep
from evenhand.decisions.case.terms import Terms, terms
from evenhand.errors import ActRefused
from evenhand.policy.parse import parse
from evenhand.vocabulary import restricts
from evenhand.workflows.office import Office
from evenhand.workflows.precedents import shown


@dataclass(frozen=True, kw_only=True)
class Review:
    """One act of a person: `act` is a key of `ACTS`; the rest is what some of the acts need.

    `seen` is how many entries of the case lay before them when they looked.
    `step` is the milder one to lighten to, `until` an earlier end, `ground` the listed urgency of a hold, `of` the
    number of the measure (by default the one in force), `question` what a member is asked.
    """

    act: str
    person: Person
    look: Look
    seen: int
    step: str | None = None
    until: datetime | None = None
    ground: str = ""
    of: int | None = None
    question: str = ""


def review_case(office: Office, case_id: str, review: Review, now: datetime) -> tuple[Case, str | None]:
    """Do it; returns the case, and a warning where most like cases were decided otherwise (R33)."""
    case = office.tick(case_id, now)
    warning = _differs(office, case, review, now)
    deed = partial(_lightened, office, review) if review.act == "lighten" else partial(_done, review)
    return office.act_on(case_id, review.seen, deed, now), warning


def _done(review: Review, case: Case, now: datetime) -> Moves:
    return ACTS[review.act](case, review, now)


def _lightened(office: Office, review: Review, case: Case, now: datetime) -> Moves:
    on = _milder(office, case, review.step)
    return lighten(case, review.person, review.look, review.step or "", on, now)


def _differs(office: Office, case: Case, review: Review, now: datetime) -> str | None:
    measure, answer = case.waiting, {"confirm": "confirmed", "refuse": "refused"}.get(review.act)
    if measure is None or answer is None:
        return None
    return differs(answer, shown(office, case, measure, measure.evidence, now), measure.evidence)


def _milder(office: Office, case: Case, step: str | None) -> Terms:
    """The terms of a milder step of the policy under which the measure was proposed."""
    if case.waiting is None:
        raise ActRefused("no proposal waits for a person", where=case.case_id, hint="look at the case again")
    published = office.policy(case.waiting.policy.hash)
    policy = parse(published.text, file=f"{published.name} {published.version}")
    found = policy.step(step or "")
    if found is None:
        known = ", ".join(f"`{each.step}`" for each in policy.steps)
        raise ActRefused(f"`{step}` is no step of the policy", where=case.case_id, hint=f"its steps are {known}")
    return terms(found)


def _of(case: Case, review: Review, now: datetime) -> int:
    """The measure that is meant: the one named, else the latest that restricts, or the latest decided."""
    if review.of is not None:
        return review.of
    decided = [m for m in case.measures if m.ended_at is None and not m.undecided]
    return max((m.number for m in decided if restricts(m.step) and m.in_force(now)), default=0) or max(
        (m.number for m in decided), default=0
    )


ACTS: Final[Mapping[str, Callable[[Case, Review, datetime], Moves]]] = {
    "ask": lambda case, r, now: ask(case, r.person, r.question, r.look, now),
    "confirm": lambda case, r, now: confirm(case, r.person, r.look, now),
    "refuse": lambda case, r, now: refuse(case, r.person, r.look, now),
    "hold": lambda case, r, now: hold(case, r.person, r.ground, r.look, now),
    "release": lambda case, r, now: let_go(case, r.person, now),
    "keep": lambda case, r, now: keep(case, r.person, _of(case, r, now), r.look, now),
    "ease": lambda case, r, now: ease(case, r.person, _of(case, r, now), r.look, now, until=r.until),
    "close": lambda case, r, now: close(case, r.person, r.look, now),
}
"""Every act by its word; `lighten` is one more, which takes the terms of the milder step from the policy."""
