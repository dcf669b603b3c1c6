"""The tables of `evenhand lab contact-details`: how much is found, how much of what is found is right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from evenhand.reports.intervals import Tally

if TYPE_CHECKING:
    from evenhand.lab.contact_details.evaluate import Result


def figures(part: str, result: Result) -> dict[str, Any]:
    """The counts, shares and 95 % Wilson intervals for programs."""
    return {
        "part": part,
        "threads": result.threads,
        "messages": result.messages,
        "groups": [
            {
                "by": by,
                "group": name,
                "labelled": counts.labelled,
                "recall": _share(counts.found, counts.labelled),
                "flagged": counts.flagged,
                "precision": _share(counts.right, counts.flagged),
            }
            for (by, name), counts in sorted(result.groups.items())
        ],
    }


def table(told: dict[str, Any]) -> Iterator[str]:
    """The same as a table in Markdown."""
    yield f"{told['part']}: {told['threads']:,} threads, {told['messages']:,} messages\n"
    yield "| by | group | details | recall, % | items | precision, % |"
    yield "|---|---|---|---|---|---|"
    for row in told["groups"]:
        shares = " | ".join(
            f"{row[count]:,} | {_percent(row[share]) if row[count] else ''}"
            for count, share in (("labelled", "recall"), ("flagged", "precision"))
        )
        yield f"| {row['by']} | {row['group']} | {shares} |"


def _share(count: int, total: int) -> dict[str, Any]:
    tally = Tally(count=count, total=total)
    low, high = tally.interval
    return {"count": count, "share": round(tally.share, 4), "low": round(low, 4), "high": round(high, 4)}


def _percent(share: dict[str, Any]) -> str:
    return f"{100 * share['share']:.1f} ({100 * share['low']:.1f} to {100 * share['high']:.1f})"
