"""Cumulative e-BH: the set of accounts on which a portfolio step may act (`STATISTICS.md` section 3, Theorem 2)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from evenhand.decisions.ledger import History
from evenhand.errors import RunRefused
from evenhand.policy.types import Guarantee


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An account that a portfolio step would take, with its current log e and the time at which it got evidence."""

    account_id: str
    log_e: float
    entered_at: datetime


def family_year(entered_at: datetime, first_run: datetime) -> int:
    """The yearly cohort of a hypothesis, counted from the policy's first run: 1 up to a year after it.

    >>> first = datetime(2026, 1, 1)
    >>> family_year(datetime(2020, 1, 1), first), family_year(datetime(2027, 6, 1), first)
    (1, 2)
    """
    return max(0, (entered_at - first_run) // timedelta(days=365)) + 1


def weight(year: int, capacity: int) -> float:
    """The weight gamma of a hypothesis of cohort `year`: 6 / (pi^2 year^2 capacity), so that all of them sum to 1 (S5).

    >>> round(weight(1, 20_000) * 20_000, 6)
    0.607927
    """
    return 6 / (math.pi**2 * year**2 * capacity)


def check_capacity(hypotheses: Mapping[int, int], earlier: Iterable[int], capacity: int) -> None:
    """Refuse where a yearly cohort holds more hypotheses than its declared capacity (S5).

    `hypotheses` counts the running ones by year; `earlier` are the years of episodes that are over.
    """
    spent = dict(hypotheses)
    for year in earlier:
        spent[year] = spent.get(year, 0) + 1
    for year, count in sorted(spent.items()):
        if count > capacity:
            raise RunRefused(
                f"{count} accounts have evidence in family year {year}, and the policy declares `family: {capacity}`",
                hint=f"declare `family: {count}` or more in a new version; weights once given never change",
            )


def select(
    candidates: Sequence[Candidate], history: History, guarantee: Guarantee, first_run: datetime
) -> frozenset[str]:
    """The largest set in which every account that joins has e >= 1 / (alpha * gamma * size of the set).

    Accounts acted on in their running episode stay in (frozen at action); everything ever acted on counts in the size.
    """
    if guarantee.portfolio is None or guarantee.family is None:
        return frozenset()
    acted = frozenset(account for account, standing in history.standings.items() if standing.acted_in_portfolio)
    scored = sorted(
        (
            (candidate.log_e + math.log(_gamma(candidate, history, guarantee.family, first_run)), candidate.account_id)
            for candidate in candidates
            if candidate.account_id not in acted
        ),
        key=lambda pair: (-pair[0], pair[1]),
    )
    joined = 0
    for size, (strength, _) in enumerate(scored, start=1):
        if strength + math.log(guarantee.portfolio) + math.log(history.acted + size) >= 0:
            joined = size
    return acted | {account for _, account in scored[:joined]}


def _gamma(candidate: Candidate, history: History, capacity: int, first_run: datetime) -> float:
    standing = history.standings.get(candidate.account_id)
    if standing is None:
        return weight(family_year(candidate.entered_at, first_run), capacity)
    if standing.gamma is not None:
        return standing.gamma
    return weight(family_year(candidate.entered_at, first_run), capacity)
