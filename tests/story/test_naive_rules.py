"""The rules that platforms use today, held for comparison."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.evidence.activity.naive_rules import NAIVE_RULES, NaiveRule, too_few_hires


def _exact_tail(hires: int, proposals: int, rate: Fraction) -> Fraction:
    return sum(
        (comb(proposals, k) * rate**k * (1 - rate) ** (proposals - k) for k in range(hires + 1)), start=Fraction(0)
    )


@given(proposals=st.integers(0, 120), percent=st.integers(1, 99))
@settings(max_examples=150, deadline=None)
def test_the_binomial_line_is_the_exact_one(proposals: int, percent: int) -> None:
    """The answer is the last number of hires whose tail, reckoned in fractions, is under the level."""
    rate, level = Fraction(percent, 100), Fraction(1, 20)
    hires = too_few_hires(proposals, percent / 100)
    if hires >= 0:
        assert _exact_tail(hires, proposals, rate) < level
    if hires < proposals:
        assert _exact_tail(hires + 1, proposals, rate) >= level


@pytest.mark.parametrize(
    ("proposals", "rate", "hires"),
    [(0, 0.05, -1), (58, 0.05, -1), (59, 0.05, 0), (10, 0.0, -1), (10, 1.0, 9), (100_000, 0.05, 4886)],
)
def test_known_lines(proposals: int, rate: float, hires: int) -> None:
    """0.95^59 is the first power under 5 %; impossible rates and 100,000 proposals get an answer too."""
    assert too_few_hires(proposals, rate) == hires


@pytest.mark.parametrize(
    ("name", "proposals", "hires", "acts"),
    [
        ("0 hires in 20 proposals", 20, 0, True),
        ("0 hires in 20 proposals", 19, 0, False),
        ("0 hires in 50 proposals", 50, 1, False),
        ("0 hires in 100 proposals", 100, 0, True),
        ("hire rate under 1 % after 100 proposals", 99, 0, False),
        ("hire rate under 1 % after 100 proposals", 100, 1, False),
        ("hire rate under 1 % after 100 proposals", 101, 1, True),
        ("binomial test at 5 %", 58, 0, False),
        ("binomial test at 5 %", 59, 0, True),
    ],
)
def test_each_rule_acts_where_it_says(name: str, proposals: int, hires: int, acts: bool) -> None:
    """The SQL condition of a rule is true on the near side of its line and false on the other."""
    (answer,) = duckdb.execute(
        f"select {_rule(name).when} from (select ? as proposals, ? as hires, ? as too_few_hires)",
        [proposals, hires, too_few_hires(proposals, 0.05)],
    ).fetchall()[0]
    assert answer is acts


def _rule(name: str) -> NaiveRule:
    return next(rule for rule in NAIVE_RULES if rule.name == name)
