"""Cumulative e-BH: the largest self-consistent set, against the obvious way to find it."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.decisions.ledger import History, Standing
from evenhand.decisions.portfolio import Candidate, check_capacity, family_year, select, weight
from evenhand.errors import RunRefused
from evenhand.policy.types import Guarantee

RUN = datetime(2026, 1, 1)
GUARANTEE = Guarantee(floor=0.5, per_account=0.01, portfolio=0.05, family=50)


def history(*, acted: int = 0, standings: dict[str, Standing] | None = None) -> History:
    """A ledger in which `acted` accounts were ever acted on."""
    return History(standings=standings or {}, acted=acted, first_run=RUN, earlier_episodes=())


def by_elimination(candidates: list[Candidate], acted: int) -> set[str]:
    """Start with everyone and drop whoever does not meet the bar of the set that is left, until nobody is dropped."""
    left = {c.account_id: c for c in candidates}
    while True:
        bar = GUARANTEE.portfolio * (acted + len(left)) if GUARANTEE.portfolio else 0.0
        weak = [
            c.account_id
            for c in left.values()
            if bar == 0 or math.exp(c.log_e) * weight(family_year(c.entered_at, RUN), 50) * bar < 1
        ]
        if not weak:
            return set(left)
        for name in weak:
            del left[name]


@given(
    st.lists(st.tuples(st.floats(0, 15), st.integers(-400, 1200)), max_size=40),
    st.integers(0, 30),
)
def test_the_set_is_the_largest_self_consistent_one(scores: list[tuple[float, int]], acted: int) -> None:
    """Sorting once finds what elimination finds."""
    candidates = [
        Candidate(account_id=f"a{n}", log_e=log_e, entered_at=RUN + timedelta(days=days))
        for n, (log_e, days) in enumerate(scores)
    ]
    assert select(candidates, history(acted=acted), GUARANTEE, RUN) == by_elimination(candidates, acted)


def test_whoever_was_acted_on_stays() -> None:
    """Frozen at action: a member of the set stays in it whatever the evidence says now."""
    standings = {"old": Standing(acted_in_portfolio=True)}
    assert select([], history(acted=1, standings=standings), GUARANTEE, RUN) == {"old"}


def test_without_a_promise_about_the_market_nobody_joins() -> None:
    """A policy that states no portfolio has none, however strong the evidence."""
    alone = Guarantee(floor=0.5, per_account=0.01, portfolio=None, family=None)
    candidate = Candidate(account_id="a", log_e=700.0, entered_at=RUN)
    assert select([candidate], history(), GUARANTEE, RUN) == {"a"}
    assert select([candidate], history(), alone, RUN) == frozenset()


def test_a_stored_weight_is_never_changed() -> None:
    """The weight of an episode is the one it was given at entry."""
    candidate = Candidate(account_id="a", log_e=math.log(21), entered_at=RUN)
    heavy = {"a": Standing(gamma=1.0)}
    assert select([candidate], history(standings=heavy), GUARANTEE, RUN) == {"a"}
    assert select([candidate], history(), GUARANTEE, RUN) == frozenset()


def test_weights_never_sum_to_more_than_one() -> None:
    """Full cohorts for a thousand years spend less than the whole (S5)."""
    assert sum(50 * weight(year, 50) for year in range(1, 1000)) <= 1


def test_a_full_family_is_refused() -> None:
    """More hypotheses in a year than declared stop the run, those of earlier episodes included (S5)."""
    check_capacity({1: 50}, [2], 50)
    with pytest.raises(RunRefused, match="51 accounts have evidence in family year 1"):
        check_capacity({1: 50}, [1], 50)
