"""`evenhand cases` and `evenhand case`: what waits, and all that is on record of one case."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from evenhand import wiring
from evenhand.surfaces.cli.case_text import sections
from evenhand.surfaces.cli.offices import SETTINGS, SettingsFile, StoreUrl, office
from evenhand.surfaces.cli.options import Json
from evenhand.surfaces.cli.output import print_json

if TYPE_CHECKING:
    from evenhand.decisions.case.case import Case as Decided
    from evenhand.decisions.case.entry import CaseHead

WAITING = ("appeal", "recheck", "review", "second")
"""Stages that wait for people, the most pressing first."""

Case = Annotated[str, typer.Argument(metavar="CASE", help="Name of the case.", show_default=False)]
Stages = Annotated[
    list[str] | None, typer.Option("--stage", metavar="STAGE", help="A stage; default: all that wait for people.")
]
Limit = Annotated[int, typer.Option("--limit", metavar="N", min=1, max=1000, help="Cases of each stage.")]
After = Annotated[
    str | None, typer.Option("--after", metavar="CASE", help="The last of the page before; with one stage.")
]


def cases(
    store: StoreUrl,
    stage: Stages = None,
    limit: Limit = 20,
    after: After = None,
    settings: SettingsFile = SETTINGS,
    *,
    as_json: Json = False,
) -> None:
    """Show what waits, the most urgent first."""
    from evenhand.decisions.case.head import URGENCY

    stages = stage or list(WAITING)
    unknown = sorted(set(stages) - set(URGENCY))
    if unknown:
        known = ", ".join(f"`{name}`" for name in URGENCY)
        raise typer.BadParameter(f"`{unknown[0]}` is no stage; stages are {known}", param_hint="--stage")
    if after and len(stages) != 1:
        raise typer.BadParameter("name the one stage whose next page it is", param_hint="--after")
    with office(store, settings) as at:
        last = _place(at.case(after, wiring.clock()), stages[0]) if after else None
        found = [h for name in stages for h in at.store.queue(stage=name, after=last, limit=limit)]
    if as_json:
        print_json({"cases": [vars(each) for each in found]})
        return
    for each in found:
        print(_line(each))
    if not found:
        print(f"nothing waits in {', '.join(stages)}")


def case(case: Case, store: StoreUrl, settings: SettingsFile = SETTINGS, *, as_json: Json = False) -> None:
    """Show all that is on record of a case, and the decided cases nearest to what waits in it."""
    from evenhand.workflows.case_file import case_file

    with office(store, settings) as at:
        file = case_file(at, case, wiring.clock())
    if as_json:
        print_json(file)
        return
    print("\n\n".join(f"{name}\n{text}" for name, text in sections(file)))


def _place(case: Decided, stage: str) -> CaseHead:
    """Where the case stood in the queue of a stage, although somebody may have decided on it since."""
    from evenhand.decisions.case.head import head, urgency

    return replace(head(case), urgency=urgency(case, stage))


def _line(head: CaseHead) -> str:
    due = f", due {head.due_at:%Y-%m-%d %H:%M}" if head.due_at else ""
    return f"{head.case_id}  {head.stage}  {head.procedure} {head.step}  account {head.account_id}{due}"
