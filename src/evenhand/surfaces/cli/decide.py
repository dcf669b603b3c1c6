"""`evenhand decide`: a person's act on what is proposed or decided."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from evenhand import wiring
from evenhand.errors import ActRefused
from evenhand.surfaces.cli.looking import look
from evenhand.surfaces.cli.offices import SETTINGS, As, SettingsFile, StoreUrl, office, person, tell
from evenhand.surfaces.cli.options import Json, time_of

if TYPE_CHECKING:
    from evenhand.workflows.office import Office

Act = Annotated[str, typer.Argument(metavar="ACT", help="What to do.", show_default=False)]
Cases = Annotated[list[str], typer.Argument(metavar="CASE", help="Name of the case.", show_default=False)]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, in your own words.")]
OpenedOption = Annotated[
    list[str] | None,
    typer.Option("--opened", metavar="WHAT=SECONDS", help="What was looked at; default: shown and timed here."),
]
Question = Annotated[str, typer.Option("--question", metavar="TEXT", help="With `ask`: what the member is asked.")]
Step = Annotated[str | None, typer.Option("--step", metavar="STEP", help="With `lighten`: the milder step.")]
Until = Annotated[
    str | None, typer.Option("--until", metavar="TIME", help="With `ease`: an earlier end; default: now.")
]
Ground = Annotated[str, typer.Option("--ground", metavar="NAME", help="With `hold`: the listed urgency.")]
Of = Annotated[
    int | None, typer.Option("--of", metavar="NUMBER", help="With `keep`, `ease`: which measure; default: in force.")
]

MANY = frozenset({"confirm"})
"""What may be done to several cases at once, where all of them wait for a warning (S6)."""


def decide(
    act: Act,
    case: Cases,
    store: StoreUrl,
    as_: As,
    reason: Reason = "",
    opened: OpenedOption = None,
    question: Question = "",
    step: Step = None,
    until: Until = None,
    ground: Ground = "",
    of: Of = None,
    settings: SettingsFile = SETTINGS,
    *,
    as_json: Json = False,
) -> None:
    """Ask, confirm, refuse, lighten, hold, release, keep, ease or close; what was looked at is on record."""
    from evenhand.workflows.case_file import case_file
    from evenhand.workflows.review_case import ACTS, Review, review_case

    known = [*ACTS, "lighten"]
    if act not in known:
        raise typer.BadParameter(f"`{act}` is no act; acts are {', '.join(known)}", param_hint="ACT")
    with office(store, settings) as at:
        who = person(at, as_)
        _check_many(at, act, case, wiring.clock())
        for name in case:
            now = wiring.clock()
            seen = at.case(name, now).last.number
            review = Review(
                act=act,
                person=who,
                look=look(case_file(at, name, now), opened or [], reason),
                seen=seen,
                step=step,
                until=time_of(until, "--until"),
                ground=ground,
                of=of,
                question=question,
            )
            found, warning = review_case(at, name, review, wiring.clock())
            tell(found, as_json=as_json, warning=warning)


def _check_many(at: Office, act: str, names: list[str], now: datetime) -> None:
    """Several cases at once are warnings to confirm, and nothing else (S6)."""
    if len(names) == 1:
        return
    for name in names:
        waiting = at.case(name, now).waiting
        if act not in MANY or waiting is None or waiting.step != "warn":
            raise ActRefused(
                "only warnings are confirmed several at a time", where=name, hint="decide on each case of its own (S6)"
            )
