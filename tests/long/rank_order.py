"""Worlds whose clients are shown a list, read it from the top, and stop at whom they hire.

On every job one member, who always stands at the same rank and always at the boundary: its odds of being hired when it
is read are half of a typical member's there. What it is due is reckoned with the product's own fit, from the draws.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np

from evenhand.evidence.activity.circumstances import CIRCUMSTANCES
from evenhand.evidence.activity.fair_share import BANDS, SCALE, Columns, Design, Fit
from tests.long.draws import Dice
from tests.long.grids import FLOOR, Flags, Floats, Whole, highest_log_e
from tests.long.world import SETTLE_DAYS, START, World

LONGEST: Final = 20
RANK: Final = np.arange(LONGEST)


@dataclass(frozen=True, kw_only=True)
class Clients:
    """How clients read: lists of these `lengths`, so many `hires`, hiring a typical member they read at `rates`.

    With `merit` the ranking knows who is good: the others' odds fall from the top to the bottom by a factor of e, and
    scatter by half of that. With `eager_lists` clients of short lists have the highest rate, of long ones the lowest.
    """

    lengths: tuple[int, ...] = (LONGEST,)
    hires: tuple[int, ...] = (1,)
    rates: tuple[float, ...] = (0.1,)
    merit: bool = False
    eager_lists: bool = False


@dataclass(frozen=True, kw_only=True)
class Read:
    """What happened: (turns, members, ranks) for each seat of the lists, (turns, members) for each list.

    Every member has a list of its own each turn, which is a day.
    """

    rank: Whole
    length: Whole
    hired: Flags
    read: Flags

    @property
    def there(self) -> Flags:
        """The seats that are taken."""
        return self.length[:, :, None] > RANK

    @property
    def hires(self) -> Whole:
        """How many were hired."""
        return np.asarray(self.hired.sum(axis=2), dtype=np.int64)

    @property
    def band(self) -> Whole:
        """The band of the model."""
        return np.maximum(np.searchsorted(BANDS, self.hires, side="right") - 1, 0).astype(np.int64)

    @property
    def tells(self) -> Flags:
        """Lists of which somebody was hired and somebody was not."""
        return (self.hires > 0) & (self.hires < self.length)

    def own(self, seats: Flags) -> Flags:
        """Of each member's own seats: (members, turns)."""
        return np.take_along_axis(seats, self.rank[None, :, None], axis=2)[:, :, 0].T

    def months(self) -> Whole:
        """The month in which the jobs of each turn settle."""
        days = [START + timedelta(days=turn + SETTLE_DAYS) for turn in range(len(self.length))]
        return np.array([day.year * 12 + day.month - 1 for day in days])

    def world(self) -> World:
        """The same as tables."""
        turns, members, _ = self.hired.shape
        others = np.broadcast_to(members + RANK, (turns * members, LONGEST)).copy()
        others[np.arange(turns * members), np.tile(self.rank, turns)] = np.tile(np.arange(members), turns)
        turn = np.repeat(np.arange(turns), members)
        return World(
            members=members,
            seats=(),
            account=others,
            client=np.arange(turns * members),
            turn=turn,
            closes=turn.astype(np.float64),
            hired=self.hired.reshape(-1, LONGEST),
            viewed=self.read.reshape(-1, LONGEST),
            shown=np.where(self.there, RANK + 1, 0).reshape(-1, LONGEST),
        )


def read_lists(dice: Dice, clients: Clients, *, per_rank: int, turns: int) -> Read:
    """Let `per_rank` members at every rank meet a client each turn."""
    rank = np.repeat(RANK, per_rank)
    shape = (turns, len(rank))
    length = np.maximum(dice.choice(clients.lengths, shape), rank + 1)
    rate = dice.choice(clients.rates, shape)
    if clients.eager_lists:
        rate = np.where(length > np.median(clients.lengths), min(clients.rates), max(clients.rates))
    hired, read = (np.zeros((*shape, LONGEST), dtype=bool) for _ in range(2))
    wanted = dice.choice(clients.hires, shape)
    for turn in range(turns):
        odds = np.repeat((rate[turn] / (1 - rate[turn]))[:, None], LONGEST, axis=1)
        own = FLOOR * odds[:, 0]
        if clients.merit:
            odds *= np.exp(0.5 - RANK / (LONGEST - 1) + 0.5 * dice.normal(size=odds.shape))
        odds[np.arange(len(rank)), rank] = own
        there = length[turn][:, None] > RANK
        suits = (dice.random(odds.shape) < odds / (1 + odds)) & there
        before = np.cumsum(suits, axis=1) - suits
        read[turn] = there & (before < wanted[turn][:, None])
        hired[turn] = suits & read[turn]
    return Read(rank=rank, length=length, hired=hired, read=read)


def lessons(lists: Read) -> Iterator[Columns]:
    """What the product's fit learns from, turn after turn."""
    tells, bands, there = lists.tells, lists.band, lists.there
    for turn, month in enumerate(lists.months()):
        job, rank = np.nonzero(there[turn] & tells[turn][:, None])
        ones = np.ones(len(job), dtype=np.int64)
        yield {
            "month": month * ones,
            "shortlist": 0 * ones,
            "band": bands[turn][job],
            "circumstances": rank + 1,
            "job": job + turn * len(lists.rank),
            "weight": SCALE * ones,
            "wins": lists.hired[turn, job, rank].astype(np.int64),
            "proposals": ones,
        }


def odds_of(lists: Read, *, least: bool = True) -> Floats:
    """Each member's fair odds on each of its jobs: the least of the fitted places, cautious, and an equal share.

    Without `least` those of the fitted places.
    """
    months = np.unique(lists.months())
    grid = np.meshgrid(months, np.arange(len(BANDS)), RANK + 1, indexing="ij")
    month, band, place = (axis.ravel() for axis in grid)
    cells = {"month": month, "shortlist": 0 * month, "band": band, "circumstances": place}
    design = Design(controls=("position",), labels=(CIRCUMSTANCES["position"].levels,))
    found = Fit(design=design).weights(cells, lessons(lists))
    full = found["variant"] == 0
    order = np.lexsort([found[name][full] for name in ("circumstances", "band", "month")])
    weight, own = (found[name][full][order].reshape(grid[0].shape) for name in ("weight", "own"))
    at = np.searchsorted(months, lists.months())[:, None], lists.band
    total = np.where(lists.there, weight[at], 0).sum(axis=2)
    fitted = lists.hires * own[(*at, lists.rank)] / (total - weight[(*at, lists.rank)])
    equal = lists.hires / np.maximum(lists.length - 1, 1)
    odds: Floats = (np.minimum(fitted, equal) if least else fitted).T
    return odds


def highest(lists: Read, odds: Floats, *, views: bool) -> Floats:
    """The highest log e that each member ever had."""
    won, read = lists.own(lists.hired), lists.own(lists.read)
    return highest_log_e(odds, won, lists.tells.T & (won | read | (not views)))
