"""What `evenhand lab linkage` prints: a table in Markdown, which a page can hold as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def table(figures: Mapping[str, Any]) -> Iterator[str]:
    """The figures of a trial, a line each, and whom the wrong links join."""
    yield f"{figures['accounts']:,} accounts, seed {figures['seed']}; compared in {figures['seconds']:.1f} s\n"
    yield "| | pairs | of | % | 95 % interval |"
    yield "|---|---|---|---|---|"
    yield _line("precision", figures["precision"])
    yield from (_line(f"precision, grade `{name}`", found) for name, found in figures["grades"].items())
    yield _line("recall", figures["recall"])
    yield _line("recall at most, by the blocks", figures["ceiling"])
    yield from (_line(f"recall, `{name}`", found) for name, found in figures["changed"].items())
    yield "\nwrong links, by what the two people share, and by grade:"
    yield from (f"{name}: {_listed(grades)}" for name, grades in figures["between"].items())


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"`{name}` {count:,}" for name, count in counts.items())


def _line(name: str, found: Mapping[str, float]) -> str:
    share, low, high = (f"{100 * found[name]:.2f}" for name in ("share", "low", "high"))
    return f"| {name} | {found['count']:,} | {found['of']:,} | {share} | {low} to {high} |"
