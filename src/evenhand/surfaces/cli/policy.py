"""`evenhand policy`: what a policy promises, how two versions differ, and which are published."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from evenhand import wiring
from evenhand.surfaces.cli.offices import SECOND, SETTINGS, As, SettingsFile, StoreUrl, office, person
from evenhand.surfaces.cli.options import AsOf, Engine, Json, Market, time_of
from evenhand.surfaces.cli.output import print_json, progress

if TYPE_CHECKING:
    from evenhand.policy.findings import Finding
    from evenhand.policy.types import Policy

policy = typer.Typer(name="policy", help="Check a policy, compare two, see what one would do, publish it.")

Files = Annotated[list[Path], typer.Argument(metavar="FILE", help="Policy files.", show_default=False)]
Old = Annotated[Path, typer.Argument(metavar="A", help="The earlier version.", show_default=False)]
OneFile = Annotated[Path, typer.Argument(metavar="FILE", help="Policy file.", show_default=False)]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the results.", show_default=False)]
DryRunFolder = Annotated[
    Path, typer.Option("--dry-run", metavar="DIR", help="Results of evaluating it.", show_default=False)
]
ReviewedBy = Annotated[
    str | None,
    typer.Option("--reviewed-by", metavar="PERSON", help="Who looked at its disparities, beside the author."),
]
ReviewReason = Annotated[str, typer.Option("--review", metavar="REASON", help="Why it may be published all the same.")]
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


@policy.command(name="dry-run")
def dry_run(
    file: OneFile, market: Market, out: Out, as_of: AsOf = None, engine: Engine = "duckdb", *, as_json: Json = False
) -> None:
    """Say whom a policy would hit, on all past data; what publishing it asks for."""
    from evenhand.reports.dry_run import dry_run as read
    from evenhand.surfaces import runs
    from evenhand.surfaces.cli.summary import by_step

    judged = runs.judged(file)
    asked = runs.Evaluation(
        market=market, policies=[replace(judged, evidence_from=None)], out=out, as_of=time_of(as_of), engine=engine
    )
    with progress() as show:
        runs.evaluate(asked, show)
    found = read(out)
    disparities = [str(disparity) for disparity in found.disparities(judged.profile.most_disparity)]
    if as_json:
        print_json({**found.figures(), "disparities": disparities})
        return
    print(f"{sum(found.hit.values()):,} of {found.members:,} members would be hit: {by_step(found.hit)}")
    print("\n".join(disparities) or f"no group is hit {judged.profile.most_disparity:g} times as often as the others")


@policy.command()
def publish(
    file: OneFile,
    results: DryRunFolder,
    store: StoreUrl,
    as_: As,
    reviewed_by: ReviewedBy = None,
    review: ReviewReason = "",
    settings: SettingsFile = SETTINGS,
    *,
    as_json: Json = False,
) -> None:
    """Publish a policy with its dry run; it is never edited afterwards."""
    from evenhand.reports.dry_run import dry_run as read
    from evenhand.surfaces.runs import judged
    from evenhand.workflows.publish_policy import Review, publish_policy

    with office(store, settings) as at:
        author = person(at, as_)
        second = Review(person=person(at, reviewed_by, SECOND), reason=review) if reviewed_by else None
        done = publish_policy(at.store, judged(file), read(results), author, second, wiring.clock())
    if as_json:
        print_json({"policy": f"{done.name} {done.version}", "hash": done.hash, "published_at": done.published_at})
    else:
        print(f"`{done.name}` {done.version} is published, by {' and '.join(done.published_by)}\nhash {done.hash}")


@policy.command()
def published(store: StoreUrl, settings: SettingsFile = SETTINGS, *, as_json: Json = False) -> None:
    """Show every policy that was published, with what its dry run found."""
    with office(store, settings) as at:
        found = at.store.policies()
    if as_json:
        print_json({"policies": [{**asdict(each), "dry_run": json.loads(each.dry_run)} for each in found]})
        return
    for each in found:
        print(f"{each.published_at.date()} `{each.name}` {each.version} ({each.procedure}), {each.hash}")
        for disparity in json.loads(each.dry_run)["disparities"]:
            print(f"  {disparity}")
    if not found:
        print("nothing is published yet; `evenhand policy publish` begins")


@policy.command()
def flagged(store: StoreUrl, settings: SettingsFile = SETTINGS, *, as_json: Json = False) -> None:
    """Show which rules reversed appeals put up for a review."""
    from evenhand.workflows.flagged_rules import flagged_rules

    with office(store, settings) as at:
        found = flagged_rules(at.store)
    if as_json:
        print_json({"rules": [asdict(rule) for rule in found]})
        return
    for rule in found:
        flaws = ", ".join(f"{name} {count:,}" for name, count in sorted(rule.flaws.items()))
        print(f"{rule.policy}, `{rule.step}`: {rule.reversals:,} reversed ({flaws})")
    if not found:
        print("no appeal was reversed")


def _record(loaded: Policy, remarks: tuple[Finding, ...]) -> dict[str, Any]:
    from evenhand.policy.attainable import lines, portfolio_e
    from evenhand.policy.expected_hits import expected_hits
    from evenhand.policy.wrong_items import wrong_items

    return {
        "file": loaded.file,
        "name": loaded.name,
        "version": loaded.version,
        "hash": loaded.hash,
        "remarks": [asdict(remark) for remark in remarks],
        "expected_hits": [asdict(h) for h in (wrong_items if loaded.rests_on_items else expected_hits)(loaded)],
        "asked": [asdict(line) for line in lines(loaded)],
        "portfolio_e": portfolio_e(loaded) if loaded.needs_portfolio else None,
    }


def _lines(loaded: Policy, remarks: tuple[Finding, ...]) -> Iterator[str]:
    from evenhand.policy import checks
    from evenhand.policy.attainable import lines, portfolio_sentence
    from evenhand.policy.expected_hits import expected_hits
    from evenhand.policy.wrong_items import wrong_items

    yield f"{loaded.file}: `{loaded.name}` {loaded.version} holds to its {len(checks.claims(loaded))} claims"
    yield f"hash {loaded.hash}"
    for remark in remarks:
        yield f"remark: {remark}"
    yield "What it may do to the innocent:"
    if loaded.rests_on_items:
        yield from (f"  {wrong.sentence()}" for wrong in wrong_items(loaded))
        return
    yield from (f"  {sentence}" for hits in expected_hits(loaded) for sentence in hits.sentences())
    yield "What it asks before a step can follow:"
    yield from (f"  {line.sentence()}" for line in lines(loaded))
    if sentence := portfolio_sentence(loaded):
        yield f"  {sentence}"
