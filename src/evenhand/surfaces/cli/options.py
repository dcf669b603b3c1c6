"""Arguments and options that several commands share, each with the help that `docs/commands.md` repeats."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Market = Annotated[Path, typer.Argument(help="Folder with the market's tables.", show_default=False)]
Policies = Annotated[
    list[Path],
    typer.Option("--policy", metavar="FILE", help="Policy file; repeat it for further procedures.", show_default=False),
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="TIME", help="See the market as it stood then; default: its latest time."),
]
Ledger = Annotated[
    Path | None,
    typer.Option("--ledger", metavar="FILE", help="JSON Lines with the steps taken before; default: none were."),
]
Engine = Annotated[str, typer.Option("--engine", metavar="NAME", help="Who reckons: `duckdb` or `reference`.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")]
