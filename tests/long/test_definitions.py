"""The table "Definitions of the field" by simulation, evaluated by the product from tables on disk (`make check-long`).

In each world the looser definition breaks the promise, which shows that the world is a trap; the product does not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.long.definitions import (
    Scale,
    Trap,
    corrections,
    losers_withdraw,
    read_in_order,
    same_winner,
    several_hires,
    taste,
    winners_withdraw,
    wins_seen_late,
)
from tests.long.grids import Floats
from tests.long.judged import Judged, breaks, ever, judge, looks
from tests.long.latecomers import late_shortlists, late_winners, only_latecomers
from tests.long.page import must_show

pytestmark = pytest.mark.long

FEW_BREAKS = 3
"""Where the looser definition breaks by a hair, so many more worlds show it, which the product need not see."""

WORLDS: dict[str, tuple[Scale, Callable[[Scale], Trap]]] = {
    "losers withdraw, 25 %": (Scale(seed=21, members=2000, clients=500), lambda s: losers_withdraw(s, 0.25, 2)),
    "losers withdraw, 50 %": (Scale(seed=22, members=2000, clients=500), lambda s: losers_withdraw(s, 0.50, 2)),
    "losers withdraw, 75 %": (Scale(seed=23, members=2000, clients=500), lambda s: losers_withdraw(s, 0.75, 2)),
    "wins withdrawn, 70 %": (Scale(seed=24, members=4000, clients=500), winners_withdraw),
    "one client, 3 jobs": (Scale(seed=25, members=4000, clients=200), lambda s: same_winner(s, 3)),
    "one client, 5 jobs": (Scale(seed=26, members=4000, clients=120), lambda s: same_winner(s, 5)),
    "one client, 10 jobs": (Scale(seed=27, members=4000, clients=60), lambda s: same_winner(s, 10)),
    "one client, 3 jobs, 500 clients": (Scale(seed=28, members=4000, clients=500), lambda s: same_winner(s, 3)),
    "taste, 10 jobs": (Scale(seed=29, members=1500, clients=400), taste),
    "win seen 30 jobs later": (Scale(seed=30, members=4000, clients=510), lambda s: wins_seen_late(s, 30)),
    "win seen 90 jobs later": (Scale(seed=31, members=4000, clients=510), lambda s: wins_seen_late(s, 90)),
    "3 of 12 hired": (Scale(seed=32, members=2000, clients=500), lambda s: several_hires(s, 3)),
    "6 of 12 hired": (Scale(seed=33, members=1500, clients=400), lambda s: several_hires(s, 6)),
    "9 of 12 hired": (Scale(seed=34, members=1500, clients=400), lambda s: several_hires(s, 9)),
    "corrections, 20 % of hires": (
        Scale(seed=35, members=4000, clients=500),
        lambda s: corrections(s, only_members=False),
    ),
    "late winners": (Scale(seed=38, members=1500, clients=300), late_winners),
    "late winners only": (Scale(seed=39, members=4000, clients=300), only_latecomers),
}


def hold(name: str, trap: Trap, judged: Judged, highest: Floats, outcome: str = "hire") -> None:
    """The looser definition breaks, the product does not, the product is what the draws say, and the page says so."""
    loose, right = ever(trap.loose), ever(highest)
    assert np.allclose(highest, trap.due, rtol=0, atol=1e-6)
    assert breaks(loose), f"{name}: the looser definition holds ({loose[0]}, {loose[1]}), so the world is no trap"
    assert not breaks(right), f"{name}: the product breaks: {right[0]}, {right[1]}"
    must_show((name, len(highest), judged.units[outcome] // len(judged.highest), *loose, *right))


@pytest.mark.parametrize("name", WORLDS)
def test_the_definitions_hold_where_looser_ones_break(name: str, tmp_path: Path) -> None:
    """An innocent member ever reaches e 20 and 100 at most as often as promised, in a world made to break it."""
    scale, build = WORLDS[name]
    trap = build(scale)
    judged = judge(trap.world, tmp_path / "run")
    more = range(1, FEW_BREAKS + 1) if name == "3 of 12 hired" else ()
    loose = [trap.loose, *(build(replace(scale, seed=1000 * k + scale.seed)).loose for k in more)]
    hold(name, replace(trap, loose=np.concatenate(loose)), judged, judged.highest)


def test_reading_in_rank_order_does_no_harm(tmp_path: Path) -> None:
    """Clients read down a list and stop at whom they hire: the first in it is typical, the third at the boundary."""
    first, third = read_in_order(Scale(seed=20, members=3000, clients=500))
    judged = judge(first.world, tmp_path / "run")
    half = len(judged.highest) // 2
    hold("read in order, rank 1", first, judged, judged.highest[:half])
    hold("read in order, rank 3", third, judged, judged.highest[half:])


def test_shortlists_hold_while_proposals_still_come_in(tmp_path: Path) -> None:
    """Some are interviewed before others have proposed: neither e_shortlist nor the mean reaches a line too often."""
    trap = late_shortlists(Scale(seed=40, members=1500, clients=300))
    judged = judge(trap.world, tmp_path / "run")
    hold("late winners, shortlists", trap, judged, judged.shortlists, "shortlist")
    assert not breaks(ever(judged.highest))


def test_a_run_on_the_day_sees_what_the_last_run_says_it_was(tmp_path: Path) -> None:
    """Wins that are recorded up to thirty days late are missed by no run, because their losses wait for them."""
    world = wins_seen_late(Scale(seed=37, members=2000, clients=510), 90).world
    for reported, later in looks(world, tmp_path / "run", (45, 90, 135, 180)):
        assert np.array_equal(reported, later)
        assert reported.std() > 0


def test_voiding_cannot_repair_corrections_that_aim_at_someone(tmp_path: Path) -> None:
    """Where only the wins of those under test are struck, no reckoning from the tables can know it: a limit, shown."""
    trap = corrections(Scale(seed=36, members=4000, clients=500), only_members=True)
    judged = judge(trap.world, tmp_path / "run")
    assert np.allclose(judged.highest, trap.due, rtol=0, atol=1e-6)
    assert breaks(ever(judged.highest))
    units = judged.units["hire"] // len(judged.highest)
    must_show(("corrections that aim", len(judged.highest), units, *ever(trap.loose), *ever(judged.highest)))
