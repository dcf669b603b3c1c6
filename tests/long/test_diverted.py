"""Those who take work off the platform, found in made-up worlds: the figures of `docs/circumvention-stream.md`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.long.diverted import ACCOUNTS, LEVEL, MONTHS, SEEDS, WORLDS, follow, lines
from tests.long.page import PAGE, must_hold

pytestmark = pytest.mark.long


@pytest.mark.parametrize("name", WORLDS)
def test_the_page_shows_what_is_found(name: str, tmp_path: Path) -> None:
    """The same worlds give the same rows; of those found at most 2 % are innocent, by both methods."""
    courses = [follow(WORLDS[name], tmp_path / str(s), accounts=ACCOUNTS, months=MONTHS, seed=s) for s in SEEDS]
    must_hold(PAGE.with_name("circumvention-stream.md"), lines(courses))
    for method in ("by_e", "by_e_bh"):
        acted = [(c, account) for c in courses for account in getattr(c, method)]
        assert sum(account not in c.guilty for c, account in acted) <= LEVEL * len(acted)
