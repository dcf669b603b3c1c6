"""Fitted fair shares: who is chosen given that somebody is, as a conditional logit on circumstances (L2).

McFadden 1974; `STATISTICS.md` section 1. Every circumstance is in levels, so a proposal's weight depends on its
combination of levels alone, and what comes out is one small table of whole numbers (M5). Jobs with one choice and with
more are models of their own (`BANDS`): how a list is read to the second choice is no multiple of how it is read to the
first. The fit is prequential (Dawid 1984): the weights for a month come from jobs settled before it.

Each row is visited a handful of times, and memory is bounded by a chunk of rows and by the table of weights, whatever
the number of rows and months.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from evenhand.evidence.activity.choice_model import Chunk, Floats, Posterior, Whole, shares_of
from evenhand.evidence.activity.circumstances import variants
from evenhand.evidence.activity.fitted import FairShares, Level, Model, Tenth
from evenhand.evidence.activity.units import Outcome

Columns = Mapping[str, NDArray[np.int64]]
"""Columns of equal length."""
Stratum = tuple[int, int]
"""Outcome (1 for shortlists) and band of how many were chosen."""

SCALE: Final = 1_000_000
"""Integer units per weight of 1 (M5)."""

OUTCOMES: Final[tuple[Outcome, Outcome]] = ("hire", "shortlist")

BANDS: Final = (1, 2, 3, 5, 9)
"""Fewest choices on a job in each band: one, two, three or four, five to eight, nine or more."""

CAUTION: Final = 2.326
"""A unit's own weight is taken so many standard errors below its estimate, the lower end of a 99 % bound: an
innocent member's fair share is over-estimated in one combination of a hundred, as rarely as it is acted on."""

ROWS_AT_ONCE: Final = 500_000
"""Rows from which a chunk ends with its job."""

FINE: Final = 200
"""Bins of the predicted share on a log scale, from which the tenths of the calibration are put together."""


