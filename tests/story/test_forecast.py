"""What would change it: the imagined decisions are reckoned exactly as real ones would be."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.evidence.activity.forecast import Forecast, forecast
from evenhand.evidence.activity.grid import GRID
from evenhand.evidence.activity.units import CountedUnit, Outcome

START = datetime(2025, 1, 1)
ODDS = st.floats(0.005, 3)
FLOORS = st.sampled_from([0.1, 0.5, 1.0])
DECISIONS = st.lists(st.tuples(st.sampled_from(["hire", "shortlist"]), ODDS, st.booleans()), max_size=30)


def unit(outcome: Outcome, odds: float, chosen: bool) -> CountedUnit:
    """One decision; what it did to the evidence is not looked at here."""
    return CountedUnit(
        outcome=outcome,
        job_id="j",
        client_id="c",
        submitted_at=START,
        settled_at=START + timedelta(days=30),
        chosen=chosen,
        odds=odds,
        fair_share=odds / (1 + odds),
        factor=1.0,
        log_e=0.0,
    )


def foreseen(units: Sequence[CountedUnit], floor: float = 0.5, *, shortlists: bool = False) -> Forecast:
    """The forecast where there is one."""
    found = forecast(units, floor, shortlists=shortlists)
    assert found is not None
    return found


def log_e(decisions: Sequence[tuple[float, bool]], floor: float) -> float:
    """The e-value from its definition: the mean, over the points below the floor, of products of ratios."""
    points = [point for point in GRID if point < floor]
    products = [
        math.prod((point / floor if won else 1) * (1 + floor * odds) / (1 + point * odds) for odds, won in decisions)
        for point in points
    ]
    return math.log(sum(products) / len(points))


def test_before_anything_counted_nothing_is_foreseen() -> None:
    """Without a hire that counted there is no comparable job, shortlists or not."""
    assert forecast([], 0.5, shortlists=False) is None
    assert forecast([unit("shortlist", 0.1, chosen=True)], 0.5, shortlists=True) is None


def test_fields_of_twenty_bring_one_win_in_twenty() -> None:
    """After 137 losses in fields of twenty e is 19.7; twenty more jobs are reckoned by the definition of e."""
    found = foreseen([unit("hire", 1 / 19, chosen=False)] * 137)
    assert found.jobs == 20
    assert found.fair_share == pytest.approx(0.05)
    assert math.exp(found.log_e_now) == pytest.approx(19.738585, abs=1e-6)
    assert found.log_e_no_win == pytest.approx(log_e([(1 / 19, False)] * 157, 0.5), abs=1e-8)
    assert found.log_e_one_win == pytest.approx(log_e([(1 / 19, False)] * 156 + [(1 / 19, True)], 0.5), abs=1e-8)


def test_whoever_is_the_favourite_needs_one_job() -> None:
    """Where the fair share is above two thirds one job brings a win on average; never less than one is foreseen."""
    assert foreseen([unit("hire", 40.0, chosen=True)]).jobs == 1


@given(decisions=DECISIONS, odds=ODDS, won=st.booleans(), floor=FLOORS, shortlists=st.booleans())
def test_what_was_foreseen_is_what_comes(
    decisions: list[tuple[Outcome, float, bool]], odds: float, won: bool, floor: float, shortlists: bool
) -> None:
    """When the imagined jobs have really been decided, the evidence stands exactly where the forecast said."""
    units = [unit("hire", odds, chosen=won), *(unit(*decision) for decision in decisions)]
    median = statistics.median(u.odds for u in units if u.outcome == "hire")
    before = foreseen(units, floor, shortlists=shortlists)
    outcomes: tuple[Outcome, ...] = ("hire", "shortlist")
    lost = [unit(outcome, median, chosen=False) for outcome in outcomes]
    gained = [unit(outcome, median, chosen=True) for outcome in outcomes]
    no_win = foreseen([*units, *lost * before.jobs], floor, shortlists=shortlists)
    one_win = foreseen([*units, *lost * (before.jobs - 1), *gained], floor, shortlists=shortlists)
    assert no_win.log_e_now == before.log_e_no_win
    assert one_win.log_e_now == before.log_e_one_win


@given(decisions=DECISIONS, odds=ODDS, won=st.booleans(), floor=FLOORS, shortlists=st.booleans())
def test_a_win_helps_and_losses_weigh(
    decisions: list[tuple[Outcome, float, bool]], odds: float, won: bool, floor: float, shortlists: bool
) -> None:
    """Losses alone never lower the evidence, and one win among them always leaves less than none."""
    found = foreseen(
        [unit("hire", odds, chosen=won), *(unit(*decision) for decision in decisions)], floor, shortlists=shortlists
    )
    assert found.log_e_now <= found.log_e_no_win
    assert found.log_e_one_win < found.log_e_no_win


@given(decisions=DECISIONS, odds=ODDS)
def test_a_market_without_shortlists_reckons_hires_alone(
    decisions: list[tuple[Outcome, float, bool]], odds: float
) -> None:
    """Where none are recorded, what is said of shortlists moves nothing."""
    hires = [unit("hire", odds, chosen=False), *(unit(*d) for d in decisions if d[0] == "hire")]
    shortlists = [unit(*d) for d in decisions if d[0] == "shortlist"]
    assert foreseen([*hires, *shortlists]) == foreseen(hires)
