"""The words of `DATA.md`, one job after the other: the judge of `field.sql`, `contests.sql` and `counted.sql`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from evenhand.engines.reference.admission import Row
from evenhand.engines.reference.seen import Seen
from evenhand.evidence.activity.exclusion import posted_on
from evenhand.evidence.activity.grid import LARGEST_ODDS
from evenhand.evidence.activity.question import Question
from evenhand.market.table import EARLIEST


@dataclass(frozen=True, kw_only=True)
class Counted:
    """One account's counted unit for one outcome."""

    account_id: str
    shortlist: bool
    job: Row
    won: bool
    odds: float
    submitted_at: datetime
    settled_at: datetime


@dataclass(frozen=True, kw_only=True)
class Field:
    """A settled job on which somebody was chosen: the rows in competition, by unit, and the times of the strays.

    A stray without a time was there from the start. Units that were there before the first choice are measured among
    themselves, late winners against everyone.
    """

    first_at: datetime
    chosen: frozenset[str]
    units: dict[str, list[Row]]
    strays: int
    impressions: bool

    @property
    def contested(self) -> bool:
        """Whether anyone was passed over."""
        return len(self.chosen) < len(self.units) + self.strays

    def was_early(self, proposal: Row) -> bool:
        """Whether a proposal was there before the first choice, and in the list where the field is the list."""
        return is_early(proposal, self.first_at, impressions=self.impressions)

    def early_rows(self, unit: str) -> list[Row]:
        """The unit's proposals that were there before the first choice."""
        return [p for p in self.units[unit] if self.was_early(p)]

    def early(self, unit: str) -> bool:
        """Whether the unit was there before the first choice."""
        return bool(self.early_rows(unit))

    def weight(self, unit: str, column: str = "weight") -> int:
        """Weight of a unit in millionths: of its early proposals if it has any, else of all."""
        return self._weigh(self.units[unit], early=self.early(unit), column=column)

    def odds(self, unit: str) -> tuple[int, int]:
        """Fair odds of a unit as a fraction: its own weight, cautious where it is fitted, for each choice."""
        return self.hires(unit) * self.weight(unit, "own"), self.rest(unit)

    def hires(self, unit: str) -> int:
        """How many were chosen among those that the unit is measured with."""
        return len([other for other in self.chosen if self.early(other) or not self.early(unit)])

    def rest(self, unit: str) -> int:
        """Weight of all others that the unit is measured with."""
        everyone = [p for rows in self.units.values() for p in rows]
        return self._weigh(everyone, early=self.early(unit)) + 1_000_000 * self.strays - self.weight(unit)

    def _weigh(self, rows: list[Row], *, early: bool, column: str = "weight") -> int:
        weights: list[int] = [p[column] if column in p else p["weight"] for p in rows if self.was_early(p) or not early]
        return sum(weights)

    def tells(self, unit: str) -> bool:
        """Whether an outcome of the unit is evidence at all: somebody was chosen, at a fair share of .98 or less."""
        above, below = self.odds(unit)
        return 0 < above <= LARGEST_ODDS * below

    def seen_loss(self, unit: str, views: bool) -> bool:
        """Whether some proposal of the unit was viewed, and not withdrawn, before the first choice."""
        return any(
            (not views or (p["viewed_at"] is not None and p["viewed_at"] < self.first_at))
            and (p["withdrawn_at"] is None or p["withdrawn_at"] >= self.first_at)
            for p in self.units[unit]
        )


def is_early(proposal: Row, first_at: datetime, *, impressions: bool) -> bool:
    """Whether a proposal came before the first choice; with `impressions` it must be in the list as well."""
    return proposal["submitted_at"] < first_at and not (impressions and proposal["shown_rank"] is None)


