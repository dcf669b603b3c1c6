"""A trial of linkage from end to end: accounts of known persons are made up, compared as any are, and judged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from evenhand import wiring
from evenhand.lab.linkage import EMPTY, WRITTEN, Found
from evenhand.reports.intervals import wilson
from evenhand.surfaces import runs
from evenhand.surfaces.aside import written_aside
from evenhand.workflows.link_accounts import RESULTS, link_accounts
from evenhand.workflows.propose_measures import Progress

TRIAL: Final = "linkage.json"
NAMES: Final = frozenset({*(f"{table}.parquet" for table in (*WRITTEN, *EMPTY)), *RESULTS})


def try_linkage(accounts: int, seed: int, out: Path | None, progress: Progress) -> Mapping[str, Any]:
    """Make up `accounts`, link them, and judge the links; returns the figures. Raises `RunRefused`.

    With `out`, the market, the truth, the links and `linkage.json` with the figures are left in that folder.
    """
    if out is None:
        with runs.scratch_space() as scratch:
            result = scratch / "result"
            result.mkdir()
            return _tried(accounts, seed, result, scratch / "scratch", progress)
    with written_aside(out, NAMES, mark=TRIAL) as aside:
        figures = _tried(accounts, seed, aside.result, aside.scratch, progress)
        (aside.result / TRIAL).write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return figures


def _tried(accounts: int, seed: int, folder: Path, scratch: Path, progress: Progress) -> Mapping[str, Any]:
    progress("make up the accounts")
    wiring.populate(folder, accounts, seed)
    elapsed = wiring.stopwatch()
    scratch.mkdir(exist_ok=True)
    with wiring.linkage(folder, scratch, progress) as linkage:
        link_accounts(linkage, folder, progress)
    seconds = round(elapsed(), 1)
    progress("judge the links")
    judged = wiring.judge_links(folder)
    return {
        "versions": {name: version(name) for name in ("evenhand", "duckdb", "splink")},
        "accounts": accounts,
        "seed": seed,
        **{name: _figure(getattr(judged, name)) for name in ("precision", "recall", "ceiling")},
        **{name: {what: _figure(found) for what, found in getattr(judged, name).items()} for name in _BY},
        "between": judged.between,
        "seconds": seconds,
        "peak_rss_mb": round(wiring.peak_rss_mb()),
    }


_BY: Final = ("grades", "changed")


def _figure(found: Found) -> Mapping[str, float]:
    """Counts, their share, and its 95 % interval."""
    low, high = wilson(found.count, found.of)
    return {"count": found.count, "of": found.of, "share": found.share, "low": low, "high": high}
