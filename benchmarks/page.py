"""How the comparison with the floor is shown: a table and a chart for the page, raw figures beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from benchmarks.chart import Series, chart
from benchmarks.process import ROOT, Run

RAW: Final = ROOT / "docs" / "benchmarks" / "evaluate.json"
CHART: Final = RAW.with_suffix(".svg")
PAGE: Final = ROOT / "docs" / "benchmarks.md"
MARKS: Final = ("<!-- evaluate: begin -->", "<!-- evaluate: end -->")


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The floor and the whole command (`floor`, `whole`) on one market.

    `rows` by table; every run and what is typical of them; seconds per part of the floor, and what it counted.
    """

    rows: Mapping[str, int]
    runs: Mapping[str, Sequence[Run]]
    typical: Mapping[str, Run]
    parts_of_the_floor: Mapping[str, float]

    @property
    def ratios(self) -> dict[str, float]:
        """Whole over floor: in wall time, in CPU time, and in wall time if the floor is spared reading the files."""
        floor, whole = self.typical["floor"], self.typical["whole"]
        return {
            "wall": whole.wall / floor.wall,
            "cpu": whole.cpu / floor.cpu,
            "wall_without_load": whole.wall / (floor.wall - self.parts_of_the_floor["load"]),
        }


def table(circumstances: Mapping[str, object], sizes: Sequence[Comparison]) -> str:
    """A row per size: wall, CPU and memory of both, and their ratios."""
    head = (
        "| Proposals | Jobs | Accounts | Floor: wall s | CPU s | GB | Whole: wall s | CPU s | GB"
        " | Wall ratio | CPU ratio |"
    )
    caption = "Seed {seed}; DuckDB {duckdb}, Python {python}, {cores} cores, load before {load_before}.".format_map(
        circumstances
    )
    return "\n".join([head, "|" + "---|" * 11, *map(_row, sizes), "", caption])


def _row(size: Comparison) -> str:
    counts = (f"{size.rows[name]:,}" for name in ("proposals", "jobs", "accounts"))
    costs = (
        f"{run.wall:.1f} | {run.cpu:.1f} | {run.rss_mb / 1000:.2f}"
        for run in map(size.typical.get, ("floor", "whole"))
        if run
    )
    return f"| {' | '.join((*counts, *costs))} | **{size.ratios['wall']:.2f}** | {size.ratios['cpu']:.2f} |"


def pictured(sizes: Sequence[Comparison]) -> str:
    """The chart: wall time, CPU time and peak memory over the number of proposals."""

    def series(name: str, unit: str, read: str, scale: float = 1.0) -> Series:
        return Series(
            title=name,
            unit=unit,
            floor=tuple((size.rows["proposals"], getattr(size.typical["floor"], read) * scale) for size in sizes),
            whole=tuple((size.rows["proposals"], getattr(size.typical["whole"], read) * scale) for size in sizes),
        )

    return chart(
        series("Wall time", "s", "wall"), series("CPU time", "s", "cpu"), series("Peak memory", "GB", "rss_mb", 0.001)
    )


def publish(circumstances: Mapping[str, object], sizes: Sequence[Comparison]) -> None:
    """Write the raw figures, the chart, and the table into the page."""
    RAW.parent.mkdir(parents=True, exist_ok=True)
    raw = {**circumstances, "sizes": [{**asdict(size), "ratios": size.ratios} for size in sizes]}
    RAW.write_text(json.dumps(raw, indent=2) + "\n")
    CHART.write_text(pictured(sizes) + "\n")
    before, _, rest = PAGE.read_text().partition(MARKS[0])
    _, _, after = rest.partition(MARKS[1])
    PAGE.write_text(f"{before}{MARKS[0]}\n{table(circumstances, sizes)}\n{MARKS[1]}{after}")
