"""A conditional logit of who is chosen, in levels, learned chunk by chunk as a streaming posterior mode.

McFadden 1974. What was learned so far is a normal approximation, a mean and an information matrix; it is the prior of
the next chunk of jobs, on which Newton's method finds the mode. Several choices on a job enter as so many draws,
`sum of log w - h log(sum of w)`, whose odds are an under-estimate (`STATISTICS.md` section 1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

SPREAD: Final = 2.0
"""Standard deviation of what is believed of a level's log weight before anything was seen: next to nothing."""

ENOUGH_PER_LEVEL: Final = 10
"""Choices per level from which a model is used, the usual rule for logistic models (Peduzzi et al. 1996)."""


@dataclass(frozen=True, kw_only=True)
class Chunk:
    """Jobs of one stratum: rows are combinations on a job, `job` numbers the jobs from 0, `hires` is by job."""

    codes: Whole
    weight: Floats
    wins: Floats
    proposals: Whole
    job: Whole
    hires: Floats


@dataclass(kw_only=True)
class Posterior:
    """What one model has learned: normal approximation of the effects, and how much it has seen."""

    mean: Floats
    information: Floats
    wins: Floats
    seen: NDArray[np.bool_]
    hires: int = 0

    @classmethod
    def prior(cls, levels: int) -> Posterior:
        """Before anything was seen."""
        return cls(
            mean=np.zeros(levels),
            information=np.eye(levels) / SPREAD**2,
            wins=np.zeros(levels),
            seen=np.zeros(levels, dtype=bool),
        )

    @property
    def ready(self) -> bool:
        """Whether enough was seen to use it: a rule that knows how many were chosen, not who."""
        return self.hires >= ENOUGH_PER_LEVEL * max(1, int(self.seen.sum()))

    def learn(self, places: Whole, chunk: Chunk) -> None:
        """Move to the posterior mode on one more chunk. Values are kept to nine digits, so that last bits end here."""
        mean, information = mode(self, places, chunk)
        self.mean, self.information = np.round(mean, 9), np.round(information, 6)
        self.wins += _sums(places, chunk.wins, len(self.wins))
        self.seen[np.unique(places)] = True
        self.hires += int(chunk.hires.sum())

    def logs(self, places: Whole) -> tuple[Floats, Floats]:
        """Log weight of each combination against the average choice, and its standard error."""
        covariance = np.linalg.inv(self.information)
        average = self.wins / self.hires
        across = covariance @ average
        effect = self.mean[places].sum(axis=1) - average @ self.mean
        variance = covariance[places[:, :, None], places[:, None, :]].sum(axis=(1, 2))
        variance += average @ across - 2 * across[places].sum(axis=1)
        return effect, np.sqrt(np.maximum(variance, 0.0))

    def levels(self, sizes: Sequence[int]) -> tuple[Floats, Floats]:
        """Log weight of each level against the average choice in its circumstance, and its standard error."""
        covariance = np.linalg.inv(self.information)
        contrasts = np.eye(len(self.mean))
        start = 0
        for size in sizes:
            contrasts[start : start + size, start : start + size] -= self.wins[start : start + size] / self.hires
            start += size
        return contrasts @ self.mean, np.sqrt(np.einsum("ij,jk,ik->i", contrasts, covariance, contrasts))


def mode(prior: Posterior, places: Whole, chunk: Chunk) -> tuple[Floats, Floats]:
    """Posterior mode and information by Newton's method, no step longer than 1 in any effect."""
    mean = prior.mean
    while True:
        score, information = _derivatives(mean, places, chunk)
        step = np.linalg.solve(information + prior.information, score - prior.information @ (mean - prior.mean))
        longest = float(np.abs(step).max())
        mean = mean + step / max(1.0, longest)
        if longest < 1e-9:
            return mean, information + prior.information


def shares_of(mean: Floats, places: Whole, chunk: Chunk) -> Floats:
    """Each row's share of one choice on its job."""
    worth = chunk.weight * np.exp(mean[places].sum(axis=1))
    total = np.bincount(chunk.job, worth, len(chunk.hires))
    return np.asarray(worth / total[chunk.job])


def _derivatives(mean: Floats, places: Whole, chunk: Chunk) -> tuple[Floats, Floats]:
    """Score and information of the log likelihood: wins less those expected, and their covariance."""
    levels, jobs = len(mean), len(chunk.hires)
    share = shares_of(mean, places, chunk)
    expected = chunk.hires[chunk.job] * share
    score = _sums(places, chunk.wins - expected, levels)
    pairs = places[:, :, None] * levels + places[:, None, :]
    weights = np.broadcast_to(expected[:, None, None], pairs.shape)
    information = np.bincount(pairs.ravel(), weights.ravel(), levels * levels).reshape(levels, levels)
    cells = (chunk.job[:, None] * levels + places).ravel()
    average = np.bincount(cells, np.repeat(share, places.shape[1]), jobs * levels).reshape(jobs, levels)
    return score, information - average.T @ (chunk.hires[:, None] * average)


def _sums(places: Whole, values: Floats, levels: int) -> Floats:
    return np.bincount(places.ravel(), np.repeat(values, places.shape[1]), levels).astype(np.float64)
