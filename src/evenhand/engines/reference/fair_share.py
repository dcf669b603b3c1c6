"""Fitted fair shares, job after job in plain Python: the judge of `evidence/activity/fair_share.py` and its SQL.

What both share are the declarations: which circumstances there are, which models are audited, how cautious one is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from evenhand.engines.reference.activity import Field, field_of, settled
from evenhand.engines.reference.admission import Row
from evenhand.engines.reference.seen import Seen
from evenhand.evidence.activity.choice_model import ENOUGH_PER_LEVEL, SPREAD
from evenhand.evidence.activity.circumstances import CIRCUMSTANCES, DEEPEST, variants
from evenhand.evidence.activity.fair_share import BANDS, CAUTION, SCALE
from evenhand.evidence.activity.question import Question

Level = tuple[str, object]
"""A circumstance and the proposal's level in it."""
Matrix = list[list[float]]

AGES: Final = (30, 90, 365, 1095)
HOURS: Final = (1, 6, 24, 72)


def level(control: str, seen: Seen, job: Row, proposal: Row, median: float | None) -> object:
    """The level of one circumstance: a label, or the value itself."""
    account = seen.accounts[proposal["account_id"]]
    labels = CIRCUMSTANCES[control].levels
    waited: timedelta = proposal["submitted_at"] - job["posted_at"]
    age: timedelta = proposal["submitted_at"] - account["registered_at"]
    ways: Mapping[str, Callable[[], object]] = {
        "country": lambda: account["country"],
        "language": lambda: account["language"],
        "invited": lambda: labels[bool(proposal["invited"])],
        "position": lambda: labels[min(proposal["shown_rank"] or 0, DEEPEST + 1)],
        "promptness": lambda: labels[sum(waited >= timedelta(hours=hours) for hours in HOURS)],
        "tenure": lambda: labels[sum(age >= timedelta(days=days) for days in AGES)],
        "price": lambda: labels[_price(proposal["bid_usd"], median)],
    }
    return ways[control]()


def _price(bid: float | None, median: float | None) -> int:
    if bid is None or median is None or median <= 0:
        return 0
    return 1 + (bid * 2 >= median) + (bid * 5 >= median * 4) + (bid * 4 > median * 5) + (bid > median * 2)


@dataclass(kw_only=True)
class Model:
    """One model: what is believed of each level that was ever there, and how much was seen."""

    levels: list[Level] = field(default_factory=list)
    mean: list[float] = field(default_factory=list)
    information: Matrix = field(default_factory=list)
    chosen: list[float] = field(default_factory=list)
    choices: int = 0

    @property
    def ready(self) -> bool:
        """Whether there are enough choices for as many levels."""
        return self.choices >= ENOUGH_PER_LEVEL * max(1, len(self.levels))

    def number(self, of: Level) -> int:
        """Place of a level, which is new if it was never met."""
        if of not in self.levels:
            self.levels.append(of)
            self.mean.append(0.0)
            self.chosen.append(0.0)
            for row in self.information:
                row.append(0.0)
            self.information.append([0.0] * len(self.levels))
            self.information[-1][-1] = 1 / SPREAD**2
        return self.levels.index(of)

    def learn(self, jobs: Sequence[Lesson]) -> None:
        """Newton's method on the jobs of one month, from what is known so far."""
        numbered = [[[self.number(of) for of in levels] for levels in job.levels] for job in jobs]
        prior_mean, prior = list(self.mean), [list(row) for row in self.information]
        mean, information, longest = list(prior_mean), prior, 1.0
        while longest >= 1e-9:
            score, information = [0.0] * len(mean), [list(row) for row in prior]
            for k, row in enumerate(prior):
                score[k] -= sum(p * (b - m) for p, b, m in zip(row, mean, prior_mean, strict=True))
            for job, rows in zip(jobs, numbered, strict=True):
                _add(job, rows, mean, score, information)
            step = solve(information, score)
            longest = max(abs(s) for s in step)
            mean = [b + s / max(1.0, longest) for b, s in zip(mean, step, strict=True)]
        self.mean = [round(b, 9) for b in mean]
        self.information = [[round(value, 6) for value in row] for row in information]
        for job, rows in zip(jobs, numbered, strict=True):
            self.choices += job.hires
            for won, levels in zip(job.won, rows, strict=True):
                for k in levels:
                    self.chosen[k] += won

    def weigh(self, levels: Sequence[Level]) -> tuple[int, int]:
        """A combination's weight, and the cautious one, in millionths."""
        contrast = [-chosen / self.choices for chosen in self.chosen]
        unmet = 0
        for of in levels:
            if of in self.levels:
                contrast[self.levels.index(of)] += 1
            else:
                unmet += 1
        effect = sum(c * b for c, b in zip(contrast, self.mean, strict=True))
        variance = sum(c * s for c, s in zip(contrast, solve(self.information, contrast), strict=True))
        error = math.sqrt(variance + unmet * SPREAD**2)
        return in_units(effect), in_units(effect - CAUTION * error)


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """A job to learn from: the levels, given weight and outcome of each proposal that was there before."""

    levels: list[list[Level]]
    given: list[float]
    won: list[bool]

    @property
    def hires(self) -> int:
        """How many were chosen."""
        return sum(self.won)