def settled(seen: Seen, question: Question) -> Iterator[tuple[Row, datetime]]:
    """Jobs whose outcomes may speak, each with the instant at which they do, in order of that instant."""
    jobs = (j for j in seen.jobs.values() if j["closed_at"] is not None and j["closed_at"] <= seen.as_of)
    for job in sorted(jobs, key=lambda j: (j["closed_at"], j["posted_at"], j["job_id"])):
        at = job["closed_at"] + timedelta(days=question.settle_days)
        void = job["outcome"] in ("removed", "cancelled") or job["job_id"] in seen.voided
        if at <= seen.as_of and not void and not excluded(job, question):
            yield job, at


def excluded(job: Row, question: Question) -> bool:
    """Whether the policy leaves a job out for everybody."""
    facts = {**job, "posted_on": posted_on(job["posted_at"])}
    return question.exclude_jobs is not None and question.exclude_jobs.truth(facts) is True


def field_of(seen: Seen, job: Row, settled_at: datetime, *, shortlist: bool, impressions: bool) -> Field | None:
    """The field of a settled job for one outcome, None where nobody was chosen."""
    proposals = [p for p in seen.proposals if p["job_id"] == job["job_id"] and p["submitted_at"] <= settled_at]
    chosen = _choices(seen, job, proposals, settled_at, shortlist=shortlist)
    if not chosen:
        return None
    first_at = min(chosen.values())
    units: dict[str, list[Row]] = {}
    for p in proposals:
        if is_early(p, first_at, impressions=impressions) or seen.unit(p["account_id"]) in chosen:
            units.setdefault(seen.unit(p["account_id"]), []).append(p)
    strays = [time for stray, time in seen.strays if stray == job["job_id"] and (time is None or time < first_at)]
    return Field(first_at=first_at, chosen=frozenset(chosen), units=units, strays=len(strays), impressions=impressions)


Judged = tuple[Row, datetime, Sequence[Field]]
"""A settled job with a choice, when it settled, and its field under each audited model, the full one first."""


def counted(question: Question, judged: Iterable[Judged], *, shortlist: bool, views: bool) -> Iterator[Counted]:
    """Every counted unit for one outcome, in the order in which the jobs settle; once per account and client."""
    scored: set[tuple[str, str]] = set()
    for job, at, fields in judged:
        field = fields[0]
        if not field.contested:
            continue
        for account_id, unit, submitted_at in _members(field):
            odds = [model.odds(unit) for model in fields if model.tells(unit)]
            told = odds and (unit in field.chosen or field.seen_loss(unit, views))
            again = (account_id, job["client_id"]) in scored and not question.every_job
            if not told or again or submitted_at < (question.evidence_from or EARLIEST):
                continue
            scored.add((account_id, job["client_id"]))
            if submitted_at >= question.episodes.get(account_id, EARLIEST):
                yield Counted(
                    account_id=account_id,
                    shortlist=shortlist,
                    job=job,
                    won=unit in field.chosen,
                    odds=min(float(above) / float(below) for above, below in odds),
                    submitted_at=submitted_at,
                    settled_at=at,
                )


def _members(field: Field) -> Iterator[tuple[str, str, datetime]]:
    """Every account in the field, with its unit and the time of its first proposal."""
    for unit, proposals in sorted(field.units.items()):
        for account_id in sorted({p["account_id"] for p in proposals}):
            yield account_id, unit, min(p["submitted_at"] for p in proposals if p["account_id"] == account_id)


def _choices(
    seen: Seen, job: Row, proposals: list[Row], settled_at: datetime, *, shortlist: bool
) -> dict[str, datetime]:
    """Units chosen on a job, each with the first time; a hire is a shortlist too."""
    proposed = {seen.unit(p["account_id"]) for p in proposals}
    hired = [c for c in seen.contracts if c["job_id"] == job["job_id"] and c["started_at"] <= settled_at]
    times = [(seen.unit(c["account_id"]), c["started_at"]) for c in hired if seen.unit(c["account_id"]) in proposed]
    if shortlist:
        known = [p for p in proposals if p["interviewed_at"] is not None and p["interviewed_at"] <= settled_at]
        times += [(seen.unit(p["account_id"]), p["interviewed_at"]) for p in known]
    return {unit: min(time for other, time in times if other == unit) for unit, _ in times}
