"""Steps that wait for the market-wide set: who of the confirmed may have notice now (S5, Theorem 2)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from evenhand.decisions.case.case import Case, Measure
from evenhand.decisions.case.clock import current
from evenhand.decisions.case.entry import CLOCK, Moves
from evenhand.decisions.case.writing import Part, refused, write
from evenhand.decisions.ledger import History
from evenhand.decisions.portfolio import Candidate, select
from evenhand.policy.types import Guarantee


def admissible(cases: Iterable[Case], history: History, guarantee: Guarantee, first_run: datetime) -> frozenset[str]:
    """The accounts among these cases that the set admits, formed over all that people have confirmed.

    One whose notice is running counts in the set's size, since it joined before; it is in the answer as well.
    """
    return select([found for case in cases if (found := _candidate(case))], history, guarantee, first_run)


def _candidate(case: Case) -> Candidate | None:
    measure = case.waiting
    if measure is None or measure.confirmed_at is None or not measure.terms.needs_portfolio or measure.log_e is None:
        return None
    entered_at = measure.entered_at or measure.proposed_at
    return Candidate(account_id=case.account_id, log_e=measure.log_e, entered_at=entered_at)


def waits(case: Case) -> Measure | None:
    """The confirmed measure that has not been admitted yet."""
    measure = case.waiting
    return measure if measure and measure.confirmed_at and measure.sent_at is None else None


def admit(case: Case, admitted: Collection[str], now: datetime) -> Moves:
    """Give notice of a measure whose account is among the `admitted`; raises `ActRefused` where it has to wait on."""
    current(case, now)
    measure = waits(case)
    if measure is None or case.account_id not in admitted:
        raise refused(case, "nothing here is admitted to the market-wide set", "it waits until the set has room")
    return write(case, now, Part(kind="admitted", author=CLOCK, body={"of": measure.number, "notice": "notice"}))