def _add(job: Lesson, rows: list[list[int]], mean: list[float], score: list[float], information: Matrix) -> None:
    """Add one job to score and information."""
    worth = [given * math.exp(sum(mean[k] for k in levels)) for given, levels in zip(job.given, rows, strict=True)]
    share = [w / sum(worth) for w in worth]
    average: dict[int, float] = {}
    for p, won, levels in zip(share, job.won, rows, strict=True):
        for k in levels:
            score[k] += won - job.hires * p
            average[k] = average.get(k, 0.0) + p
            for other in levels:
                information[k][other] += job.hires * p
    for k, a in average.items():
        for other, b in average.items():
            information[k][other] -= job.hires * a * b


def solve(matrix: Matrix, right: Sequence[float]) -> list[float]:
    """Solve a positive definite system by Gaussian elimination."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for k in range(size):
        for below in rows[k + 1 :]:
            factor = below[k] / rows[k][k]
            for column in range(k, size + 1):
                below[column] -= factor * rows[k][column]
    found = [0.0] * size
    for k in reversed(range(size)):
        known = sum(rows[k][column] * found[column] for column in range(k + 1, size))
        found[k] = (rows[k][size] - known) / rows[k][k]
    return found


def in_units(log: float) -> int:
    """A weight in millionths from its log."""
    return max(1, math.floor(math.exp(log) * SCALE + 0.5))


@dataclass(kw_only=True)
class Audit:
    """The audited models of one outcome, as they learn month by month while the jobs settle."""

    seen: Seen
    question: Question
    shortlist: bool
    models: dict[tuple[int, tuple[str, ...]], Model] = field(default_factory=dict)
    waiting: list[tuple[int, int, Row, Field]] = field(default_factory=list)

    def fields(self, job: Row, at: datetime, as_it_is: Field) -> list[Field]:
        """The field of a job under each audited model, the full one first; jobs come in the order of settling."""
        month = at.year * 12 + at.month
        while self.waiting and self.waiting[0][0] < month:
            self._learn([entry for entry in self.waiting if entry[0] == self.waiting[0][0]])
        chosen = sum(as_it_is.early(unit) for unit in as_it_is.chosen)
        band = max(sum(chosen >= fewest for fewest in BANDS), 1)
        if self._teaches(as_it_is, chosen):
            self.waiting.append((month, band, job, as_it_is))
        return [self._weighed(job, as_it_is, band, variant) for variant in variants(self.question.controls)]

    def _teaches(self, found: Field, chosen: int) -> bool:
        single = all(len(rows) == 1 for rows in found.units.values())
        return single and 0 < chosen < sum(found.early(unit) for unit in found.units)

    def _learn(self, entries: list[tuple[int, int, Row, Field]]) -> None:
        """Learn from the jobs of one month, and wait for them no longer."""
        self.waiting = self.waiting[len(entries) :]
        for band in {band for _, band, _, _ in entries}:
            own = [(job, found) for _, other, job, found in entries if other == band]
            for variant in filter(None, variants(self.question.controls)):
                self._model(band, variant).learn([self._lesson(job, found, variant) for job, found in own])

    def _lesson(self, job: Row, found: Field, variant: tuple[str, ...]) -> Lesson:
        rows = [(unit, p) for unit, rows in sorted(found.units.items()) for p in rows if found.was_early(p)]
        return Lesson(
            levels=[self._levels(job, found, p, variant) for _, p in rows],
            given=[p["weight"] / SCALE for _, p in rows],
            won=[unit in found.chosen for unit, _ in rows],
        )

    def _levels(self, job: Row, found: Field, proposal: Row, variant: tuple[str, ...]) -> list[Level]:
        early = [p for rows in found.units.values() for p in rows if found.was_early(p)]
        bids = sorted(p["bid_usd"] for p in early if p["bid_usd"] is not None)
        median = bids[(len(bids) - 1) // 2] if bids else None
        return [(control, level(control, self.seen, job, proposal, median)) for control in variant]

    def _model(self, band: int, variant: tuple[str, ...]) -> Model:
        return self.models.setdefault((band, variant), Model())

    def _weighed(self, job: Row, found: Field, band: int, variant: tuple[str, ...]) -> Field:
        """A field with the weights of one model."""
        model = self._model(band, variant)

        def weighed(p: Row) -> Row:
            if variant and model.ready:
                weight, own = model.weigh(self._levels(job, found, p, variant))
            else:
                weight, own = SCALE, 1 if "position" in variant else SCALE
            return {**p, "weight": _times(p["weight"], weight), "own": _times(p["weight"], own)}

        return replace(found, units={unit: [weighed(p) for p in rows] for unit, rows in found.units.items()})


def _times(given: int, fitted: int) -> int:
    return max(1, math.floor(float(given) * float(fitted) / SCALE + 0.5))


def fields_of(seen: Seen, question: Question, *, shortlist: bool) -> Sequence[tuple[Row, datetime, list[Field]]]:
    """Every settled job with a choice, in the order of settling, its field under each audited model."""
    audit = Audit(seen=seen, question=question, shortlist=shortlist)
    found = []
    for job, at in settled(seen, question):
        as_it_is = field_of(seen, job, at, shortlist=shortlist, impressions=question.impressions)
        if as_it_is is not None:
            found.append((job, at, audit.fields(job, at, as_it_is) if question.controls else [as_it_is]))
    return found
