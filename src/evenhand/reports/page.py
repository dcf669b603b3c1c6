"""Render a run as one HTML page that needs no network and no script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Final

import duckdb
from jinja2 import Environment, PackageLoader, StrictUndefined

from evenhand.evidence.activity.naive_rules import NAIVE_RULES
from evenhand.reports.figures import (
    admission,
    cohorts,
    distribution,
    fair_shares,
    fairness,
    groups,
    reach,
    usual_rules,
)
from evenhand.reports.guarantee import sentences
from evenhand.reports.inputs import ReportInputs
from evenhand.reports.intervals import Tally
from evenhand.reports.lines import lines
from evenhand.reports.relation import opened
from evenhand.reports.summary import Summary
from evenhand.reports.tables import Ranged
from evenhand.reports.words import between, counted, percent, plural

MOST_EXAMPLES: Final = 5


@dataclass(frozen=True, kw_only=True)
class Report:
    """The whole page as text, and what it says of the rules in use today: a record per rule, in the page's order."""

    page: str
    usual_rules: Sequence[usual_rules.Acted]


def render_report(run: ReportInputs) -> Report:
    """The report of a run: the same run gives the same bytes.

    Reads `evidence.parquet` and `quarantine.parquet` of `run.folder` in bounded memory; the page stays under 600 kB
    whatever the size of the market, policy text and examples apart. A key that `run.summary` lacks is a `KeyError`.
    """
    summary = Summary.of(run.summary)
    with opened(run.folder) as con:
        rate = usual_rules.site_rate(con)
        acted = usual_rules.acted(con, rate)
        figures = _figures(con, run, summary, acted)
    page = rendered(
        "report.html", run, summary=summary, promise=sentences(run.policy), rate=rate, sources=NAIVE_RULES, **figures
    )
    return Report(page=page, usual_rules=acted[: len(NAIVE_RULES)])


def rendered(template: str, run: ReportInputs, **parts: object) -> str:
    """A template as a page with its style inside and the run's examples."""
    style = resources.files(__package__).joinpath("templates/report.css").read_text(encoding="utf-8")
    return (
        _environment()
        .get_template(template)
        .render(
            run=run,
            examples=run.examples[:MOST_EXAMPLES],
            style=style,
            style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
            **parts,
        )
    )


def _figures(
    con: duckdb.DuckDBPyConnection, run: ReportInputs, summary: Summary, acted: Sequence[usual_rules.Acted]
) -> Mapping[str, object]:
    """Every table and picture of the page."""
    window = f"all records up to {summary.seen_at}"
    heads = reach.headcount(con)
    floor = run.policy.guarantee.floor
    return {
        "window": window,
        "heads": heads,
        "steps": reach.steps(con, run.policy, heads, window),
        "held_back": reach.held_back(con, window),
        "exemptions": reach.exemptions(con, heads, window),
        "cohorts": cohorts.cohorts(con, heads, window),
        "distribution": distribution.distribution(con, lines(run.policy), heads, window),
        "fairness": fairness.fairness(con, floor, window),
        "groups": groups.groups(summary, window),
        "weights": fair_shares.weights(run.fair_shares, window),
        "calibration": fair_shares.calibration(run.fair_shares, window),
        "usual": usual_rules.usual_rules(acted, heads, window),
        "tables_read": admission.tables_read(summary, window),
        "quarantine": admission.quarantine(con, summary, window),
        "missing": admission.missing(summary),
    }


def _environment() -> Environment:
    """Templates with everything escaped that is not a picture of ours."""
    made = Environment(
        loader=PackageLoader("evenhand.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"counted": counted, "percent": percent, "between": between, "plural": plural}
    made.tests |= {"tally": _is_tally, "ranged": _is_ranged, "whole": _is_whole}
    return made


def _is_tally(cell: object) -> bool:
    return isinstance(cell, Tally)


def _is_ranged(cell: object) -> bool:
    return isinstance(cell, Ranged)


def _is_whole(cell: object) -> bool:
    return isinstance(cell, int)
