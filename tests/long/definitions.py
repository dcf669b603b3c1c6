"""The worlds of the table "Definitions of the field": each is a trap for one looser definition, reckoned beside it.

A member at the boundary has exactly half the fair odds of its job, a typical one the fair odds itself.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from tests.long.draws import Dice, fields, groups, one_after_another, one_hire, weighted_hire
from tests.long.grids import FLOOR, Flags, Floats, Whole, chance, highest_log_e
from tests.long.world import World

FIELD: Final = 20
"""Proposals on a job, unless a world says otherwise."""

EQUAL: Final = 1 / (FIELD - 1)
"""Fair odds there, with one hire."""

ACCEPTS: Final = 1 / 10
"""How readily a client who reads down a list hires a typical member and stops."""

TASTE: Final = 2.0
"""Standard deviation of the log of what a client thinks of somebody, the same on all its jobs."""


CARELESS_JOBS: Final = 600


@dataclass(frozen=True, kw_only=True)
class Scale:
    """How large a world is: members under test, and how many clients each of them meets."""

    seed: int
    members: int
    clients: int

    @property
    def dice(self) -> Dice:
        """A fresh generator: the same scale gives the same world."""
        return np.random.default_rng(self.seed)


@dataclass(frozen=True, kw_only=True)
class Trap:
    """One world. `loose` is the highest log e that each member would have had under the looser definition.

    `due` is the same under the right one, reckoned here from the draws and not from the tables.
    """

    world: World
    loose: Floats
    due: Floats


def flat_world(scale: Scale, own: Whole, hired: Flags, jobs_per_client: int = 1) -> World:
    """Members meet in the fields of `own`, client after client; every job closes a day after the one before it."""
    turns = scale.clients * jobs_per_client
    turn = np.repeat(np.arange(turns), len(own) // turns)
    return World(
        members=scale.members,
        seats=tuple(range(own.shape[1])),
        account=fields(own, hired.shape[1], scale.members),
        client=turn // jobs_per_client,
        turn=turn,
        closes=turn.astype(np.float64),
        hired=hired,
    )


def path(world: World, odds: Floats | float, counted: Flags | None = None, *, chosen: Flags | None = None) -> Floats:
    """Highest log e of each member over its jobs in the order in which they close, with these odds of each job.

    Wins are hires, unless `chosen` says who else was.
    """
    wins = world.of_members(world.hired if chosen is None else chosen)
    spread = np.full(wins.shape, odds) if isinstance(odds, float) else world.of_members(odds)
    kept = np.ones(wins.shape, dtype=bool) if counted is None else world.of_members(counted)
    return highest_log_e(spread, wins, kept)


def read_in_order(scale: Scale) -> tuple[Trap, Trap]:
    """Clients read from the top and stop at whom they hire: typical members on top, others at the boundary third.

    Looser: the field is what was viewed. Both kinds sit on every job; of each trap the other kind is left out.
    """
    half = scale.members // 2
    jobs = half * scale.clients
    ready = np.full(FIELD, ACCEPTS)
    ready[2] = chance(ACCEPTS / (1 - ACCEPTS))
    accepted = scale.dice.random((jobs, FIELD)) < ready
    read_to = np.where(accepted.any(axis=1), accepted.argmax(axis=1), FIELD - 1)
    rank = np.arange(FIELD)
    hired = accepted & (rank == read_to[:, None])
    own = np.tile(np.arange(half), scale.clients)
    account = fields(np.column_stack([own, own + half]), FIELD, scale.members)[:, [0, 2, 1, *range(3, FIELD)]]
    world = replace(
        flat_world(scale, own[:, None], hired), seats=(0, 2), account=account, viewed=rank <= read_to[:, None]
    )
    seen = (rank <= read_to[:, None]) & hired.any(axis=1)[:, None]
    loose = path(world, 1 / np.maximum(read_to, 1), counted=seen & (read_to > 0)[:, None])
    due = path(world, EQUAL, counted=seen)
    return Trap(world=world, loose=loose[:half], due=due[:half]), Trap(world=world, loose=loose[half:], due=due[half:])


def losers_withdraw(scale: Scale, share: float, per_job: int = 4) -> Trap:
    """Of the others who will lose, `share` withdraw before the closing; members at the boundary stay.

    Looser: who withdrew is no longer in the field.
    """
    dice = scale.dice
    own = groups(dice, scale.members, per_job, scale.clients)
    hired = one_hire(dice, len(own), FIELD, per_job, chance(EQUAL))
    withdrawn = (dice.random(hired.shape) < share) & ~hired & (np.arange(FIELD) >= per_job)
    world = replace(flat_world(scale, own, hired), withdrawn=withdrawn)
    left = FIELD - 1 - withdrawn.sum(axis=1)
    return Trap(world=world, loose=path(world, 1 / left), due=path(world, EQUAL))


def winners_withdraw(scale: Scale, share: float = 0.7) -> Trap:
    """Typical members; a proposal that wins is withdrawn with probability `share` before the contract starts.

    Looser: a win whose proposal was withdrawn is dropped.
    """
    dice = scale.dice
    own = groups(dice, scale.members, FIELD, scale.clients)
    hired = one_hire(dice, len(own), FIELD, FIELD, 1 / FIELD)
    withdrawn = hired & (dice.random(hired.shape) < share)
    world = replace(flat_world(scale, own, hired), withdrawn=withdrawn)
    return Trap(world=world, loose=path(world, EQUAL, counted=~withdrawn), due=path(world, EQUAL))


def same_winner(scale: Scale, jobs_per_client: int, per_job: int = 10) -> Trap:
    """A client posts several jobs to the same field and hires the same one each time. Looser: each job counts."""
    dice = scale.dice
    own = groups(dice, scale.members, per_job, scale.clients)
    hired = one_hire(dice, len(own), FIELD, per_job, chance(EQUAL))
    every = _again(scale, len(own), jobs_per_client)
    world = flat_world(scale, own[every], hired[every], jobs_per_client)
    return Trap(world=world, loose=path(world, EQUAL), due=path(world, EQUAL, world.turn % jobs_per_client == 0))


def taste(scale: Scale, jobs_per_client: int = 10, per_job: int = 10) -> Trap:
    """What a client thinks of each member holds on all its jobs; members are at the boundary over all clients.

    Looser: each job counts; only the first `CARELESS_JOBS` are looked at, for the more of them the worse.
    """
    dice = scale.dice
    own = groups(dice, scale.members, per_job, scale.clients)
    weights = np.exp(dice.normal(0, TASTE, (len(own), FIELD)))
    weights[:, :per_job] *= _merit(per_job)
    every = _again(scale, len(own), jobs_per_client)
    world = flat_world(scale, own[every], weighted_hire(dice, weights[every]), jobs_per_client)
    early, first = world.turn < CARELESS_JOBS, world.turn % jobs_per_client == 0
    return Trap(world=world, loose=path(world, EQUAL, early), due=path(world, EQUAL, first))


def wins_seen_late(scale: Scale, jobs_later: int, per_job: int = 10) -> Trap:
    """A hire is recorded 30 days after the closing; by then `jobs_later` more jobs have closed, all of a day at once.

    Looser: losses enter as jobs close, wins as they are recorded.
    """
    dice = scale.dice
    own = groups(dice, scale.members, per_job, scale.clients)
    hired = one_hire(dice, len(own), FIELD, per_job, chance(EQUAL))
    per_day = jobs_later // 30
    world = flat_world(scale, own, hired)
    world = replace(world, closes=(world.turn // per_day).astype(np.float64), hire_after=30.0)
    wins = world.of_members(hired)
    late = np.zeros_like(wins)
    late[:, jobs_later:] = wins[:, :-jobs_later]
    odds, everything = np.full(wins.shape, EQUAL), np.ones(wins.shape, dtype=bool)
    return Trap(
        world=world,
        loose=highest_log_e(odds, wins, everything, wins_enter=late),
        due=highest_log_e(odds, wins, everything, together=per_day),
    )


def several_hires(scale: Scale, hires: int, size: int = 12) -> Trap:
    """Clients hire several, one after another; a member's weight is half of that of each other.

    Looser: the fair share is hires / size, as if the chosen were drawn at once.
    """
    weights = np.ones(size)
    weights[0] = FLOOR
    own = groups(scale.dice, scale.members, 1, scale.clients)
    hired = one_after_another(scale.dice, len(own), weights, hires)
    world = flat_world(scale, own, hired)
    return Trap(world=world, loose=path(world, hires / (size - hires)), due=path(world, hires / (size - 1)))


def corrections(scale: Scale, *, only_members: bool, share: float = 0.2, per_job: int = 10) -> Trap:
    """A `share` of the hires is corrected: the contract becomes unreadable, and a typical competitor is hired instead.

    Looser: a corrected hire is a loss. Where corrections strike members alone, voiding jobs cannot help either.
    """
    dice = scale.dice
    own = groups(dice, scale.members, per_job, scale.clients)
    first = one_hire(dice, len(own), FIELD, per_job, chance(EQUAL))
    strikes = dice.random(len(own)) < share
    if only_members:
        strikes &= first[:, :per_job].any(axis=1)
    struck = first & strikes[:, None]
    second = np.zeros_like(first)
    second[np.nonzero(strikes)[0], _others(dice, first[strikes], per_job)] = True
    world = replace(flat_world(scale, own, (first & ~struck) | second), struck=struck)
    return Trap(world=world, loose=path(world, EQUAL), due=path(world, EQUAL, ~strikes))


def _again(scale: Scale, fields_drawn: int, times: int) -> Whole:
    """The fields of each client, `times` over, client after client."""
    by_client = np.arange(fields_drawn).reshape(scale.clients, 1, -1)
    return np.tile(by_client, (1, times, 1)).ravel()


def _others(dice: Dice, hired: Flags, per_job: int) -> Whole:
    """For each row one of the competitors who are not members and were not hired."""
    keys = dice.random(hired.shape)
    keys[:, :per_job] = -1
    keys[hired] = -1
    chosen: Whole = keys.argmax(axis=1)
    return chosen


def _merit(per_job: int, draws: int = 200_000) -> float:
    """Weight that puts a member exactly at the boundary on average over tastes, by bisection on one set of draws."""
    tastes = np.exp(np.random.default_rng(5).normal(0, TASTE, (draws, FIELD)))
    mine, others = tastes[:, :per_job].sum(axis=1), tastes[:, per_job:].sum(axis=1)
    low, high = 0.01, 1.0
    while high - low > 1e-6:
        middle = math.sqrt(low * high)
        share = float((middle * mine / (middle * mine + others)).mean()) / per_job
        low, high = (middle, high) if share < chance(EQUAL) else (low, middle)
    return high
