"""The restart mixture as the page defines it: half of the whole record, the rest evenly from each month on (E3)."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.evidence.activity.restart import LATEST, log_mixture


@given(log_es=st.lists(st.floats(-20, 20), min_size=LATEST + 1, max_size=LATEST + 1))
def test_the_mixture_is_the_weighted_mean(log_es: list[float]) -> None:
    """To nine digits of its log, what the mean of the e-values is in plain floats."""
    whole, *months = map(math.exp, log_es)
    assert log_mixture(log_es) == pytest.approx(math.log(whole / 2 + sum(months) / (2 * LATEST)), abs=2e-9)


def test_a_mixture_in_which_nothing_is_left_is_nothing() -> None:
    """Where every process has lost all, so has their mean."""
    assert log_mixture([-math.inf] * (LATEST + 1)) == -math.inf
