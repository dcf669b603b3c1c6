"""The table "Peeking", and accounts that choose their own jobs: all exactly at the boundary (`make check-long`)."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.long.grids import LINES, NOMINAL
from tests.long.intervals import Share
from tests.long.page import must_show
from tests.long.peeking import STRATEGIES, at_one_look, e_lines, ever_at, exactly, p_lines, play, reckoned

pytestmark = pytest.mark.long

ACCOUNTS = 20_000
STEPS = 1_500
FAIR_WINS = (30, 100, 300, 1_500)
JOBS = tuple(20 * wins for wins in FAIR_WINS)
MOST_WINS = 1_050
"""More than any account wins in the longest column, 30,000 jobs at 1 in 39."""

RARELY = 100
"""Jobs between two looks, where not every job is followed by one."""


@pytest.mark.parametrize("name", STRATEGIES)
def test_choosing_jobs_gains_nothing(name: str) -> None:
    """By whatever rule an account at the boundary chooses jobs, e reaches 20 and 100 no more often than promised."""
    highest, players = play(STRATEGIES[name], accounts=ACCOUNTS, steps=STEPS, seed=41)
    shares = [Share(count=int((highest >= line).sum()), total=ACCOUNTS) for line in LINES]
    assert not any(share.exceeds(nominal) for share, nominal in zip(shares, NOMINAL, strict=True))
    for account in range(50):
        assert reckoned(players, account) == pytest.approx(math.log(players.e[account]), abs=1e-6)
    must_show((name, ACCOUNTS, STEPS, *shares))


@pytest.mark.parametrize("every", [1, RARELY])
def test_looking_often_breaks_the_usual_test_and_not_e(every: int) -> None:
    """Along the way p < .05 is met far more often than at one look, and ever more; e >= 20 stays below 5 %."""
    e, p = (-(-lines // every) * every for lines in (e_lines(MOST_WINS), p_lines(MOST_WINS)))
    single = at_one_look(p, JOBS, accounts=ACCOUNTS, seed=42)
    looked = ever_at(p, JOBS, accounts=ACCOUNTS, seed=42)
    evident = ever_at(e, JOBS, accounts=ACCOUNTS, seed=42)
    assert not any(share.exceeds(0.05) for share in (*single, *evident))
    assert all(share.exceeds(0.05) for share in looked)
    assert all(np.diff([share.value for share in looked]) > 0.03)
    exact = exactly(e, JOBS)
    assert max(exact) <= 0.05
    assert all(share.lower() <= value <= share.upper() for share, value in zip(evident, exact, strict=True))
    columns = zip(FAIR_WINS, single, looked, evident, (f"{value:.4f}" for value in exact), strict=True)
    must_show(*((f"every {every}", *cells) for cells in columns))
