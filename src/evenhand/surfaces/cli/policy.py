"""`evenhand policy`: what a policy promises, whether it holds to its claims, and how two versions differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from evenhand.surfaces.cli.options import Json
from evenhand.surfaces.cli.output import print_json

if TYPE_CHECKING:
    from evenhand.policy.findings import Finding
    from evenhand.policy.types import Policy

policy = typer.Typer(name="policy", help="Check a policy, or compare two.")

Files = Annotated[list[Path], typer.Argument(metavar="FILE", help="Policy files.", show_default=False)]
Old = Annotated[Path, typer.Argument(metavar="A", help="The earlier version.", show_default=False)]
New = Annotated[Path, typer.Argument(metavar="B", help="The later version.", show_default=False)]


@policy.command()
def check(file: Files, *, as_json: Json = False) -> None:
    """Hold policies to their claims; print what they may do to the innocent and what each step asks."""
    from evenhand.policy import checks
    from evenhand.policy.load import load

    checked = []
    for path in file:
        loaded = load(path)
        findings = checks.run(loaded)
        findings.refuse()
        checked.append((loaded, findings.remarks))
    if as_json:
        print_json({"policies": [_record(loaded, remarks) for loaded, remarks in checked]})
        return
    for loaded, remarks in checked:
        print("\n".join(_lines(loaded, remarks)))


@policy.command()
def diff(a: Old, b: New, *, as_json: Json = False) -> None:
    """Say in sentences what a later version of a policy changes."""
    from evenhand.policy.diff import diff as differences
    from evenhand.policy.load import load

    old, new = load(a), load(b)
    sentences = differences(old, new)
    if as_json:
        print_json({"a": old.hash, "b": new.hash, "differences": sentences if old.hash != new.hash else []})
    else:
        print("\n".join(sentences))


def _record(loaded: Policy, remarks: tuple[Finding, ...]) -> dict[str, Any]:
    from evenhand.policy.attainable import lines, portfolio_e
    from evenhand.policy.expected_hits import expected_hits

    return {
        "file": loaded.file,
        "name": loaded.name,
        "version": loaded.version,
        "hash": loaded.hash,
        "remarks": [asdict(remark) for remark in remarks],
        "expected_hits": [asdict(hits) for hits in expected_hits(loaded)],
        "asked": [asdict(line) for line in lines(loaded)],
        "portfolio_e": portfolio_e(loaded) if loaded.needs_portfolio else None,
    }


def _lines(loaded: Policy, remarks: tuple[Finding, ...]) -> Iterator[str]:
    from evenhand.policy import checks
    from evenhand.policy.attainable import lines, portfolio_sentence
    from evenhand.policy.expected_hits import expected_hits

    yield f"{loaded.file}: `{loaded.name}` {loaded.version} holds to its {len(checks.claims())} claims"
    yield f"hash {loaded.hash}"
    for remark in remarks:
        yield f"remark: {remark}"
    yield "What it may do to the innocent:"
    yield from (f"  {sentence}" for hits in expected_hits(loaded) for sentence in hits.sentences())
    yield "What it asks before a step can follow:"
    yield from (f"  {line.sentence()}" for line in lines(loaded))
    if sentence := portfolio_sentence(loaded):
        yield f"  {sentence}"
