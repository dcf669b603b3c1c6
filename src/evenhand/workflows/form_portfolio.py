"""The market-wide set, formed over all that people have confirmed; its members get notice, the others wait (S5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from evenhand.decisions.case.case import Case
from evenhand.decisions.case.entry import CaseHead
from evenhand.decisions.case.portfolio import admissible, admit, waits
from evenhand.decisions.ledger import fold
from evenhand.errors import ActRefused, Outdated
from evenhand.policy.types import Policy
from evenhand.vocabulary import Procedure
from evenhand.workflows.binding import in_force
from evenhand.workflows.office import ATTEMPTS, Office

PAGE: Final = 500
"""Heads read at a time."""


def admit_waiting(office: Office, procedure: Procedure, now: datetime) -> int:
    """Give notice to whom the set admits, all of them or nobody; returns how many.

    No lock is needed: a set that another tick formed at the same time shares its strongest members with this one, so
    that one of the two finds its cases grown and forms the set anew over what the other admitted.
    """
    policy = in_force(office.store, procedure, now)
    if policy is None or not policy.needs_portfolio:
        return 0
    for _ in range(ATTEMPTS):
        waiting = [case for case in _cases(office, "portfolio", procedure, now) if waits(case)]
        if not waiting:
            return 0
        admitted = _admitted(office, policy, waiting, now)
        acts = [office.kept(case, admit(case, admitted, now)) for case in waiting if case.account_id in admitted]
        try:
            office.store.append_all(acts)
        except Outdated:
            continue
        return len(acts)
    raise ActRefused("others keep forming the set", where=procedure, hint="tick again in a minute")


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
