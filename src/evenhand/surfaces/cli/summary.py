"""A run in five lines: what was read, who can be judged, what follows, what usual rules would do, the whole report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evenhand.reports.words import plural
from evenhand.vocabulary import LADDER


def five_lines(summary: Mapping[str, Any], report: Path) -> Sequence[str]:
    """The lines for one run; `summary` is the content of its `summary.json`, `report` the page it wrote."""
    read, refused = sum(summary["read"].values()), sum(summary["quarantined"].values())
    rows, accounts = plural(read, "row", "rows"), plural(summary["accounts"], "account", "accounts")
    if summary["procedure"] != "mismatch":
        return (_head(summary, rows, refused), *_of_items(summary, accounts), _report(report))
    proposed, reached = by_step(summary["measures"]), by_step(summary["reaches"])
    innocent = f"of accounts with {summary['floor']:g} of a fair share or more"
    promise = f"{innocent}, at most {100 * summary['per_account']:g}% are ever restricted"
    return (
        _head(summary, rows, refused),
        f"{accounts}, {summary['undecidable']:,} of them with too little evidence for any conclusion",
        f"proposed: {proposed} (the evidence alone reaches {reached}); {promise}",
        by_usual_rules(summary["usual_rules"]),
        _report(report),
    )


def _head(summary: Mapping[str, Any], rows: str, refused: int) -> str:
    return f"{summary['market']}; as of {summary['as_of']}, {rows} read, {refused:,} of them in quarantine"


def _report(report: Path) -> str:
    return f"report: {report.resolve().as_uri()}"


def _of_items(summary: Mapping[str, Any], accounts: str) -> Sequence[str]:
    """Of a policy that rests on items: whom one is about, what follows, and what was not looked for."""
    about = summary["accounts"] - summary["undecidable"]
    proposed, reached = by_step(summary["measures"]), by_step(summary["reaches"])
    unseen = summary["unseen"]
    then = f"not looked for: {unseen}" if unseen else "a person reads every item before a warning"
    return (
        f"{accounts}, {about:,} of them with an item of evidence of {summary['procedure']}",
        f"proposed: {proposed} (the items alone reach {reached})",
        f"of the items found, at most {100 * summary['wrong_items']:g}% are taken to be wrong; {then}",
    )


def by_usual_rules(rules: Sequence[Mapping[str, Any]]) -> str:
    """What the rules in use today would do, those that touch fewest and most; `rules` are those of the summary.

    >>> few = {"rule": "0 hires in 20", "acts_on": 7, "full_share": 7}
    >>> by_usual_rules([few])
    'the rules in use today would act on 7 (0 hires in 20); of those 7, the interval of 7 holds a full fair share'
    >>> by_usual_rules([few | {"acts_on": 0}])
    'the rules in use today would act on nobody'
    """
    acting = sorted((rule for rule in rules if rule["acts_on"]), key=lambda rule: int(rule["acts_on"]))
    if not acting:
        return "the rules in use today would act on nobody"
    least, most = acting[0], acting[-1]["acts_on"]
    ends = [least] if least["acts_on"] == most else [least, acting[-1]]
    told = " to ".join(f"{rule['acts_on']:,} ({rule['rule']})" for rule in ends)
    spared = f"of those {most:,}, the interval of {acting[-1]['full_share']:,} holds a full fair share"
    return f"the rules in use today would act on {told}; {spared}"


def by_step(counts: Mapping[str, int]) -> str:
    """Counts per step in words, mildest first, without the steps that nobody reached.

    >>> by_step({"limit": 3, "advise": 1200, "none": 7})
    'advise 1,200, limit 3'
    >>> by_step({"none": 7})
    'nobody'
    """
    reached = [f"{step} {counts[step]:,}" for step in LADDER if counts.get(step)]
    return ", ".join(reached) or "nobody"
