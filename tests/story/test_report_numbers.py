"""The numbers of the report: intervals, percentages, lines, edges and the promise in words."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.policy.parse import parse
from evenhand.policy.types import Policy
from evenhand.reports.figures.fairness import ROWS, across, up
from evenhand.reports.guarantee import sentences
from evenhand.reports.intervals import Tally, wilson
from evenhand.reports.lines import lines
from evenhand.reports.pictures.svg import drawing, label
from evenhand.reports.words import exactly, percent

SHIPPED: Final = Path(__file__).parents[2] / "policies" / "activity.yaml"


def _shipped() -> Policy:
    return parse(SHIPPED.read_text(encoding="utf-8"), file="activity.yaml")


@given(total=st.integers(1, 100_000), data=st.data())
def test_the_interval_holds_the_share_and_solves_its_equation(total: int, data: st.DataObject) -> None:
    """Wilson's bounds are the shares p at which the count lies exactly 1.96 standard errors away."""
    count = data.draw(st.integers(0, total))
    low, high = wilson(count, total)
    share = count / total
    assert 0 <= low <= share <= high <= 1
    for bound in (low, high):
        if 0 < bound < 1:
            distance = abs(share - bound) / (bound * (1 - bound) / total) ** 0.5
            assert distance == pytest.approx(1.959963984540054, rel=1e-6)


@pytest.mark.parametrize(("count", "total", "mark"), [(9, 10, "above"), (0, 200, "below"), (1, 10, ""), (0, 0, "")])
def test_a_group_is_marked_only_where_its_interval_leaves_the_usual_share(count: int, total: int, mark: str) -> None:
    """A share of 10 % is the market's; few people are never marked by a hair."""
    assert Tally(count=count, total=total).against(0.1) == mark


@given(share=st.floats(0, 1))
def test_only_all_is_called_100_percent(share: float) -> None:
    """Rounding never turns almost nobody into nobody, nor almost everybody into everybody."""
    text = percent(share).removesuffix("\N{NO-BREAK SPACE}%")
    assert (float(text) == 0) == (share * 100 == 0)
    assert (float(text) == 100) == (share * 100 == 100)


def test_the_shipped_policy_has_its_lines_in_the_picture() -> None:
    """Warn, limit and pause speak of e at the floor; advice is about another floor and has no line there."""
    assert [(line.step, line.e) for line in lines(_shipped())] == [("warn", 20), ("limit", 100), ("pause", 1000)]


def test_the_promise_names_its_bounds() -> None:
    """One in a hundred for restrictions, one in twenty for the warning and for the portfolio, in plain words."""
    told = " ".join(sentences(_shipped()))
    assert "half of a fair share" in told
    assert f"at most {exactly(0.01)}" in told
    assert f"For warn that probability is at most {exactly(0.05)}." in told
    assert f"Of all accounts that ever get pause, at most {exactly(0.05)}" in told


@given(most=st.integers(0, 10**7))
def test_edges_over_wins_take_every_number_in_one_row(most: int) -> None:
    """Rows rise, hold 0 and the largest number, and stay few."""
    edges = up(most)
    assert edges[0] < 0
    assert edges[-1] >= most
    assert len(edges) <= ROWS + 1
    assert all(low < high for low, high in pairwise(edges))


@given(widest=st.floats(0, 1e7))
def test_edges_over_fair_wins_reach_from_nothing_to_the_most(widest: float) -> None:
    """The first edge is 0, the last one is not left behind by rounding."""
    edges = across(widest)
    assert edges[0] == 0
    assert edges[-1] >= widest * (1 - 1e-9)


def test_text_in_a_picture_is_escaped() -> None:
    """What comes from a market or a policy cannot become markup."""
    svg = drawing("name", 10, label("<b>", 0, 0), title="a & b", description="<script>")
    assert "&lt;b&gt;" in svg
    assert "a &amp; b" in svg
    assert "<script>" not in svg
