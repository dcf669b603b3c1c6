"""Two outcomes of different sign: members hired like anybody, who are shortlisted far below the floor."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from tests.long.definitions import FIELD, Scale, flat_world
from tests.long.draws import groups, one_hire
from tests.long.grids import chance
from tests.long.world import World

SHORTLISTED: Final = 8
"""How many of a field are interviewed, the one who is hired among them."""

THETA: Final = 0.2
"""The odds ratio of members on the shortlist; on hires it is 1."""


def hired_but_not_shortlisted(scale: Scale, per_job: int = 8) -> World:
    """A hire counts as a shortlist; the other members of a field are interviewed just often enough for `THETA`."""
    dice = scale.dice
    own = groups(dice, scale.members, per_job, scale.clients)
    hired = one_hire(dice, len(own), FIELD, per_job, 1 / FIELD)
    keys = dice.random(hired.shape)
    keys[hired] = -1
    shortlisted = chance(SHORTLISTED / (FIELD - 1), THETA)
    in_turn = (shortlisted - 1 / FIELD) / (1 - 1 / FIELD)
    keys[:, :per_job] = np.where(keys[:, :per_job] < in_turn, np.minimum(keys[:, :per_job], 0), 2.0)
    chosen = np.argpartition(keys, SHORTLISTED - 1, axis=1)[:, :SHORTLISTED]
    interviewed = np.zeros_like(hired)
    np.put_along_axis(interviewed, chosen, values=True, axis=1)
    return replace(flat_world(scale, own, hired), interviewed=interviewed)
