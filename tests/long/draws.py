"""Drawing: who meets whom, and who is chosen."""

from __future__ import annotations

import numpy as np

from tests.long.grids import Flags, Floats, Whole

Dice = np.random.Generator


def groups(dice: Dice, members: int, per_job: int, turns: int) -> Whole:
    """Every turn puts all members into fields at random, `per_job` in each: (turns * fields, per_job)."""
    shuffled = dice.permuted(np.tile(np.arange(members), (turns, 1)), axis=1)
    return shuffled.reshape(-1, per_job)


def fields(own: Whole, size: int, members: int) -> Whole:
    """Fill the fields of `own` members up to `size` with the typical competitors, who are the same everywhere."""
    others = np.arange(members, members + size - own.shape[1])
    return np.hstack([own, np.broadcast_to(others, (len(own), len(others)))])


def one_hire(dice: Dice, jobs: int, size: int, members: int, each: float) -> Flags:
    """One hire per job: each of the first `members` seats with probability `each`, the others share the rest evenly."""
    where = dice.random(jobs)
    own = np.minimum((where / each).astype(np.int64), members)
    other = members + dice.integers(0, max(size - members, 1), jobs)
    chosen = np.where(own < members, own, np.minimum(other, size - 1))
    hired = np.zeros((jobs, size), dtype=bool)
    hired[np.arange(jobs), chosen] = True
    return hired


def weighted_hire(dice: Dice, weights: Floats) -> Flags:
    """One hire per job in proportion to the weights of its seats (conditional logit)."""
    steps = np.cumsum(weights, axis=1)
    chosen = (dice.random(len(weights))[:, None] * steps[:, -1:] > steps).sum(axis=1)
    hired = np.zeros(weights.shape, dtype=bool)
    hired[np.arange(len(weights)), chosen] = True
    return hired


def one_after_another(dice: Dice, jobs: int, weights: Floats, hires: int, barred: Flags | None = None) -> Flags:
    """`hires` per job, each in proportion to the weights of those who are left (Plackett and Luce).

    The seats `barred` are not among them.
    """
    keys = np.log(weights) + dice.gumbel(size=(jobs, len(weights)))
    if barred is not None:
        keys[barred] = -np.inf
    chosen = np.argpartition(-keys, hires - 1, axis=1)[:, :hires]
    hired = np.zeros(keys.shape, dtype=bool)
    np.put_along_axis(hired, chosen, values=True, axis=1)
    return hired
