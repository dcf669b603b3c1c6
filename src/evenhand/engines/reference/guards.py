"""Group calibration by the book: every group, and every group without one unit, is reckoned from the start."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from evenhand.engines.reference.activity import Counted, field_of
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
    """The guards of one market; `units` are all counted units in the order in which they settled."""

    def __init__(self, seen: Seen, units: Sequence[Counted], guards: Guards) -> None:
        self._seen = seen
        self._guards = guards
        self._contributions = list(_first(list(self._contributed(units)), guards.most_units))
        members = {name: self._members(name) for c in self._contributions for name in c.groups}
        self._large = {name: units for name, units in sorted(members.items()) if len(units) > guards.least_others}

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

    def _contributed(self, units: Sequence[Counted]) -> Iterator[Contribution]:
        for counted in units:
            if counted.shortlist:
                continue
            field = field_of(self._seen, counted.job, counted.settled_at, shortlist=False)
            if field is None or len(field.chosen) != 1 or not all(field.early(unit) for unit in field.chosen):
                continue
            unit = self._seen.unit(counted.account_id)
            yield Contribution(
                unit=unit,
                job_id=counted.job["job_id"],
                quarter=(counted.settled_at.year, (counted.settled_at.month - 1) // 3),
                weight=field.weight(unit),
                everyone=field.weight(unit) + field.rest(unit),
                won=counted.won,
                groups=frozenset(self._groups(counted.account_id, counted.submitted_at)),
            )

    def _groups(self, account_id: str, submitted_at: datetime | None) -> Iterator[str]:
        """Groups of an account, by tenure only at the time of a proposal."""
        account = self._seen.accounts[account_id]
        for attribute in self._guards.attributes:
            if attribute == "tenure":
                if submitted_at is not None:
                    yield f"tenure={_band(submitted_at - account['registered_at'])}"
            elif account[attribute] is not None:
                yield f"{attribute}={account[attribute]}"

    def _groups_of(self, unit: str) -> set[str]:
        """The large groups of all accounts of a unit, and of every band of tenure in which it contributed."""
        accounts = [account for account in self._seen.accounts if self._seen.unit(account) == unit]
        own = {name for account in accounts for name in self._groups(account, None)}
        own |= {name for c in self._contributions if c.unit == unit for name in c.groups}
        return own & self._large.keys()

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
