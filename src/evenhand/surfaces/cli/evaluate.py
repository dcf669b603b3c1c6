"""`evenhand evaluate`: the main job."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evenhand.surfaces.cli.offices import SETTINGS, SettingsFile
from evenhand.surfaces.cli.options import AsOf, Engine, Json, Ledger, Market, PolicyFiles, time_of
from evenhand.surfaces.cli.output import print_json, progress

Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the results.", show_default=False)]
MaybeStore = Annotated[
    str | None,
    typer.Option("--store", metavar="URL", help="Open cases here; default: a study, of which nothing follows."),
]
Counted = Annotated[bool, typer.Option("--counted", help="Also write `counted.parquet`: every decision that counted.")]


def evaluate(
    market: Market,
    policy: PolicyFiles,
    out: Out,
    as_of: AsOf = None,
    ledger: Ledger = None,
    *,
    counted: Counted = False,
    engine: Engine = "duckdb",
    store: MaybeStore = None,
    settings: SettingsFile = SETTINGS,
    as_json: Json = False,
) -> None:
    """Say what a policy would do in a market, to whom, and why; with a store, put it to people as cases."""
    from evenhand.surfaces import runs
    from evenhand.surfaces.cli.summary import five_lines

    policies = runs.agreed(policy)
    asked = runs.Evaluation(
        market=market,
        policies=policies,
        out=out,
        as_of=time_of(as_of),
        ledger=ledger,
        counted=counted,
        engine=engine,
        store=store,
        settings=settings,
    )
    with progress() as show:
        summary = runs.evaluate(asked, show)
    if as_json:
        print_json({"out": str(out), "summary": summary})
    else:
        for rule, figures in zip(policies, runs.by_policy(summary), strict=True):
            print("\n".join(five_lines(figures, out / runs.report_file(policies, rule))))
