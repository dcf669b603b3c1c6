"""Arguments and options that several commands share, each with the help that `docs/commands.md` repeats."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

Market = Annotated[Path, typer.Argument(metavar="MARKET", help="Folder with the market's tables.", show_default=False)]
PolicyFiles = Annotated[
    list[Path],
    typer.Option("--policy", metavar="FILE", help="Policy file; one per procedure.", show_default=False),
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="TIME", help="See the market as it stood then; default: its latest time."),
]
Ledger = Annotated[
    Path | None,
    typer.Option("--ledger", metavar="FILE", help="JSON Lines with the steps taken before; default: none were."),
]
Engine = Annotated[str, typer.Option("--engine", metavar="NAME", help="Who reckons: `duckdb`, `reference` or `spark`.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")]


def time_of(text: str | None, option: str = "--as-of") -> datetime | None:
    """The time that an option names, in UTC; a day alone is its first moment (M6). Raises `typer.BadParameter`.

    >>> time_of("2026-01-01"), time_of("2026-01-01T02:00:00+02:00")
    (datetime.datetime(2026, 1, 1, 0, 0), datetime.datetime(2026, 1, 1, 0, 0))
    """
    if text is None:
        return None
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"`{text}` is not a time; write 2026-01-01 or 2026-01-01T12:00:00Z", param_hint=option
        ) from None
    return time.astimezone(UTC).replace(tzinfo=None) if time.tzinfo else time
