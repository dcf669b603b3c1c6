"""How a person looks at a case before they decide: section by section and timed, or as a script states it."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import typer

from evenhand import wiring
from evenhand.errors import ActRefused
from evenhand.surfaces.cli.case_text import sections

if TYPE_CHECKING:
    from evenhand.decisions.case.looking import Look


def look(file: Mapping[str, Any], opened: Sequence[str], reason: str) -> Look:
    """What was opened for how long, and why (R22); raises `ActRefused` where nobody can be asked.

    `opened` states it as `evidence=40`; where it is empty, the case is shown on the terminal and the time is taken.
    """
    from evenhand.decisions.case.looking import Look, Opened

    if opened:
        return Look(reason=reason, opened=tuple(Opened(what=w, seconds=s) for w, s in map(_stated, opened)))
    if not sys.stdin.isatty():
        raise ActRefused(
            "nothing says what was looked at", where="--opened", hint="state it, as `--opened evidence=40` (R22)"
        )
    seen = []
    for name, text in sections(file):
        elapsed = wiring.stopwatch()
        print(f"{name}\n{text}\n", file=sys.stderr)
        typer.prompt("Enter to go on", default="", show_default=False, err=True)
        seen.append(Opened(what=name, seconds=round(elapsed())))
    return Look(reason=reason or typer.prompt("Why, in your own words", err=True), opened=tuple(seen))


def _stated(text: str) -> tuple[str, int]:
    what, _, seconds = text.partition("=")
    if not what.strip() or not seconds.isdigit():
        raise typer.BadParameter(
            f"`{text}` is not what was opened and for how many seconds; write `evidence=40`", param_hint="--opened"
        )
    return what.strip(), int(seconds)
