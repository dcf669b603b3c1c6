"""The dry run that an evaluation was, read from its results: what publishing a policy asks for (R19)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import duckdb

from evenhand.errors import RunRefused
from evenhand.policy.dry_run import DryRun, Group
from evenhand.reports.figures.cohorts import COHORTS, Cohort
from evenhand.reports.relation import opened

CONDUCT: Final = ("Proposals ever submitted", "Earned in the last year")
"""Cohorts of what the rule itself asks about: who is hit has proposed much and earned little."""

COMPARED: Final = (
    *COHORTS,
    Cohort(title="Language", key="language"),
    Cohort(
        title=CONDUCT[1],
        key="list_aggregate([earned_usd_365d >= n for n in [1, 1000, 10000]], 'sum')",
        bands=("nothing", "under 1,000 USD", "1,000 to 10,000 USD", "10,000 USD or more"),
    ),
)
"""By what members are compared: origin, tenure, volume, kind of work, and what the market pays them."""

_HIT: Final = "bites and len(exempt) = 0"


def dry_run(folder: Path) -> DryRun:
    """What an evaluation into `folder` found; raises `RunRefused` where it holds no results, or not of all evidence."""
    try:
        summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise RunRefused(
            f"no results of an evaluation are here: {error}", where=str(folder), hint="`evenhand evaluate ... --out` it"
        ) from error
    if summary.get("evidence_from") is not None:
        raise RunRefused(
            f"evidence from before {summary['evidence_from']} was left out, so that past data say nothing",
            where=str(folder),
            hint="`evenhand policy dry-run` counts all there is (R19)",
        )
    with opened(folder, summary["procedure"]) as con:
        members = int(con.execute("select count(*) from members").fetchall()[0][0])
        hit = dict(con.execute(f"select reaches, count(*) from members where {_HIT} group by 1").fetchall())
        groups = tuple(group for cohort in COMPARED for group in _groups(con, cohort))
    return DryRun(
        policy_hash=summary["policy_hash"],
        market=summary["market"],
        as_of=datetime.fromisoformat(summary["as_of"]).astimezone(UTC).replace(tzinfo=None),
        accounts=summary["accounts"],
        members=members,
        undecidable=summary["undecidable"],
        hit=hit,
        groups=groups,
    )


def _groups(con: duckdb.DuckDBPyConnection, cohort: Cohort) -> Iterator[Group]:
    rows = con.execute(
        f"select {cohort.key} as name, count(*), count(*) filter ({_HIT}) from members group by 1 order by 1 nulls last"
    ).fetchall()
    for name, members, hit in rows:
        shown = "not given" if name is None else cohort.bands[int(name)] if cohort.bands else str(name)
        yield Group(cohort=cohort.title, name=shown, members=members, hit=hit, conduct=cohort.title in CONDUCT)
