"""The reckoning on the grid: the exact values of `STATISTICS.md` section 2, and the claims of its theorem."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.evidence.activity import grid

TWENTY = grid.terms(1 / 19)


def sums(count: int) -> list[int]:
    """The state after `count` fields of twenty."""
    return [count * term for term in TWENTY]


@pytest.mark.parametrize(
    ("wins", "count", "e"),
    [
        (0, 137, 19.738585),
        (0, 138, 20.198962),
        (0, 206, 99.371573),
        (0, 207, 101.759397),
        (0, 302, 999.479641),
        (0, 303, 1024.061963),
        (0, 150, 26.6627606999),
        (0, 300, 952.083382654),
        (1, 150, 2.81349398236),
        (1, 300, 61.2269860359),
        (2, 300, 9.95219970452),
    ],
)
def test_exact_values(wins: int, count: int, e: float) -> None:
    """Fields of twenty at floor 0.5, to a millionth (the value for 303 is that of exact fractions)."""
    assert math.exp(grid.log_e(wins, sums(count), 0.5)) == pytest.approx(e, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(("wins", "count", "log_e"), [(1, 150, 1.0344271210438), (2, 300, 2.2977936025681)])
def test_exact_logs(wins: int, count: int, log_e: float) -> None:
    """The logs of the same, closer than a millionth."""
    assert grid.log_e(wins, sums(count), 0.5) == pytest.approx(log_e, abs=1e-8)


def test_303_against_exact_fractions() -> None:
    """e after 303 fields without a win, reckoned without any float until the end."""
    odds = Fraction(1, 19)
    points = [Fraction(str(t)) for t in grid.GRID if t < 0.5]
    e = sum(((1 + odds / 2) / (1 + t * odds)) ** 303 for t in points) / len(points)
    assert math.exp(grid.log_e(0, sums(303), 0.5)) == pytest.approx(float(e), rel=1e-8)


def test_a_win_divides_the_smallest_points_by_ten() -> None:
    """A win at o = 1/19 multiplies the t = 0.05 term by about 0.1."""
    point = grid.GRID.index(0.05)
    before, after = (grid.log_likelihoods(wins, sums(1))[point] for wins in (0, 1))
    assert math.exp(after - before) == pytest.approx(0.1, rel=0.03)


@given(st.floats(1e-4, 49.0), st.integers(0, 5), st.sampled_from(grid.GRID[2:]))
def test_one_factor_has_mean_at_most_one(odds: float, wins: int, floor: float) -> None:
    """At the boundary the mean of one factor is 1, and below it with better odds: the step of Theorem 1."""
    before = [wins * 10 * term for term in grid.terms(0.1)]
    after = [a + b for a, b in zip(before, grid.terms(odds), strict=True)]
    now = grid.log_e(wins, before, floor)
    won, lost = (math.exp(grid.log_e(w, after, floor) - now) for w in (wins + 1, wins))
    for times in (1.0, 1.5):
        chance = times * floor * odds / (1 + times * floor * odds)
        assert chance * won + (1 - chance) * lost <= 1 + 1e-6


@given(st.integers(0, 40), st.integers(0, 400), st.floats(0.01, 5.0))
def test_bounds_surround_the_estimate(wins: int, losses: int, odds: float) -> None:
    """Lower bound <= estimate <= upper bound, and the upper is at most 0.5 exactly where hires alone reach 20."""
    state = [(wins + losses) * term for term in grid.terms(odds)]
    estimate = grid.odds_ratio(wins, state)
    low, high = grid.odds_ratio_low(wins, state), grid.odds_ratio_high(wins, state)
    if estimate is None:
        assert (low, high) == (None, None)
        return
    assert (low or 0.0) <= estimate <= (high or math.inf)
    assert (high is not None and high <= 0.5) == (grid.log_e(wins, state, 0.5) >= math.log(20))


@given(st.lists(st.tuples(st.floats(0.001, 20), st.booleans()), max_size=30))
def test_order_and_batches_do_not_matter(decisions: list[tuple[float, bool]]) -> None:
    """Integer sums: shuffled, the evidence is the same to the bit (M5)."""
    shuffled = sorted(decisions, key=lambda d: (d[0] * 7919) % 1)
    states = []
    for order in (decisions, shuffled):
        state = [0] * 19
        for odds, _ in order:
            state = [a + b for a, b in zip(state, grid.terms(odds), strict=True)]
        states.append(grid.log_e(sum(won for _, won in order), state, 0.5))
    assert states[0] == states[1]


def test_logs_are_never_clipped() -> None:
    """An agency with ten thousand lost decisions keeps a finite log e far above what exp can hold (E1)."""
    assert grid.log_e(0, sums(100_000), 0.5) > 2000
    assert grid.log_e(5000, sums(10_000), 0.5) < -1000
    assert grid.log_e(1, sums(10), 0.01) == -math.inf
    assert grid.log_mean(-math.inf, -math.inf) == -math.inf
