"""`evenhand demo`: the two shipped markets under the default policy, at their fixed times."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evenhand.surfaces.cli.options import Json
from evenhand.surfaces.cli.output import print_json, progress

Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the results, one below it per market.")]


def demo(out: Out = Path("out/demo"), *, as_json: Json = False) -> None:
    """Evaluate the shipped markets under the default policy and name their reports."""
    from evenhand import wiring
    from evenhand.surfaces import runs
    from evenhand.surfaces.cli.summary import five_lines

    policy = runs.judged(wiring.shipped("policies") / "activity.yaml")
    for market in wiring.shipped_markets():
        folder = out / market.folder.name
        asked = runs.Evaluation(market=market.folder, policies=[policy], out=folder, as_of=market.as_of)
        with progress() as show:
            summary = runs.evaluate(asked, show)
        if as_json:
            print_json({"out": str(folder), "summary": summary})
        else:
            print("\n  ".join(five_lines(summary, folder / runs.REPORT)), end="\n\n")
