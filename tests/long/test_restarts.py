"""The restart mixture: the same promise, and more found of those who were good once."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.long.grids import LINES, NOMINAL, Floats
from tests.long.intervals import Share
from tests.long.page import must_show
from tests.long.restarts import highest

pytestmark = pytest.mark.long


def shares(logs: Floats) -> list[Share]:
    """How many ever reached each line."""
    return [Share(count=int((logs >= math.log(line)).sum()), total=len(logs)) for line in LINES]


def test_the_mixture_keeps_the_promise() -> None:
    """At the exact boundary, with a look after every job, e = 20 and 100 are reached as rarely as promised."""
    whole, mixed = highest(np.random.default_rng(71), 4000, np.full(480, 0.5))
    for share, nominal in zip(shares(mixed), NOMINAL, strict=True):
        assert share.lower() <= nominal
    must_show(("at the boundary, 24 fair wins", 4000, *shares(whole), *shares(mixed)))


@pytest.mark.parametrize(
    ("name", "thetas"),
    [
        ("good, then bad for 15 fair wins", [1.0] * 300 + [0.05] * 300),
        ("good, then bad for 30 fair wins", [1.0] * 600 + [0.05] * 600),
        ("always at a tenth, 24 fair wins", [0.1] * 480),
    ],
)
def test_what_the_mixture_finds(name: str, thetas: list[float]) -> None:
    """Many more of those who turned bad half-way, and hardly fewer of the others."""
    whole, mixed = highest(np.random.default_rng(72), 2000, np.array(thetas))
    before, after = shares(whole)[0].value, shares(mixed)[0].value
    assert after > before + 0.3 or abs(after - before) < 0.05
    must_show((name, 2000, *shares(whole), *shares(mixed)))
