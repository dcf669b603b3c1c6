"""What `evenhand lab validate` prints: tables in Markdown, a line per method, which a page can hold as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

Figures = Mapping[str, Any]
Cell = Callable[[Figures], str]

BY_SCENARIO: Final = (
    "e, per account 1 %",
    "e, per account 5 %",
    "EB NPMLE on fair share, FDR 5 %",
    "fair-share p < .05, daily",
    "`limit`, reached at the end",
)
"""Methods that are compared over scenarios (`STATISTICS.md` section 7)."""


def tables(result: Mapping[str, Any]) -> Iterator[str]:
    """The tables of every scenario in the result of a validation, and one over scenarios where there are several."""
    for scenario, methods in result["scenarios"].items():
        yield f"{scenario}: {_worlds(result, scenario)}\n"
        for columns in (_ACTED, _INNOCENTS, _POWER):
            yield from _table("method", list(methods.items()), columns)
    if len(result["scenarios"]) > 1:
        yield "by scenario\n"
        rows = [
            (f"{scenario}: {name}", methods[name])
            for scenario, methods in result["scenarios"].items()
            for name in BY_SCENARIO
        ]
        yield from _table("scenario: method", rows, _BY_SCENARIO)


def _worlds(result: Mapping[str, Any], scenario: str) -> str:
    seeds = [world["seed"] for world in result["worlds"] if world["scenario"] == scenario]
    many = "1 world" if len(seeds) == 1 else f"{len(seeds)} worlds"
    return (
        f"{many} of {result['accounts']:,} accounts over {result['months']} months, seeds {seeds[0]} to {seeds[-1]}; "
        f"floor {result['floor']:g}, policy {result['policy']}, fair share `{result['fair_share']}`"
    )


def _table(head: str, rows: Sequence[tuple[str, Figures]], columns: Mapping[str, Cell]) -> Iterator[str]:
    cells = [[head, *columns], *([name, *(cell(found) for cell in columns.values())] for name, found in rows)]
    yield from (f"| {' | '.join(line)} |" for line in (cells[0], ["---"] * len(cells[0]), *cells[1:]))
    yield ""


def _count(name: str) -> Cell:
    return lambda found: _shown(found[name], "{:,.1f}")


def _percent(name: str) -> Cell:
    return lambda found: _shown(found[name], "{:.2f}", 100)


def _hit(group: str) -> Cell:
    return lambda found: _shown(found["groups"][group], "{:.2f}", 100)


def _power(group: str) -> Cell:
    return lambda found: _shown(found["groups"][group], "{:.2f}").replace("0.", ".")


def _shown(spread: Mapping[str, float] | None, form: str, times: float = 1) -> str:
    """The mean, and the lowest and the highest world where they differ."""
    if spread is None:
        return "-"
    mean, low, high = (form.format(times * spread[name]) for name in ("mean", "low", "high"))
    return mean if low == high else f"{mean} ({low} to {high})"


_ACTED: Final[Mapping[str, Cell]] = {
    "acted on": _count("acted"),
    "innocent": _count("innocents"),
    "FDP, %": _percent("fdp"),
    "median days": _count("median_days"),
}

_INNOCENTS: Final[Mapping[str, Cell]] = {
    "innocents hit, %": _hit("all"),
    "hard categories": _hit("hard"),
    "newcomers": _hit("newcomers"),
    "small countries": _hit("small_country"),
    "low volume": _hit("low_volume"),
    "harmed": _hit("harmed"),
}

_POWER: Final[Mapping[str, Cell]] = {
    "power, 5 to 15": _power("core_5_15"),
    "15 to 30": _power("core_15_30"),
    "over 30": _power("core_30"),
    "by the truth, 5 to 15": _power("core_true_5_15"),
    "15 to 30, truth": _power("core_true_15_30"),
    "over 30, truth": _power("core_true_30"),
    "spammers": _power("spammers"),
    "circumventers": _power("circumventers"),
}

_BY_SCENARIO: Final[Mapping[str, Cell]] = {
    "acted on": _count("acted"),
    "innocent": _count("innocents"),
    "FDP, %": _percent("fdp"),
    "harmed innocents hit, %": _hit("harmed"),
}
