"""Cumulative e-BH as the product runs it, look after look, against innocents who bet as badly for it as they may.

An innocent's e is 1 until its one bet; the bet wins with probability 1 / e and leaves nothing otherwise, and e is
exactly what the set demands at that moment. Such a process is an e-process, and none can reach the set more often.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np

from evenhand.decisions.ledger import Entry, History, fold
from evenhand.decisions.portfolio import Candidate, select, weight
from evenhand.evidence.activity.grid import ANCHOR
from evenhand.policy.load import load
from evenhand.policy.types import Guarantee, Policy
from tests.long.draws import Dice
from tests.long.grids import chance, loss, win
from tests.long.intervals import Average

START: Final = datetime(2026, 1, 1)
ALPHA: Final = 0.05
SHIPPED: Final = load(Path(__file__).parents[2] / "policies" / "activity.yaml")
CERTAIN: Final = 200.0
"""Log e of somebody guilty beyond any doubt."""


@dataclass
class Run:
    """One life of a policy: its ledger, and who in it is innocent."""

    guarantee: Guarantee
    policy: Policy = SHIPPED
    entries: list[Entry] = field(default_factory=list)

    def history(self, at: datetime) -> History:
        """The ledger so far, folded as a run of the product folds it."""
        return fold(self.entries, self.policy, at)

    def act(self, candidates: Sequence[Candidate], at: datetime) -> frozenset[str]:
        """Who joins the set; each is paused, and the ledger says so."""
        history = self.history(at)
        joined = select(candidates, history, self.guarantee, START) - _acted(history)
        self.entries += [
            Entry(account_id=name, procedure="mismatch", step="pause", kind="imposed", at=at) for name in sorted(joined)
        ]
        return joined

    @property
    def false_share(self) -> float:
        """Share of the innocent among all ever acted on; 0 if nobody was."""
        acted = {entry.account_id for entry in self.entries}
        return sum(name.startswith("innocent") for name in acted) / max(1, len(acted))


def needed(year: int, capacity: int, size: int) -> float:
    """The e at which an account of a yearly cohort joins a set that then has `size` members."""
    return 1 / (ALPHA * weight(year, capacity) * size)


def promise(capacity: int) -> Guarantee:
    """Five per cent over a family of `capacity` accounts a year."""
    return Guarantee(floor=0.5, per_account=0.01, portfolio=ALPHA, family=capacity)


def one_by_one(dice: Dice, *, years: int, capacity: int, guilty: int) -> float:
    """Every year a full cohort; each innocent bets at a look of its own. The share of innocents at the end."""
    run = Run(guarantee=promise(capacity))
    for year in range(1, years + 1):
        begins = START + timedelta(days=365 * (year - 1))
        run.act([_sure(f"guilty {year} {n}", begins) for n in range(guilty)], begins)
        for n in range(capacity - guilty):
            e = needed(year, capacity, len(run.entries) + 1)
            if dice.random() < 1 / e:
                at = begins + timedelta(days=1 + n)
                run.act([_with(e, f"innocent {year} {n}", begins)], at)
    return run.false_share


def all_together(dice: Dice, *, years: int, capacity: int, guilty: int) -> float:
    """Every year the innocents of the cohort bet on the same event, so that they join together or not at all."""
    run = Run(guarantee=promise(capacity))
    for year in range(1, years + 1):
        begins = START + timedelta(days=365 * (year - 1))
        run.act([_sure(f"guilty {year} {n}", begins) for n in range(guilty)], begins)
        innocent = capacity - guilty
        e = needed(year, capacity, len(run.entries) + innocent)
        if dice.random() < 1 / e:
            run.act([_with(e, f"innocent {year} {n}", begins) for n in range(innocent)], begins + timedelta(days=9))
    return run.false_share


def refused(dice: Dice, *, capacity: int, guilty: int, afterwards: bool) -> float:
    """People refuse to act on the `guilty`: before the set is formed, or `afterwards`, from a set they have widened."""
    run = Run(guarantee=promise(capacity))
    sure = [_sure(f"guilty {n}", START) for n in range(guilty)] if afterwards else []
    innocent = capacity - guilty
    e = needed(1, capacity, len(sure) + 1)
    bets = np.nonzero(dice.random(innocent) < 1 / e)[0]
    joined = run.act([*sure, *(_with(e, f"innocent {n}", START) for n in bets)], START)
    return float(any(name.startswith("innocent") for name in joined))


def ordinary(dice: Dice, *, accounts: int = 2_000, guilty: int = 400, looks: int = 12, jobs: int = 50) -> float:
    """No bets but jobs: innocents at the boundary, the `guilty` at a fiftieth, current values at every look."""
    run = Run(guarantee=promise(accounts))
    odds = 1 / 19
    chances = np.where(np.arange(accounts) < guilty, chance(odds, 0.02), chance(odds))
    names = [f"{'guilty' if n < guilty else 'innocent'} {n}" for n in range(accounts)]
    log_loss, log_win = np.log(loss(odds)), np.log(np.maximum(win(odds), 1e-300))
    logs = np.full((accounts, ANCHOR), -math.log(ANCHOR))
    for look in range(1, looks + 1):
        wins = dice.binomial(jobs, chances)[:, None]
        logs += wins * log_win + (jobs - wins) * log_loss
        log_e = np.log(np.exp(logs).sum(axis=1))
        near = np.nonzero(log_e > 0)[0]
        run.act(
            [Candidate(account_id=names[n], log_e=float(log_e[n]), entered_at=START) for n in near],
            START + timedelta(days=50 * look),
        )
    return run.false_share


def growing(dice: Dice, worlds: int, first: int, last: int, gamma: Callable[[int], float]) -> Average:
    """A family of innocents that grows from `first` to `last`: who comes as number n bets at weight `gamma(n)`.

    Per world 1 if anybody was ever acted on, which is the share of the innocent among them.
    """
    fell = dice.random(worlds) < 1 - math.prod(1 - ALPHA * gamma(first) for _ in range(first))
    for n in range(first + 1, last + 1):
        fell |= dice.random(worlds) < ALPHA * gamma(n)
    return Average(values=fell.astype(np.float64))


def _acted(history: History) -> frozenset[str]:
    return frozenset(name for name, standing in history.standings.items() if standing.acted_in_portfolio)


def _with(e: float, name: str, entered: datetime) -> Candidate:
    """A hair more than demanded, so that rounding does not decide."""
    return Candidate(account_id=name, log_e=math.log(e) + 1e-9, entered_at=entered)


def _sure(name: str, entered: datetime) -> Candidate:
    return Candidate(account_id=name, log_e=CERTAIN, entered_at=entered)
