"""Cumulative e-BH: of all accounts ever acted on at most 5 % are innocent in expectation, whatever they depend on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest

from evenhand.decisions.portfolio import check_capacity, weight
from evenhand.errors import RunRefused
from tests.long.draws import Dice
from tests.long.intervals import Average
from tests.long.page import must_show
from tests.long.portfolio import ALPHA, all_together, growing, one_by_one, ordinary, refused

pytestmark = pytest.mark.long

LIVES: dict[str, tuple[int, Callable[[Dice], float]]] = {
    "innocents alone, one by one": (20_000, partial(one_by_one, years=5, capacity=20, guilty=0)),
    "2 in 20 guilty, one by one": (5_000, partial(one_by_one, years=5, capacity=20, guilty=2)),
    "innocents alone, together": (20_000, partial(all_together, years=5, capacity=20, guilty=0)),
    "2 in 20 guilty, together": (5_000, partial(all_together, years=5, capacity=20, guilty=2)),
    "refused before the set is formed": (20_000, partial(refused, capacity=400, guilty=33, afterwards=False)),
    "400 of 2,000 at odds 0.02, 600 jobs, a look every 50": (30, ordinary),
}

BREAKS: dict[str, tuple[Callable[[Dice], Average], Callable[[Dice], Average]]] = {
    "the family doubles, 5,000 to 10,000": (
        lambda dice: growing(dice, 4000, 5_000, 10_000, lambda n: 1 / n),
        lambda dice: growing(dice, 4000, 5_000, 10_000, lambda n: weight(1, 10_000)),
    ),
    "the family grows from 1 to 10,000": (
        lambda dice: growing(dice, 4000, 1, 10_000, lambda n: 1 / n),
        lambda dice: growing(dice, 4000, 1, 10_000, lambda n: weight(1, 10_000)),
    ),
    "four episodes each, no new weight": (
        lambda dice: growing(dice, 4000, 1_000, 4_000, lambda n: 1 / 1_000),
        lambda dice: growing(dice, 4000, 1_000, 4_000, lambda n: weight(1, 4_000)),
    ),
}


@pytest.mark.parametrize("name", LIVES)
def test_the_false_share_holds(name: str) -> None:
    """Over whole lives of a policy, its ledger growing, at most 5 % of those acted on are innocent in expectation."""
    lives, live = LIVES[name]
    dice = np.random.default_rng(61)
    found = Average(values=np.array([live(dice) for _ in range(lives)]))
    assert not found.exceeds(ALPHA)
    must_show((name, lives, found))


def test_refusing_after_the_set_was_formed_breaks_it() -> None:
    """Accounts that people refuse widen the set for innocents, unless they are taken out before it is formed."""
    dice = np.random.default_rng(62)
    found = Average(values=np.array([refused(dice, capacity=400, guilty=33, afterwards=True) for _ in range(5_000)]))
    assert found.exceeds(0.5)
    must_show(("refused after the set was formed", 5_000, found))


@pytest.mark.parametrize("name", BREAKS)
def test_weights_hold_where_counting_heads_breaks(name: str) -> None:
    """A family that grows, or begins anew, breaks the promise at 1/N each; with weights that never change it holds."""
    careless, weighed = (reckon(np.random.default_rng(63)) for reckon in BREAKS[name])
    assert careless.exceeds(ALPHA)
    assert not weighed.exceeds(ALPHA)
    must_show((name, 4000, careless, weighed))


def test_more_episodes_than_the_family_are_refused() -> None:
    """Weights sum to one only within the declared capacity: a run beyond it is refused, earlier episodes counted."""
    check_capacity({1: 1_000}, [1] * 3_000, 4_000)
    with pytest.raises(RunRefused, match="4001 accounts"):
        check_capacity({1: 1_000}, [1] * 3_001, 4_000)
