"""`evenhand links`: accounts that may be one person's, and what to ask who registers (R15)."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from evenhand.errors import RunRefused
from evenhand.surfaces.cli.options import Json, Market
from evenhand.surfaces.cli.output import print_json, progress

if TYPE_CHECKING:
    from evenhand.evidence.linkage.record import Registration

links = typer.Typer(name="links", help="Find linked accounts, and hold a new one against those there are.")

Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the results.", show_default=False)]
IndexOut = Annotated[Path | None, typer.Option("--index", metavar="FILE", help="Also write the index for `check`.")]
IndexIn = Annotated[Path, typer.Option("--index", metavar="FILE", help="Index of a run.", show_default=False)]
Given = Annotated[Path | None, typer.Argument(metavar="FILE", help="What they gave, as JSON; default: standard input.")]


@links.command()
def find(market: Market, out: Out, index: IndexOut = None, *, as_json: Json = False) -> None:
    """Compare all accounts of a market; nothing follows for anybody but, at most, a question."""
    from evenhand import wiring
    from evenhand.stores.linkage_index import write_index
    from evenhand.surfaces.aside import file_written_aside, written_aside
    from evenhand.surfaces.runs import scratch_space
    from evenhand.workflows.link_accounts import RESULTS, link_accounts

    with (
        progress() as show,
        written_aside(out, RESULTS) as aside,
        scratch_space() as scratch,
        wiring.linkage(market, scratch, show) as linkage,
    ):
        found = link_accounts(linkage, aside.result, show)
        if index is not None:
            show("write the index")
            with file_written_aside(index) as file:
                write_index(file, linkage.weights, linkage.known(), linkage.shares())
        summary = asdict(found)
        (aside.result / "summary.json").write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
    if as_json:
        print_json({"out": str(out), "summary": summary})
        return
    grades = ", ".join(f"{grade} {count:,}" for grade, count in found.grades.items()) or "none"
    print(f"{found.accounts:,} accounts compared; {found.links:,} links ({grades}) in {found.clusters:,} clusters")
    print(f"{found.returned:,} link an account to one that was closed before it registered")


@links.command()
def check(index: IndexIn, file: Given = None, *, as_json: Json = False) -> None:
    """Say what to ask who registers: a question, or nothing; never a refusal."""
    from evenhand.evidence.linkage.registration import judge
    from evenhand.stores.linkage_index import LinkageIndex

    new = _registration(file).record()
    opened = LinkageIndex(index)
    answer = judge(new, *opened.candidates(new), opened.weights, opened.share)
    opened.close()
    if as_json:
        print_json(
            {
                "question": answer.question,
                "resembles": [each._asdict() for each in answer.resembles],
                "compared": answer.compared,
                "overflow": answer.overflow,
            }
        )
        return
    print(answer.question or "nothing to ask")
    for each in answer.resembles:
        closed = ", closed" if each.closed else ""
        print(f"{each.account_id}{closed}: {each.weight:.1f} bits, {each.grade}: {'; '.join(each.reasons)}")


def _registration(file: Path | None) -> Registration:
    from evenhand.evidence.linkage.record import Registration

    text = sys.stdin.read() if file is None else file.read_text(encoding="utf-8")
    where = "standard input" if file is None else str(file)
    try:
        given: Any = json.loads(text)
        return Registration(**given)
    except (ValueError, TypeError) as error:
        known = ", ".join(f"`{name}`" for name in Registration._fields)
        raise RunRefused(f"no registration: {error}", where=where, hint=f"a JSON object with any of {known}") from None
