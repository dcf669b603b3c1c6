"""Group calibration by the book: every group, and every group without one unit, is reckoned from the start."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from evenhand.engines.reference.activity import Field, Judged
from evenhand.engines.reference.admission import Row
from evenhand.engines.reference.seen import Seen
from evenhand.evidence.activity import grid
from evenhand.evidence.activity.guards import rule
from evenhand.evidence.activity.guards.rule import GroupGuard, Guards


@dataclass(frozen=True, kw_only=True)
class Contribution:
    """One account's unit on a job with exactly one hire, as seen by the groups of that account."""

    unit: str
    job_id: str
    quarter: tuple[int, int]
    weight: int
    everyone: int
    won: bool
    groups: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Contest:
    """A group on one job: its fair odds there, and whether one of its members won."""

    odds: float
    won: bool


class GroupGuards:
    """The guards of one market; `judged` are the fields of its hires in the order in which they settled."""

    def __init__(self, seen: Seen, judged: Sequence[Judged], guards: Guards) -> None:
        self._seen = seen
        self._guards = guards
        self._contributions = list(_first(list(self._contributed(judged)), guards.most_units))
        members = {name: self._members(name) for c in self._contributions for name in c.groups}
        self._large = {name: units for name, units in sorted(members.items()) if len(units) > self._guards.least_others}

    def shown(self) -> tuple[GroupGuard, ...]:
        """What is to be said of each group, sorted by name."""
        return rule.shown([self._row(name) for name in self._large], self._guards)

    def held(self, suspects: Collection[str]) -> Mapping[str, tuple[str, ...]]:
        """The groups held for each account; for `suspects` (accounts) reckoned without their own unit."""
        line = math.log(self._guards.line)
        suspected = {self._seen.unit(account) for account in suspects}
        found = {}
        for account in self._seen.accounts:
            unit = self._seen.unit(account)
            without = unit if unit in suspected else None
            names = [name for name in self._groups_of(unit) if _log_e(self._contests(name, without)) >= line]
            found[account] = tuple(sorted(names))
        return found

    def _contributed(self, judged: Sequence[Judged]) -> Iterator[Contribution]:
        for job, at, field in self._contested(judged):
            for unit in (unit for unit in field.units if field.early(unit)):
                submitted: dict[str, datetime] = {}
                for p in field.early_rows(unit):
                    known = submitted.get(p["account_id"], p["submitted_at"])
                    submitted[p["account_id"]] = min(known, p["submitted_at"])
                for account_id, submitted_at in submitted.items():
                    yield Contribution(
                        unit=unit,
                        job_id=job["job_id"],
                        quarter=(at.year, (at.month - 1) // 3),
                        weight=field.weight(unit),
                        everyone=field.weight(unit) + field.rest(unit),
                        won=unit in field.chosen,
                        groups=frozenset(self._groups(account_id, submitted_at)),
                    )

    def _contested(self, judged: Sequence[Judged]) -> Iterator[tuple[Row, datetime, Field]]:
        """The first job of each client with exactly one hire, of somebody who was there before it; so many a month."""
        clients: set[str] = set()
        months: Counter[tuple[int, int]] = Counter()
        for job, at, (field, *_) in judged:
            if not field.contested or len(field.chosen) > 1 or job["client_id"] in clients:
                continue
            if all(field.early(unit) for unit in field.chosen):
                clients.add(job["client_id"])
                months[at.year, at.month] += 1
                if months[at.year, at.month] <= self._guards.most_jobs:
                    yield job, at, field

    def _groups(self, account_id: str, at: datetime) -> Iterator[str]:
        """Groups of an account at a time."""
        account = self._seen.accounts[account_id]
        for attribute in self._guards.attributes:
            if attribute == "tenure":
                yield f"tenure={_band(at - account['registered_at'])}"
            elif account[attribute] is not None:
                yield f"{attribute}={account[attribute]}"

    def _groups_of(self, unit: str) -> set[str]:
        """The large groups to which the accounts of a unit belong now."""
        accounts = [account for account in self._seen.accounts if self._seen.unit(account) == unit]
        return {name for account in accounts for name in self._groups(account, self._seen.as_of)} & self._large.keys()

    def _members(self, name: str) -> set[str]:
        return {c.unit for c in self._contributions if name in c.groups}

    def _contests(self, name: str, without: str | None) -> list[Contest]:
        """The group on every job, as if the unit `without` were none of its members."""
        jobs: dict[str, dict[str, Contribution]] = {}
        for c in self._contributions:
            if name in c.groups and c.unit != without:
                jobs.setdefault(c.job_id, {})[c.unit] = c
        contests = []
        for members in jobs.values():
            weight = sum(c.weight for c in members.values())
            rest = next(iter(members.values())).everyone - weight
            if weight <= grid.LARGEST_ODDS * rest:
                won = any(c.won for c in members.values())
                contests.append(Contest(odds=float(weight) / float(rest), won=won))
        return contests

    def _row(self, name: str) -> tuple[str, int, int, float, int, float | None, float]:
        contests = self._contests(name, None)
        wins, sums, _ = _state(contests)
        expected = float(sum(grid.fair_share(contest.odds) for contest in contests)) / grid.SCALE
        ratio = grid.odds_ratio(wins, sums)
        return name, len(self._large[name]), len(contests), expected, wins, ratio, _log_e(contests)


def _first(contributions: Sequence[Contribution], most: int) -> Iterator[Contribution]:
    """Of each unit the first `most` jobs of every quarter."""
    jobs: dict[tuple[str, tuple[int, int]], list[str]] = {}
    for c in contributions:
        known = jobs.setdefault((c.unit, c.quarter), [])
        if c.job_id not in known:
            known.append(c.job_id)
        if known.index(c.job_id) < most:
            yield c


def _band(tenure: timedelta) -> str:
    return next((name for name, days in rule.TENURE_DAYS if tenure < timedelta(days=days)), rule.LONGEST_TENURE)


def _state(contests: Sequence[Contest]) -> tuple[int, list[int], int]:
    """Wins, the nineteen sums, and the sum of the null's terms."""
    sums = [0] * (len(grid.GRID) - 1)
    for contest in contests:
        sums = [a + b for a, b in zip(sums, grid.terms(contest.odds), strict=True)]
    return sum(c.won for c in contests), sums, sum(rule.null_term(c.odds) for c in contests)


def _log_e(contests: Sequence[Contest]) -> float:
    return rule.log_e(*_state(contests))