@dataclass(frozen=True, kw_only=True)
class Design:
    """How combinations are numbered: `labels` are the levels of each of `controls`, the last one counts fastest."""

    controls: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many levels each control has."""
        return tuple(len(labels) for labels in self.labels)

    def places(self, codes: Whole, variant: tuple[str, ...]) -> Whole:
        """For each code and control of `variant`, the place of its level among the effects: (codes, controls)."""
        found, offset, rest = {}, 0, codes
        for control, size in reversed(list(zip(self.controls, self.sizes, strict=True))):
            found[control], rest = rest % size, rest // size
        columns = []
        for control in variant:
            columns.append(found[control] + offset)
            offset += self.sizes[self.controls.index(control)]
        return np.stack(columns, axis=1) if columns else np.zeros((len(codes), 0), dtype=np.int64)

    def levels(self, variant: tuple[str, ...]) -> int:
        """How many effects `variant` has."""
        return sum(self.sizes[self.controls.index(control)] for control in variant)


@dataclass(kw_only=True)
class Fit:
    """The models of one evaluation as they learn; `bins` holds proposals, expected and observed choices by outcome."""

    design: Design
    posteriors: dict[tuple[Stratum, tuple[str, ...]], Posterior] = field(default_factory=dict)
    bins: dict[int, Floats] = field(default_factory=lambda: defaultdict(lambda: np.zeros((FINE, 3))))

    def weights(self, cells: Columns, batches: Iterable[Columns], *, rows_at_once: int = ROWS_AT_ONCE) -> Columns:
        """Weights for all `cells`, of which each is a month, stratum and combination; learned from `batches`.

        `cells` have `month`, `shortlist`, `band`, `circumstances`. `batches` have these and `job`, `weight`, `wins`,
        `proposals`: a row per job, outcome and combination, in that order, jobs in the order in which they settle.
        Returned are the columns of `cells` with `variant` (0 is the full model), `weight` and `own`, the weight of a
        unit in others' sums and its own, cautious one; both in millionths.
        """
        found: list[Columns] = []
        reached = -1
        for month, rows in chunks(batches, rows_at_once):
            if month > reached:
                found += self._weigh(_between(cells, reached + 1, month))
                reached = month
            for stratum, chunk in strata(rows):
                self._learn(stratum, chunk)
        found += self._weigh(_between(cells, reached + 1, None))
        names = (*cells, "variant", "weight", "own")
        return {name: np.concatenate([np.zeros(0, np.int64), *(part[name] for part in found)]) for name in names}

    def posterior(self, stratum: Stratum, variant: tuple[str, ...]) -> Posterior:
        """What a model has learned so far."""
        return self.posteriors.setdefault((stratum, variant), Posterior.prior(self.design.levels(variant)))

    def _learn(self, stratum: Stratum, chunk: Chunk) -> None:
        for number, variant in enumerate(variants(self.design.controls)):
            if variant:
                posterior = self.posterior(stratum, variant)
                places = self.design.places(chunk.codes, variant)
                if not number and posterior.ready:
                    self._compare(stratum, shares_of(posterior.mean, places, chunk), chunk)
                posterior.learn(places, chunk)

    def _compare(self, stratum: Stratum, share: Floats, chunk: Chunk) -> None:
        """Put what was predicted beside what happened, before it is learned from."""
        expected = chunk.hires[chunk.job] * share
        where = np.clip(-20 * np.log(expected / chunk.proposals), 0, FINE - 1).astype(np.int64)
        for column, values in enumerate((chunk.proposals, expected, chunk.wins)):
            self.bins[stratum[0]][:, column] += np.bincount(where, values, FINE)

    def _weigh(self, cells: Columns) -> Iterator[Columns]:
        """`cells` with their weights under what was learned so far."""
        for stratum, rows in _by_stratum(cells):
            part = {name: column[rows] for name, column in cells.items()}
            for number, variant in enumerate(variants(self.design.controls)):
                weight, own = self._weight(stratum, variant, part["circumstances"])
                yield {**part, "variant": np.full(len(own), number), "weight": weight, "own": own}

    def _weight(self, stratum: Stratum, variant: tuple[str, ...], codes: Whole) -> tuple[Whole, Whole]:
        equal = np.full(len(codes), SCALE)
        if not variant:
            return equal, equal
        posterior = self.posterior(stratum, variant)
        if not posterior.ready:
            return equal, np.ones_like(equal) if "position" in variant else equal
        effect, error = posterior.logs(self.design.places(codes, variant))
        return in_units(effect), in_units(effect - CAUTION * error)

    def outcome(self) -> FairShares:
        """The full models as they stand, and how their predictions came out."""
        full = variants(self.design.controls)[0]
        models = (
            self._model(stratum, posterior)
            for (stratum, variant), posterior in sorted(self.posteriors.items())
            if variant == full and posterior.hires
        )
        tenths = (tenth for outcome, bins in sorted(self.bins.items()) for tenth in tenths_of(OUTCOMES[outcome], bins))
        return FairShares(controls=full, models=tuple(models), calibration=tuple(tenths))

    def _model(self, stratum: Stratum, posterior: Posterior) -> Model:
        named = zip(self.design.controls, self.design.labels, strict=True)
        levels = [(control, label) for control, labels in named for label in labels]
        effect, error = posterior.levels(self.design.sizes)
        return Model(
            outcome=OUTCOMES[stratum[0]],
            fewest_chosen=BANDS[stratum[1]],
            choices=posterior.hires,
            used=posterior.ready,
            levels=tuple(
                Level(
                    control=control,
                    level=label,
                    chosen=int(posterior.wins[place]),
                    log_weight=round(float(effect[place]), 6),
                    standard_error=round(float(error[place]), 6),
                )
                for place, (control, label) in enumerate(levels)
                if posterior.seen[place]
            ),
        )


def tenths_of(outcome: str, bins: Floats) -> Iterator[Tenth]:
    """Ten parts of `bins` with about as many expected choices each, smallest shares first."""
    upwards = bins[::-1]
    below = np.cumsum(upwards[:, 1])
    part = np.minimum((10 * (below - upwards[:, 1] / 2) / below[-1]).astype(np.int64), 9)
    for number in np.unique(part[upwards[:, 0] > 0]):
        proposals, expected, chosen = upwards[part == number].sum(axis=0)
        yield Tenth(outcome=outcome, proposals=int(proposals), expected=round(float(expected), 3), chosen=int(chosen))


def in_units(logs: Floats) -> Whole:
    """Weights in millionths, at least one of them, from their logs."""
    return np.maximum(np.floor(np.exp(logs) * SCALE + 0.5).astype(np.int64), 1)


def chunks(batches: Iterable[Columns], rows_at_once: int) -> Iterator[tuple[int, Columns]]:
    """Whole jobs of one month at a time, `rows_at_once` rows and the rest of a job; however the batches were cut."""
    kept: Columns = {}
    for batch in batches:
        kept = {name: np.concatenate([kept[name], column]) for name, column in batch.items()} if kept else batch
        while len(kept["job"]) and (cut := _cut(kept, rows_at_once)):
            yield int(kept["month"][0]), {name: column[:cut] for name, column in kept.items()}
            kept = {name: column[cut:] for name, column in kept.items()}
    if kept and len(kept["job"]):
        yield int(kept["month"][0]), kept


def _cut(kept: Columns, rows_at_once: int) -> int:
    """Where the first chunk ends, 0 while that cannot be known."""
    ends = np.flatnonzero(np.diff(kept["job"])) + 1
    months = kept["month"][ends] != kept["month"][0]
    due = np.flatnonzero(months | (ends >= rows_at_once))
    return int(ends[due[0]]) if len(due) else 0


def strata(rows: Columns) -> Iterator[tuple[Stratum, Chunk]]:
    """The rows of a chunk by stratum."""
    for stratum, own in _by_stratum(rows):
        part = {name: column[own] for name, column in rows.items()}
        _, job = np.unique(part["job"], return_inverse=True)
        wins = part["wins"].astype(np.float64)
        yield (
            stratum,
            Chunk(
                codes=part["circumstances"],
                weight=part["weight"] / SCALE,
                wins=wins,
                proposals=part["proposals"],
                job=job,
                hires=np.bincount(job, wins).astype(np.float64),
            ),
        )


def _by_stratum(rows: Columns) -> Iterator[tuple[Stratum, NDArray[np.bool_]]]:
    key = rows["shortlist"] * len(BANDS) + rows["band"]
    for value in np.unique(key):
        yield (int(value) // len(BANDS), int(value) % len(BANDS)), key == value


def _between(cells: Columns, start: int, month: int | None) -> Columns:
    """The cells from month `start` to `month`, or to the last."""
    own = (cells["month"] >= start) & (True if month is None else cells["month"] <= month)
    return {name: column[own] for name, column in cells.items()}
