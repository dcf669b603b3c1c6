"""`evenhand message`: a message looked at before it is sent."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from evenhand.surfaces.cli.options import Json
from evenhand.surfaces.cli.output import print_json

message = typer.Typer(name="message", help="Look at messages before they are sent.")

Text = Annotated[str | None, typer.Argument(metavar="[TEXT]", help="The message; default: standard input.")]
File = Annotated[Path | None, typer.Option("--file", metavar="FILE", help="Read the message from a file instead.")]
OwnHosts = Annotated[
    list[str] | None, typer.Option("--own-host", metavar="HOST", help="A host of the platform; may be repeated.")
]
Contract = Annotated[bool, typer.Option("--contract", help="A contract between the two is running.")]
Enterprise = Annotated[bool, typer.Option("--enterprise", help="The client may be written to elsewhere by agreement.")]
CodeJob = Annotated[bool, typer.Option("--code-job", help="The job is about code: repositories may be named.")]
Rule = Annotated[str, typer.Option("--rule", metavar="NAME", help="The rule that the advice names.")]


@message.callback()
def messages() -> None:
    """Look at messages before they are sent."""


@message.command()
def check(
    text: Text = None,
    file: File = None,
    own_host: OwnHosts = None,
    rule: Rule = "4.2",
    *,
    contract: Contract = False,
    enterprise: Enterprise = False,
    code_job: CodeJob = False,
    as_json: Json = False,
) -> None:
    """Say which contact details are in a message and what to do about them; nothing is withheld or kept."""
    from evenhand.evidence.circumvention.contact.advice import Context, check_message
    from evenhand.evidence.circumvention.contact.circumstances import Circumstances

    around = Circumstances(enterprise=enterprise, code_job=code_job, own_hosts=frozenset(own_host or ()))
    advice = check_message(_written(text, file), Context(around=around, contract_runs=contract, rule=rule))
    if as_json:
        items = [asdict(item.find) | {"allowance": item.allowance} for item in advice.items]
        print_json({"items": items, "sentences": advice.sentences})
    else:
        print("\n".join(advice.sentences or ("Nothing to say about it.",)))


def _written(text: str | None, file: Path | None) -> str:
    """The message; bytes that are no UTF-8 are read as signs, since whoever writes them is not to be refused."""
    if text is not None and file is not None:
        raise typer.BadParameter("give either the text or `--file`", param_hint="TEXT")
    if text is not None:
        return text
    read = file.read_bytes() if file else sys.stdin.buffer.read()
    return read.decode("utf-8", errors="replace")
