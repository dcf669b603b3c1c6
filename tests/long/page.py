"""The pages `docs/validity.md` and `docs/validation.md`, and what is measured: the same seeds give the same rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

PAGE: Final = Path(__file__).parents[2] / "docs" / "validity.md"
VALIDATION: Final = PAGE.with_name("validation.md")


def must_show(*rows: Sequence[object]) -> None:
    """Fail unless the page holds a table row that begins with each of these; what to put there is in the message."""
    shown = PAGE.read_text().splitlines()
    lines = [f"| {' | '.join(map(str, row))} |" for row in rows]
    missing = [line for line in lines if not any(there.startswith(line) for there in shown)]
    if missing:
        raise AssertionError("\n".join([f"{PAGE.name} does not show what was measured:", *missing]))


def must_hold(page: Path, lines: Iterable[str]) -> None:
    """Fail unless `page` holds each table row among `lines`, which come as a command prints them."""
    shown = set(page.read_text().splitlines())
    missing = [line for line in lines if line.startswith("| ") and line not in shown]
    if missing:
        raise AssertionError("\n".join([f"{page.name} does not show what was measured:", *missing]))
