"""The claim of two outcomes: their mean protects only who is innocent on both, e_hire whoever is hired fairly."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.long.definitions import Scale
from tests.long.intervals import Share
from tests.long.judged import ever, judge
from tests.long.outcomes import hired_but_not_shortlisted
from tests.long.page import must_show

pytestmark = pytest.mark.long


def test_steps_beyond_a_warning_spare_who_is_hired_fairly(tmp_path: Path) -> None:
    """Hired at a fair share, shortlisted at a fifth: the mean alone reaches 100 for most, with e_hire >= 20 for few."""
    world = hired_but_not_shortlisted(Scale(seed=51, members=4000, clients=400))
    judged = judge(world, tmp_path / "run")
    alone, with_hires = ever(judged.highest)[1], ever(judged.with_hires)[1]
    beyond = Share(count=judged.beyond_warning, total=len(judged.highest))
    assert alone.lower() > 0.5
    assert not with_hires.exceeds(0.01)
    assert not beyond.exceeds(0.01)
    must_show(("hires at 1, shortlists at 0.2", len(judged.highest), alone, with_hires, beyond))
