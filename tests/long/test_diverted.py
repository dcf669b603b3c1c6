"""Those who take work off the platform, found in made-up worlds: the figures of `docs/circumvention-stream.md`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.long.diverted import (
    LEVEL,
    METHODS,
    OTHERWISE,
    OTHERWISE_SEEDS,
    SEEDS,
    WORLDS,
    followed,
    lines,
    sensitivity,
)
from tests.long.page import PAGE, must_hold

pytestmark = pytest.mark.long

STREAM = PAGE.with_name("circumvention-stream.md")


@pytest.mark.parametrize("name", WORLDS)
def test_the_page_shows_what_is_found(name: str, tmp_path: Path) -> None:
    """The same worlds give the same rows; of those found at most 2 % are innocent, by every method."""
    courses = followed(WORLDS[name], tmp_path, SEEDS)
    must_hold(STREAM, lines(courses))
    for _, method in METHODS:
        acted = [(c, account) for c in courses for account in getattr(c, method)]
        assert sum(account not in c.guilty for c, account in acted) <= LEVEL * len(acted)


@pytest.mark.parametrize("name", OTHERWISE)
def test_the_page_shows_what_less_or_more_writing_does(name: str, tmp_path: Path) -> None:
    """The same worlds give the same row, where innocents name more details and where circumventers write less."""
    must_hold(STREAM, [sensitivity(name, followed(OTHERWISE[name], tmp_path, OTHERWISE_SEEDS))])
