"""`evenhand explain`: one account's path, in sentences, in the order things happened."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from evenhand.surfaces.cli.options import AsOf, Engine, Json, Ledger, Market, time_of
from evenhand.surfaces.cli.output import print_json, progress

Account = Annotated[
    str, typer.Argument(metavar="ACCOUNT", help="Identifier, as in the market's `accounts`.", show_default=False)
]

Policies = Annotated[
    list[Path] | None,
    typer.Option("--policy", metavar="FILE", help="Policy file; default: the shipped one.", show_default=False),
]

Whole = Annotated[bool, typer.Option("--all", help="Tell all that happened, not the latest 40 moments only.")]


def explain(
    market: Market,
    account: Account,
    policy: Policies = None,
    as_of: AsOf = None,
    ledger: Ledger = None,
    *,
    whole: Whole = False,
    engine: Engine = "duckdb",
    as_json: Json = False,
) -> None:
    """Tell one account's path: what counted, what it amounts to, where the lines are, what would change it."""
    from evenhand import wiring
    from evenhand.surfaces import runs
    from evenhand.surfaces.pages import page
    from evenhand.workflows.explain_account import explain_account
    from evenhand.workflows.find_items import Find

    alone = runs.alone(policy or [wiring.shipped("policies") / "activity.yaml"])
    time, entries = time_of(as_of), wiring.ledger(ledger)
    with progress() as show, runs.scratch_space() as scratch, runs.staged(market, engine, scratch, show) as parts:
        find = Find(links=wiring.links, scratch=scratch)
        told = explain_account(*parts, alone, account, as_of=time, entries=entries, find=find, progress=show)
    if as_json:
        print_json(asdict(told) | {"path": [{"at": f"{at.isoformat()}Z", "what": what} for at, what in told.path]})
    else:
        print("\n".join(page(told, whole=whole)))
