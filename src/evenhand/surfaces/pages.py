"""An account's path as lines of text: whole for whoever asks for it, shortened for the report's examples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from evenhand.decisions.explain import Explanation

MOMENTS_OF_AN_EXAMPLE: Final = 8
MOMENTS_OF_A_PAGE: Final = 40


def page(told: Explanation, *, whole: bool) -> Iterator[str]:
    """The path: what is decided, what happened, what it amounts to, where the lines are, what would change it.

    Of what happened the latest `MOMENTS_OF_A_PAGE`, with the count of those before them; all of it if `whole`.
    """
    yield from told.summary
    latest = told.path if whole else told.path[-MOMENTS_OF_A_PAGE:]
    earlier = len(told.path) - len(latest)
    gap = [f"({earlier:,} earlier moments are left out; `--all` tells them too)"] if earlier else []
    yield from _part("What happened", [*gap, *(f"{time:%Y-%m-%d}  {sentence}" for time, sentence in latest)])
    yield from _part("What counted", told.left_out)
    yield from _part("What it amounts to", told.amounts)
    yield from _part("Where the lines are", told.lines)
    yield from _part("What would change it", told.changes)


def _part(title: str, sentences: Sequence[str]) -> Iterator[str]:
    if sentences:
        yield f"\n{title}"
        yield from (f"  {sentence}" for sentence in sentences)


def brief(told: Explanation) -> Sequence[str]:
    """The path as an example: of what happened only the latest moments, with the count of those left out."""
    latest = [f"{time:%Y-%m-%d}: {sentence}" for time, sentence in told.path[-MOMENTS_OF_AN_EXAMPLE:]]
    earlier = len(told.path) - len(latest)
    gap = [f"{earlier:,} earlier moments are left out here."] if earlier else []
    return [*told.summary, *told.left_out, *gap, *latest, *told.amounts, *told.lines, *told.changes]
