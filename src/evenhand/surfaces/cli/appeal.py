"""`evenhand appeal`: a member's words by the link in a letter, and a second person's answer."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evenhand import wiring
from evenhand.surfaces.cli.case_text import sections
from evenhand.surfaces.cli.looking import look
from evenhand.surfaces.cli.offices import SETTINGS, As, SettingsFile, StoreUrl, office, person, tell
from evenhand.surfaces.cli.options import Engine, Json, time_of
from evenhand.surfaces.cli.output import print_json, progress

if TYPE_CHECKING:
    from evenhand.workflows.hear_member import Words

appeal = typer.Typer(name="appeal", help="Answer, appeal and talk by the link in a letter; decide an appeal.")

Token = Annotated[str, typer.Option("--token", metavar="TOKEN", help="The token of a letter.", show_default=False)]
Text = Annotated[str, typer.Option("--text", metavar="TEXT", help="What to say; `-` reads it from standard input.")]
Attach = Annotated[
    list[Path] | None, typer.Option("--attach", metavar="FILE", help="PDF, PNG, JPEG or plain text, 10 MB at most.")
]
By = Annotated[
    str,
    typer.Option("--by", metavar="ROLE", help="Who speaks: `member`, `representative`, `mediator`, `outside_body`."),
]
OfOption = Annotated[
    int | None, typer.Option("--of", metavar="NUMBER", help="Against which measure; default: the latest one.")
]
CaseName = Annotated[str, typer.Argument(metavar="CASE", help="Name of the case.", show_default=False)]


@appeal.command()
def show(token: Token, store: StoreUrl, settings: SettingsFile = SETTINGS, *, as_json: Json = False) -> None:
    """Show a member where their case stands, with every letter and every turn."""
    from evenhand.workflows.case_file import member_file
    from evenhand.workflows.hear_member import opened_link

    with office(store, settings) as at:
        now = wiring.clock()
        file = member_file(at, opened_link(at, token, now), now)
    if as_json:
        print_json(file)
    else:
        print("\n\n".join(f"{name}\n{text}" for name, text in sections(file)))


@appeal.command()
def answer(
    token: Token,
    store: StoreUrl,
    text: Text = "",
    attach: Attach = None,
    by: By = "member",
    settings: SettingsFile = SETTINGS,
    *,
    as_json: Json = False,
) -> None:
    """Answer before a decision is made."""
    from evenhand.workflows.hear_member import answer_by_link

    with office(store, settings) as at:
        tell(answer_by_link(at, token, _words(text, attach, by), wiring.clock()), as_json=as_json)


@appeal.command()
def file(
    token: Token,
    store: StoreUrl,
    text: Text = "",
    attach: Attach = None,
    by: By = "member",
    of: OfOption = None,
    settings: SettingsFile = SETTINGS,
    *,
    as_json: Json = False,
) -> None:
    """Appeal against a decision, with any fact or argument."""
    from evenhand.workflows.hear_member import appeal_by_link

    with office(store, settings) as at:
        tell(appeal_by_link(at, token, _words(text, attach, by), wiring.clock(), of=of), as_json=as_json)


@appeal.command()
def say(
    store: StoreUrl,
    token: Annotated[str | None, typer.Option("--token", metavar="TOKEN", help="The token of a letter.")] = None,
    case: Annotated[str | None, typer.Option("--case", metavar="CASE", help="The case, with `--as`.")] = None,
    as_: Annotated[str | None, typer.Option("--as", metavar="PERSON", help="Who speaks for the house.")] = None,
    text: Text = "",
    attach: Attach = None,
    by: By = "member",
    settings: SettingsFile = SETTINGS,
    *,
    as_json: Json = False,
) -> None:
    """Add a turn to an open appeal: the member by a token, or the house by a person."""
    from evenhand.workflows.hear_member import say_as_person, say_by_link

    with office(store, settings) as at:
        now, words = wiring.clock(), _words(text, attach, by)
        if token is not None and case is None and as_ is None:
            found = say_by_link(at, token, words, now)
        elif token is None and case is not None and as_ is not None:
            found = say_as_person(at, case, person(at, as_), words, now)
        else:
            raise typer.BadParameter("either `--token`, or `--case` and `--as`", param_hint="--token")
        tell(found, as_json=as_json)


@appeal.command()
def join(
    token: Token,
    store: StoreUrl,
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="Who joins.", show_default=False)],
    role: Annotated[
        str, typer.Option("--role", metavar="ROLE", help="`representative`, `mediator` or `outside_body`.")
    ] = "representative",
    settings: SettingsFile = SETTINGS,
    *,
    as_json: Json = False,
) -> None:
    """Bring somebody into an open appeal."""
    from evenhand.workflows.hear_member import join_by_link

    with office(store, settings) as at:
        tell(join_by_link(at, token, name, role, wiring.clock()), as_json=as_json)


@appeal.command()
def remeasure(
    case: CaseName,
    market: Annotated[Path, typer.Argument(metavar="MARKET", help="The market as it is now.", show_default=False)],
    store: StoreUrl,
    engine: Engine = "duckdb",
    settings: SettingsFile = SETTINGS,
    *,
    as_json: Json = False,
) -> None:
    """Measure the evidence as it is now, which comes before any answer."""
    from evenhand.surfaces import runs
    from evenhand.workflows.decide_appeal import remeasure_appeal
    from evenhand.workflows.find_items import Find

    with office(store, settings) as at, runs.scratch_space() as scratch, progress() as watch:
        with runs.staged(market, engine, scratch, watch) as (opened, tables):
            find = Find(links=wiring.links, scratch=scratch)
            found = remeasure_appeal(at, opened, tables, case, find, wiring.clock())
        tell(found, as_json=as_json)


@appeal.command()
def decide(
    outcome: Annotated[
        str, typer.Argument(metavar="OUTCOME", help="`uphold`, `partly` or `reverse`.", show_default=False)
    ],
    case: CaseName,
    store: StoreUrl,
    as_: As,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="The answer that the member reads.")] = "",
    opened: Annotated[
        list[str] | None,
        typer.Option("--opened", metavar="WHAT=SECONDS", help="What was looked at; default: shown and timed here."),
    ] = None,
    flaw: Annotated[
        str, typer.Option("--flaw", metavar="NAME", help="With `reverse`: `fact`, `evidence`, `procedure` or `rule`.")
    ] = "fact",
    until: Annotated[str | None, typer.Option("--until", metavar="TIME", help="With `partly`: an earlier end.")] = None,
    settings: SettingsFile = SETTINGS,
    *,
    as_json: Json = False,
) -> None:
    """Answer an appeal, as somebody who had no part in the case."""
    from evenhand.workflows.case_file import case_file
    from evenhand.workflows.decide_appeal import FLAWS, OUTCOMES, Answer, decide_appeal

    for given, known, hint in ((outcome, OUTCOMES, "OUTCOME"), (flaw, FLAWS, "--flaw")):
        if given not in known:
            raise typer.BadParameter(f"`{given}` is none of {', '.join(known)}", param_hint=hint)
    with office(store, settings) as at:
        who, now = person(at, as_), wiring.clock()
        seen = at.case(case, now).last.number
        given_answer = Answer(
            outcome=outcome,
            person=who,
            look=look(case_file(at, case, now), opened or [], reason),
            seen=seen,
            flaw=flaw,
            until=time_of(until, "--until"),
        )
        found, warning = decide_appeal(at, case, given_answer, wiring.clock())
        tell(found, as_json=as_json, warning=warning)


def _words(text: str, attach: list[Path] | None, by: str) -> Words:
    from evenhand.appeals.attachments import LONGEST
    from evenhand.workflows.hear_member import File, Words

    files = [File(name=path.name, content=_begun(path)) for path in attach or []]
    return Words(text=sys.stdin.read(LONGEST + 1) if text == "-" else text, files=files, by=by)


def _begun(path: Path) -> bytes:
    """The content of a file, of one that is too large no more than shows it."""
    from evenhand.appeals.attachments import LARGEST

    with path.open("rb") as file:
        return file.read(LARGEST + 1)
