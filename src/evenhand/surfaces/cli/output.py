"""What a command prints: results on standard output, progress on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from evenhand import wiring

if TYPE_CHECKING:
    from evenhand.workflows.propose_measures import Progress

QUIET_SECONDS: Final = 1.0
"""A command that ends sooner says nothing of its stages."""


def print_json(document: object) -> None:
    """Print one JSON document on one line, text unescaped, so that programs read it line by line."""
    print(json.dumps(document, ensure_ascii=False, default=str))


@contextmanager
def progress() -> Iterator[Progress]:
    """Show the stages of a command on standard error: live on a terminal, a line each elsewhere once it takes long."""
    if sys.stderr.isatty():
        with _live() as show:
            yield show
    else:
        yield _lines()


@contextmanager
def _live() -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import Progress as Bars
    from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(finished_text="✓"), TextColumn("{task.description}"), TimeElapsedColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:

        def show(stage: str) -> None:
            for task in bars.task_ids:
                bars.update(task, completed=1)
            bars.add_task(stage, total=1)

        yield show


def _lines() -> Progress:
    elapsed = wiring.stopwatch()

    def show(stage: str) -> None:
        if elapsed() > QUIET_SECONDS:
            print(f"evenhand: {stage} (after {elapsed():.0f} s)", file=sys.stderr)

    return show
