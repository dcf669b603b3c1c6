"""Worlds where proposals go on arriving after the first choice, and some of the late ones are chosen.

Looser: the field is whoever was there before the first choice, plus every winner, and all that were chosen count as
choices of that field. Then a late winner raises the fair odds of those who were there before, who lost nothing to it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from tests.long.definitions import Scale, Trap, flat_world, path
from tests.long.draws import Dice, groups, one_after_another, weighted_hire
from tests.long.grids import FLOOR, Flags, Floats
from tests.long.world import World

EARLY: Final = 20
"""Proposals before the first choice; the member's is among them."""

SEATS: Final = 2 * EARLY
"""All proposals; the other half comes after the first choice."""

CHOSEN: Final = 6
"""How many are chosen of a field, the first from the early ones."""

LATE: Final = np.arange(SEATS) >= EARLY

SUBMITTED: Final = np.where(LATE, -3.0, -5.0)
"""In days from the closing; the first choice falls between the two."""

ALONE: Final = np.where(np.arange(SEATS) == 0, FLOOR, 1.0)
"""Weights with one member, at the boundary: half the odds of each other, whoever is left."""


def late_winners(scale: Scale) -> Trap:
    """Clients hire one of those who are there, more proposals come, and five of all who are left are hired as well."""
    dice = scale.dice
    own = groups(dice, scale.members, 1, scale.clients)
    first, chosen = _choices(dice, len(own), ALONE)
    return _trap(replace(flat_world(scale, own, chosen), hire_after=_times(first)), chosen)


def only_latecomers(scale: Scale) -> Trap:
    """The five are hired from those who came late. All early ones are members, and typical."""
    dice = scale.dice
    own = groups(dice, scale.members, EARLY, scale.clients)
    first, chosen = _choices(dice, len(own), np.ones(SEATS), barred=~LATE)
    return _trap(replace(flat_world(scale, own, chosen), hire_after=_times(first)), chosen)


def late_shortlists(scale: Scale) -> Trap:
    """As `late_winners`, with interviews; in the end one of the six is hired, whoever of them.

    The paths are those of being shortlisted. By hires, against all forty, members are above the boundary.
    """
    dice = scale.dice
    own = groups(dice, scale.members, 1, scale.clients)
    first, chosen = _choices(dice, len(own), ALONE)
    world = flat_world(scale, own, weighted_hire(dice, chosen.astype(np.float64)))
    return _trap(replace(world, interviewed=chosen, interviewed_after=_times(first)), chosen)


def _choices(dice: Dice, jobs: int, weights: Floats, barred: Flags | None = None) -> tuple[Flags, Flags]:
    """Who is chosen first on each job, and all who are; `barred` columns are chosen first or not at all."""
    first = weighted_hire(dice, np.broadcast_to(np.where(LATE, 0.0, weights), (jobs, SEATS)))
    shut = first if barred is None else np.broadcast_to(barred, first.shape)
    return first, first | one_after_another(dice, jobs, weights, CHOSEN - 1, shut)


def _times(first: Flags) -> Floats:
    """The first choice precedes the late proposals, the others follow them; days from the closing."""
    return np.where(first, -4.0, -2.0)


def _trap(world: World, chosen: Flags) -> Trap:
    """Due: the early ones are compared among themselves."""
    late = chosen[:, LATE].sum(axis=1)
    return Trap(
        world=replace(world, submitted=SUBMITTED),
        loose=path(world, CHOSEN / (EARLY + late - 1), chosen=chosen),
        due=path(world, (CHOSEN - late) / (EARLY - 1), chosen=chosen),
    )
