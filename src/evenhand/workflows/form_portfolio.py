"""The market-wide set, formed over all that people have confirmed; its members get notice, the others wait (S5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from evenhand.decisions.case.case import Case
from evenhand.decisions.case.entry import CaseHead, Moves
from evenhand.decisions.case.portfolio import admissible, admit, waits
from evenhand.decisions.ledger import fold
from evenhand.errors import ActRefused, EvenhandError, NoticeRefused, Outdated
from evenhand.policy.types import Policy
from evenhand.vocabulary import Procedure
from evenhand.workflows.binding import in_force
from evenhand.workflows.office import ATTEMPTS, Office

PAGE: Final = 500
"""Heads read at a time."""


def admit_waiting(office: Office, procedure: Procedure, now: datetime, stuck: dict[str, str]) -> int:
    """Give notice to whom the set admits, all of them or nobody; returns how many.

    A case whose letter cannot be written is told in `stuck`, and the set is formed anew without it. No lock is needed:
    a set that another tick formed at the same time shares its strongest members with this one, so that one of the two
    finds its cases grown and forms the set over what the other admitted.
    """
    policy = in_force(office.store, procedure, now)
    if policy is None or not policy.needs_portfolio:
        return 0
    for _ in range(ATTEMPTS):
        waiting = [c for c in _cases(office, "portfolio", procedure, now) if waits(c) and c.case_id not in stuck]
        if not waiting:
            return 0
        try:
            acts = _acts(office, _admitted(office, policy, waiting, now), waiting, now)
            office.store.append_all(acts)
        except _Unwritten as unwritten:
            stuck[unwritten.case_id] = str(unwritten)
            continue
        except Outdated:
            continue
        return len(acts)
    raise ActRefused("others keep forming the set", where=procedure, hint="tick again in a minute")


class _Unwritten(Exception):  # no error: the set is formed again without the case
    """A case of the set that cannot be given notice."""

    def __init__(self, case_id: str, refusal: EvenhandError) -> None:
        super().__init__(str(refusal))
        self.case_id = case_id


def _acts(office: Office, admitted: frozenset[str], waiting: list[Case], now: datetime) -> list[tuple[Moves, CaseHead]]:
    acts = []
    for case in waiting:
        if case.account_id in admitted:
            try:
                acts.append(office.kept(case, admit(case, admitted, now)))
            except (ActRefused, NoticeRefused) as refusal:
                raise _Unwritten(case.case_id, refusal) from refusal
    return acts


def _admitted(office: Office, policy: Policy, waiting: list[Case], now: datetime) -> frozenset[str]:
    history = fold(office.store.ledger(policy.procedure), policy, now)
    noticed = _cases(office, "notice", policy.procedure, now)
    return admissible([*waiting, *noticed], history, policy.guarantee, history.first_run or now)


def _cases(office: Office, stage: str, procedure: str, now: datetime) -> Iterator[Case]:
    for head in heads(office, stage):
        if head.procedure == procedure:
            yield office.case(head.case_id, now)


def heads(office: Office, stage: str) -> Iterator[CaseHead]:
    """Every case of a stage, a page at a time, the most urgent first."""
    page = office.store.queue(stage=stage, after=None, limit=PAGE)
    while page:
        yield from page
        page = office.store.queue(stage=stage, after=page[-1], limit=PAGE)
