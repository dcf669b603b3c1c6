"""`evenhand check`: what a market holds, what it lacks and what that costs, what was refused and why."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from evenhand.surfaces.cli.options import AsOf, Engine, Json, Market, time_of
from evenhand.surfaces.cli.output import print_json, progress

if TYPE_CHECKING:
    from evenhand.market.admission import Admission
    from evenhand.workflows.check_market import Checked

Quarantine = Annotated[
    Path | None,
    typer.Option("--quarantine", metavar="FILE", help="Write every refused row with its reason to a Parquet file."),
]


def check(
    market: Market,
    as_of: AsOf = None,
    quarantine: Quarantine = None,
    *,
    engine: Engine = "duckdb",
    as_json: Json = False,
) -> None:
    """Admit a market and say what is there, what is missing, and what was refused; judge nobody."""
    from evenhand.surfaces import runs
    from evenhand.surfaces.aside import file_written_aside
    from evenhand.workflows.check_market import check_market

    time = time_of(as_of)
    with (
        progress() as show,
        runs.scratch_space() as scratch,
        file_written_aside(quarantine) if quarantine else nullcontext() as file,
        runs.staged(market, engine, scratch, show) as parts,
    ):
        show("admit the tables")
        checked = check_market(*parts, as_of=time, quarantine=file)
    if as_json:
        print_json(_record(checked, time))
    else:
        print("\n".join(_lines(str(market), checked, time)))


def _record(checked: Checked, as_of: datetime | None) -> dict[str, Any]:
    admission = checked.admission
    return {
        "first_at": admission.first_at and f"{admission.first_at.isoformat()}Z",
        "latest_at": admission.latest_at and f"{admission.latest_at.isoformat()}Z",
        "tables": {
            name: {
                "present": count.present,
                "read": count.read,
                "admitted": count.admitted,
                "quarantined": count.quarantined,
                "reasons": dict(count.reasons),
                "unknown_columns": count.unknown_columns,
            }
            for name, count in admission.tables.items()
        },
        "as_of": as_of and f"{as_of.isoformat()}Z",
        "later": dict(checked.later),
        "missing": [{"what": what, "cost": cost} for what, cost in _missing(admission)],
        "findings": {
            finding.name: {"count": finding.count, "among": finding.among, "doc": finding.doc}
            for finding in admission.findings.values()
        },
    }


def _missing(admission: Admission) -> Iterator[tuple[str, str]]:
    """Absent tables, and absent columns of present ones, whose absence costs something."""
    from evenhand.market.schema import TABLES

    for name, count in admission.tables.items():
        if not count.present:
            yield name, TABLES[name].without
        for column in count.missing_columns if count.present else ():
            if cost := TABLES[name].column(column).without:
                yield f"{name}.{column}", cost


def _by_cost(admission: Admission) -> list[str]:
    """What is missing, one line per cost."""
    lacking: dict[str, list[str]] = {}
    for what, cost in _missing(admission):
        lacking.setdefault(cost, []).append(what)
    return [f"{', '.join(names)}: {cost}" for cost, names in lacking.items()]


def _lines(market: str, checked: Checked, as_of: datetime | None) -> Iterator[str]:
    admission = checked.admission
    first, latest = admission.first_at, admission.latest_at
    yield f"{market}: {f'{first:%Y-%m-%d} to {latest:%Y-%m-%d}' if first and latest else 'no time in it'}"
    yield f"\n{'table':<12}{'read':>14}{'admitted':>14}{'quarantined':>14}"
    present = {name: count for name, count in admission.tables.items() if count.present}
    yield from (f"{name:<12}{c.read:>14,}{c.admitted:>14,}{c.quarantined:>14,}" for name, c in present.items())
    reasons = [f"{name}: {why} ({count:,})" for name, c in present.items() for why, count in c.reasons.items()]
    yield from _part("Quarantined (`--quarantine FILE` writes each row with its column and value)", reasons)
    yield from _part("Missing", _by_cost(admission))
    unknown = [f"{name}: {', '.join(c.unknown_columns)}" for name, c in present.items() if c.unknown_columns]
    yield from _part("Columns that nothing here knows, kept out", unknown)
    found = [f"{f.doc} ({f.count:,} of {f.among:,})" for f in admission.findings.values() if f.count]
    later = [f"{name}: {n:,} of {c.admitted:,}" for name, c in present.items() if (n := checked.later.get(name))]
    yield from _part("Admitted, and worth knowing", found)
    if as_of:
        yield from _part(f"Later than {as_of.isoformat()}Z, not seen as of then", later or ["nothing"])


def _part(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield f"\n{title}"
        yield from (f"  {line}" for line in lines)
