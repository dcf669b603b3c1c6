"""`evenhand lab`: made-up markets and messages with known truth."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from evenhand import __version__
from evenhand.surfaces.cli.options import Json
from evenhand.surfaces.cli.output import print_json, progress

lab = typer.Typer(name="lab", help="Try what is reckoned on markets and messages whose truth is known.")

Seed = Annotated[int, typer.Option("--seed", metavar="N", help="The same seed gives the same bytes.")]
Accounts = Annotated[int, typer.Option("--accounts", metavar="N", help="Members who may propose; clients come on top.")]
Months = Annotated[int, typer.Option("--months", metavar="N", help="Months of history before 2026.")]
Scenarios = Annotated[list[str], typer.Option("--scenario", metavar="NAME", help="Kind of world; may be repeated.")]
Worlds = Annotated[int, typer.Option("--worlds", metavar="N", help="Worlds of each kind, one seed after the other.")]
Floor = Annotated[float, typer.Option("--floor", metavar="ODDS", help="Who is at or above it is innocent.")]
PolicyFile = Annotated[
    Path | None,
    typer.Option("--policy", metavar="FILE", help="Policy to evaluate under; default: the shipped one."),
]
Written = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Folder for `validation.json`.")]
People = Annotated[int, typer.Option("--accounts", metavar="N", help="Accounts; 4 in 100 are a person's second.")]
Kept = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Folder for the market, its truth and links.")]
Scenario = Annotated[str, typer.Option("--scenario", metavar="NAME", help="What is special in this world.")]
Part = Annotated[
    str,
    typer.Option("--part", metavar="NAME", help="Part, such as `unseen`: `held_out` unless told otherwise."),
]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the market.", show_default=False)]


@lab.callback()
def laboratory() -> None:
    """Try what is reckoned on markets and messages whose truth is known."""


@lab.command()
def simulate(
    out: Out,
    seed: Seed = 1,
    accounts: Accounts = 2_000,
    months: Months = 12,
    scenario: Scenario = "base",
    *,
    as_json: Json = False,
) -> None:
    """Make up a whole marketplace: its ten tables, and the truth beside them."""
    from evenhand import wiring
    from evenhand.lab.simulate import TRUTH, World, load_scenario
    from evenhand.market.schema import TABLES
    from evenhand.surfaces.aside import MARK, written_aside

    names = {f"{TRUTH}.parquet", *TABLES, *(f"{table}.parquet" for table in TABLES)}
    world = World(seed=seed, accounts=accounts, months=months, scenario=load_scenario(scenario))
    with progress() as show, written_aside(out, names) as aside:
        elapsed = wiring.stopwatch()
        shape = wiring.simulate(world, aside.result, aside.scratch, show)
        asked = {"scenario": scenario, "doc": world.scenario.doc, "seed": seed, "accounts": accounts, "months": months}
        cost = {"seconds": round(elapsed(), 2), "peak_rss_mb": round(wiring.peak_rss_mb()), "evenhand": __version__}
        summary = {**asked, **shape, **cost}
        (aside.result / MARK).write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
    if as_json:
        print_json({"out": str(out), "summary": summary})
    else:
        print("\n".join(_lines(summary)))


@lab.command()
def validate(
    scenario: Scenarios = ["fixed_list"],  # noqa: B006  # Typer copies it
    worlds: Worlds = 6,
    seed: Seed = 1,
    accounts: Accounts = 20_000,
    months: Months = 24,
    floor: Floor = 0.5,
    policy: PolicyFile = None,
    out: Written = None,
    *,
    as_json: Json = False,
) -> None:
    """Try the product and the usual rules on made-up worlds: whom each acts on, and who of them was innocent."""
    from evenhand import wiring
    from evenhand.surfaces import runs, validations
    from evenhand.surfaces.cli.validation import tables

    asked = validations.Validation(
        scenarios=tuple(dict.fromkeys(scenario)),
        worlds=worlds,
        seed=seed,
        accounts=accounts,
        months=months,
        floor=floor,
        policy=runs.alone([policy or wiring.shipped("policies") / "activity.yaml"], "mismatch"),
    )
    with progress() as show:
        result = validations.validate(asked, out, show)
    if as_json:
        print_json({"out": out and str(out), "validation": result})
    else:
        print("\n".join(tables(result)))


@lab.command("contact-details")
def contact_details(part: Part = "held_out", *, as_json: Json = False) -> None:
    """Try the detectors of contact details on labelled messages: how much they find, how much of it is right."""
    from evenhand.lab.contact_details.corpus import PARTS
    from evenhand.lab.contact_details.evaluate import evaluate
    from evenhand.surfaces.cli.detection import figures, table

    if part not in PARTS:
        raise typer.BadParameter(f"`{part}` is not a part; there are `{'`, `'.join(PARTS)}`", param_hint="--part")
    told = figures(part, evaluate(part))
    if as_json:
        print_json(told)
    else:
        print("\n".join(table(told)))


@lab.command()
def linkage(seed: Seed = 1, accounts: People = 20_000, out: Kept = None, *, as_json: Json = False) -> None:
    """Try linkage on accounts whose persons are known: how many links are right, how many there are were found."""
    from evenhand.surfaces.cli.link_figures import table
    from evenhand.surfaces.link_trial import try_linkage

    with progress() as show:
        figures = try_linkage(accounts, seed, out, show)
    if as_json:
        print_json({"out": out and str(out), "linkage": figures})
    else:
        print("\n".join(table(figures)))


def _lines(summary: Mapping[str, Any]) -> Iterator[str]:
    yield f"{summary['scenario']}: {summary['doc']}"
    yield f"\n{'table':<12}{'rows':>14}"
    yield from (f"{table:<12}{rows:>14,}" for table, rows in summary["rows"].items())
    yield f"\n{'kind':<24}{'accounts':>10}{'fair wins':>12}{'wins':>10}"
    for kind in summary["kinds"]:
        yield f"{kind['kind']:<24}{kind['accounts']:>10,}{kind['fair_wins']:>12,.1f}{kind['wins']:>10,}"
    median, viewed = summary["median_fair_wins"], summary["viewed_share"]
    yield f"\nmedian of fair wins {median:.1f}; {viewed:.0%} of all proposals were viewed"
