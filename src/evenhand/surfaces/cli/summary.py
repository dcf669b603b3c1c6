"""A run in five lines: what was read, who can be judged, what follows, what it promises, where to read more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evenhand.vocabulary import LADDER


def five_lines(summary: Mapping[str, Any], report: Path) -> Sequence[str]:
    """The lines for one run; `summary` is the content of its `summary.json`, `report` the page it wrote."""
    read, refused = sum(summary["read"].values()), sum(summary["quarantined"].values())
    accounts, undecidable = summary["accounts"], summary["undecidable"]
    promise = f"of the accounts with {summary['floor']:g} of a fair share or more, at most {summary['per_account']:.1%}"
    return (
        f"as of {summary['as_of']}: {read:,} rows read, {refused:,} of them in quarantine; {summary['seconds']:.1f} s",
        f"{accounts:,} accounts, {undecidable:,} of them with too little evidence for any conclusion",
        f"the evidence alone reaches {by_step(summary['reaches'])}; measures proposed: {by_step(summary['measures'])}",
        f"promised: {promise} are ever restricted",
        f"report: {report.resolve().as_uri()}",
    )


def by_step(counts: Mapping[str, int]) -> str:
    """Counts per step in words, mildest first, without the steps that nobody reached.

    >>> by_step({"limit": 3, "advise": 1200, "none": 7})
    'advise 1,200, limit 3'
    >>> by_step({"none": 7})
    'nobody'
    """
    reached = [f"{step} {counts[step]:,}" for step in LADDER if counts.get(step)]
    return ", ".join(reached) or "nobody"
