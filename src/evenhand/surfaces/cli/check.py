"""`evenhand check`: what a market holds, what it lacks and what that costs, what was refused and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from evenhand.surfaces.cli.options import Engine, Json, Market
from evenhand.surfaces.cli.output import print_json, progress

if TYPE_CHECKING:
    from evenhand.market.admission import Admission


def check(market: Market, *, engine: Engine = "duckdb", as_json: Json = False) -> None:
    """Admit a market and say what is there, what is missing, and what was refused; judge nobody."""
    from evenhand.surfaces import runs
    from evenhand.workflows.check_market import check_market

    with progress() as show, runs.scratch_space() as scratch, runs.staged(market, engine, scratch, show) as parts:
        show("admit the tables")
        admission = check_market(*parts)
    if as_json:
        print_json(_record(admission))
    else:
        print("\n".join(_lines(str(market), admission)))


def _record(admission: Admission) -> dict[str, Any]:
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


def _lines(market: str, admission: Admission) -> Iterator[str]:
    first, latest = admission.first_at, admission.latest_at
    yield f"{market}: {f'{first:%Y-%m-%d} to {latest:%Y-%m-%d}' if first and latest else 'no time in it'}"
    yield f"\n{'table':<12}{'read':>14}{'admitted':>14}{'quarantined':>14}"
    present = {name: count for name, count in admission.tables.items() if count.present}
    yield from (f"{name:<12}{c.read:>14,}{c.admitted:>14,}{c.quarantined:>14,}" for name, c in present.items())
    reasons = [f"{name}: {why} ({count:,})" for name, c in present.items() for why, count in c.reasons.items()]
    yield from _part("Quarantined", reasons)
    yield from _part("Missing", _by_cost(admission))
    unknown = [f"{name}: {', '.join(c.unknown_columns)}" for name, c in present.items() if c.unknown_columns]
    yield from _part("Columns that nothing here knows, kept out", unknown)
    found = [f"{f.count:,} of {f.among:,}: {f.doc}" for f in admission.findings.values() if f.count]
    yield from _part("Admitted, and worth knowing", found)


def _part(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield f"\n{title}"
        yield from (f"  {line}" for line in lines)
