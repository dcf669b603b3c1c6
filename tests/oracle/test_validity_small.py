"""The simulations of `make check-long` in small: a glance at each, so that a fault shows early."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
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
from tests.long.grids import NOMINAL
from tests.long.intervals import Average, Share
from tests.long.judged import ever, judge, looks
from tests.long.latecomers import late_shortlists, late_winners, only_latecomers
from tests.long.outcomes import hired_but_not_shortlisted
from tests.long.peeking import STRATEGIES, e_lines, exactly, p_lines, play
from tests.long.portfolio import ALPHA, all_together, one_by_one, refused

SMALL = Scale(seed=7, members=200, clients=150)


def both(first: Trap, third: Trap) -> Trap:
    """Two kinds of members of one world as one trap."""
    return replace(first, loose=np.concatenate([first.loose, third.loose]), due=np.concatenate([first.due, third.due]))


TRAPS: dict[str, Callable[[Scale], Trap]] = {
    "read in order": lambda scale: both(*read_in_order(scale)),
    "losers withdraw": lambda scale: losers_withdraw(scale, 0.75),
    "wins withdrawn": winners_withdraw,
    "one client": lambda scale: same_winner(scale, 3),
    "taste": lambda scale: taste(scale, 4),
    "win seen later": lambda scale: wins_seen_late(scale, 90),
    "several hires": lambda scale: several_hires(scale, 6),
    "corrections": lambda scale: corrections(scale, only_members=False),
    "late winners": lambda scale: late_winners(replace(scale, members=100)),
    "late winners only": only_latecomers,
}


@pytest.mark.parametrize("name", TRAPS)
def test_a_trap_catches_the_looser_definition_alone(name: str, tmp_path: Path) -> None:
    """The product's path is the one reckoned from the draws; the looser one lies higher; the promise holds."""
    trap = TRAPS[name](SMALL)
    judged = judge(trap.world, tmp_path / "run")
    assert np.allclose(judged.highest, trap.due, rtol=0, atol=1e-6)
    assert trap.loose.mean() > trap.due.mean()
    assert not any(share.exceeds(nominal) for share, nominal in zip(ever(judged.highest), NOMINAL, strict=True))


def test_an_interview_before_others_proposed_raises_nobodys_odds(tmp_path: Path) -> None:
    """The path of e_shortlist is the one reckoned among those who were there; against all winners it lies higher."""
    trap = late_shortlists(replace(SMALL, members=100))
    judged = judge(trap.world, tmp_path / "run")
    assert np.allclose(judged.shortlists, trap.due, rtol=0, atol=1e-6)
    assert trap.loose.mean() > trap.due.mean()
    assert not any(share.exceeds(nominal) for share, nominal in zip(ever(judged.shortlists), NOMINAL, strict=True))


def test_a_run_on_the_day_agrees_with_the_last_one(tmp_path: Path) -> None:
    """Wins recorded thirty days late are missed by no run, because the losses beside them wait as well."""
    for reported, later in looks(wins_seen_late(SMALL, 90).world, tmp_path / "run", (36, 60)):
        assert np.array_equal(reported, later)
        assert reported.std() > 0


def test_e_stays_below_the_promise_where_p_values_rise() -> None:
    """By exact recursion over 2,000 jobs at the boundary: e >= 20 for 4.6 %, p < .05 along the way for 23 %."""
    jobs = (600, 2_000)
    assert exactly(e_lines(150), jobs) == pytest.approx([0.0398, 0.0457], abs=1e-4)
    assert exactly(p_lines(150), jobs) == pytest.approx([0.1483, 0.2326], abs=1e-4)


@pytest.mark.parametrize("name", STRATEGIES)
def test_choosing_jobs_gains_nothing_in_small(name: str) -> None:
    """2,000 accounts at the boundary over 300 jobs of their own choice reach 20 in no more than 5 %."""
    highest, _ = play(STRATEGIES[name], accounts=2_000, steps=300, seed=7)
    assert not Share(count=int((highest >= 20).sum()), total=len(highest)).exceeds(0.05)


def test_e_hire_spares_who_is_hired_fairly(tmp_path: Path) -> None:
    """Shortlisted at a fifth of fair odds, hired at all of them: many means reach 100, no restriction follows."""
    judged = judge(hired_but_not_shortlisted(SMALL), tmp_path / "run")
    assert ever(judged.highest)[1].value > 0.2
    assert not ever(judged.with_hires)[1].exceeds(0.01)
    assert judged.beyond_warning <= ever(judged.with_hires)[1].count


def test_the_false_share_holds_in_small() -> None:
    """Innocents who bet against the portfolio, alone or together, make up 5 % at most; refusals afterwards break it."""
    dice = np.random.default_rng(7)
    alone = [one_by_one(dice, years=3, capacity=20, guilty=1) for _ in range(500)]
    together = [all_together(dice, years=3, capacity=20, guilty=0) for _ in range(500)]
    before, afterwards = (
        [partial(refused, capacity=100, guilty=33, afterwards=late)(dice) for _ in range(300)] for late in (False, True)
    )
    assert not any(Average(values=np.array(found)).exceeds(ALPHA) for found in (alone, together, before))
    assert Average(values=np.array(afterwards)).exceeds(ALPHA)
