"""`evenhand links`: accounts that may be one person's, and what to ask who registers (R15)."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from evenhand.errors import RunRefused
from evenhand.surfaces.cli.options import Json, Market
from evenhand.surfaces.cli.output import print_json, progress

if TYPE_CHECKING:
    from evenhand.evidence.linkage.record import Registration

LISTS: Final = ("devices", "networks")
"""What is a list in a registration; all else is a text."""

links = typer.Typer(name="links", help="Find linked accounts, and hold a new one against those there are.")

Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the results.", show_default=False)]
IndexOut = Annotated[Path | None, typer.Option("--index", metavar="FILE", help="Also write the index for `check`.")]
IndexIn = Annotated[Path, typer.Option("--index", metavar="FILE", help="Index of a run.", show_default=False)]
Given = Annotated[Path | None, typer.Argument(metavar="FILE", help="What they gave, as JSON; default: standard input.")]


@links.command()
def find(market: Market, out: Out, index: IndexOut = None, *, as_json: Json = False) -> None:
    """Compare all accounts of a market; nothing follows for anybody but, at most, a question."""
    from contextlib import nullcontext

    from evenhand import wiring
    from evenhand.stores.linkage_index import write_index
    from evenhand.surfaces.aside import file_written_aside, written_aside
    from evenhand.surfaces.runs import scratch_space
    from evenhand.workflows.link_accounts import RESULTS, link_accounts

    if index is not None and index.resolve().is_relative_to(out.resolve()):
        raise RunRefused(f"lies in `{out}`, which holds results alone", where=str(index), hint="name a file elsewhere")
    with (
        progress() as show,
        file_written_aside(index) if index is not None else nullcontext() as file,
        written_aside(out, RESULTS) as aside,
        scratch_space() as scratch,
        wiring.linkage(market, scratch, show) as linkage,
    ):
        found = link_accounts(linkage, aside.result, show)
        if file is not None:
            show("write the index")
            write_index(file, linkage.weights, linkage.known(), linkage.shares())
        summary = asdict(found)
        (aside.result / "summary.json").write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
    if as_json:
        print_json({"out": str(out), "summary": summary})
        return
    grades = ", ".join(f"{grade} {count:,}" for grade, count in found.grades.items()) or "none"
    print(f"{found.accounts:,} accounts compared; {found.links:,} links ({grades}) in {found.clusters:,} clusters")
    print(f"{found.returned:,} link an account to one that was closed before it registered")
    for column, count in found.left_out.items():
        print(f"{count:,} accounts have a value in `{column}` that more than fifty have: it was left out")


@links.command()
def check(index: IndexIn, file: Given = None, *, as_json: Json = False) -> None:
    """Say what to ask who registers: a question, or nothing; never a refusal."""
    from evenhand.stores.linkage_index import LinkageIndex

    new = _registration(file).record()
    opened = LinkageIndex(index)
    answer = opened.judge(new)
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

    try:
        read: Any = json.loads(sys.stdin.buffer.read() if file is None else file.read_bytes())
        given = {name: _checked(name, value) for name, value in read.items() if value is not None}
        return Registration(**given)
    except (ValueError, TypeError, AttributeError) as error:
        known = ", ".join(f"`{name}`" for name in Registration._fields)
        raise RunRefused(
            f"no registration: {error}",
            where="standard input" if file is None else str(file),
            hint=f"a JSON object with any of {known}: texts, and lists of texts",
        ) from None


def _checked(name: str, value: Any) -> Any:
    """A value as it is; raises `TypeError` or `ValueError` where it is not what its name asks for."""
    if not isinstance(value, list if name in LISTS else str):
        raise TypeError(f"`{name}` is no {'list of texts' if name in LISTS else 'text'}")
    "".join(value).encode()  # half a character is no text either
    return value
