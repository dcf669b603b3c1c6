"""Costs over sizes as one SVG file that stands by itself; axes in tens, so that a cost in proportion is a slope."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Final
from xml.etree.ElementTree import Element

from evenhand.reports.pictures.axes import Scale
from evenhand.reports.pictures.svg import WIDTH, drawing, label, node, stroke

_LEFT: Final = 60
_RIGHT: Final = WIDTH - 20
_TALL: Final = 120
_STEP: Final = _TALL + 60
_STYLE: Final = """
svg { color-scheme: light dark; --ink: #1c2126; --soft: #525b66; --line: #d5dae0; --bar: #2f6fb3; --policy: #b03a10; }
@media (prefers-color-scheme: dark) {
  svg { --ink: #e6eaee; --soft: #a9b3bd; --line: #38414a; --bar: #5b9be0; --policy: #ff9a70; }
}
text { font: 13px system-ui, sans-serif; fill: var(--soft); }
.strong { fill: var(--ink); font-weight: 600; }
.grid { stroke: var(--line); }
.slope { stroke: var(--soft); stroke-dasharray: 1 4; }
.whole { fill: none; stroke: var(--bar); stroke-width: 2.5; }
.floor { fill: none; stroke: var(--policy); stroke-width: 2; stroke-dasharray: 6 3; }
"""

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True, kw_only=True)
class Series:
    """One kind of cost in `unit`: (proposals, cost) of the floor and of the whole command, ascending, both above 0."""

    title: str
    unit: str
    floor: Points
    whole: Points


def chart(*costs: Series) -> str:
    """A panel per kind of cost, each with the slope of a cost in proportion through its largest whole run."""
    text = drawing(
        "costs",
        len(costs) * _STEP + 10,
        node("style", _STYLE),
        *(part for place, each in enumerate(costs) for part in _panel(each, place * _STEP + 28)),
        title="Cost of the whole command and of its floor over the number of proposals",
        description="; ".join(map(_said, costs)),
    )
    return text.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)


def _panel(cost: Series, top: float) -> Iterator[Element]:
    both = [*cost.floor, *cost.whole]
    sizes = [log10(size) for size, _ in both]
    across = Scale(low=min(sizes) - 0.1, high=max(sizes) + 0.1, start=_LEFT, end=_RIGHT)
    up = _tens([value for _, value in both], top + _TALL, top)
    yield label(f"{cost.title}, {cost.unit}", _LEFT, top - 10, anchor="start", tone="strong")
    yield label("floor dashed, dots: in proportion", _RIGHT, top - 10, anchor="end")
    for power in range(round(up.low), round(up.high) + 1):
        yield stroke(_LEFT, up.at(power), _RIGHT, up.at(power), "grid")
        yield label(f"{10.0**power:,g}", _LEFT - 6, up.at(power) + 4, anchor="end")
    for power in range(ceil(across.low), floor(across.high) + 1):
        yield label(f"{10.0 ** (power - 6):,g} M", across.at(power), top + _TALL + 18)
    size, value = (log10(number) for number in cost.whole[-1])
    down = min(size - across.low, value - up.low)
    yield stroke(across.at(size - down), up.at(value - down), across.at(size), up.at(value), "slope")
    for name, points in (("floor", cost.floor), ("whole", cost.whole)):
        places = " ".join(f"{across.at(log10(size)):.1f},{up.at(log10(value)):.1f}" for size, value in points)
        yield node("polyline", points=places, class_=name)


def _tens(numbers: Sequence[float], start: float, end: float) -> Scale:
    """A scale of logarithms from the power of ten below all numbers to the one above."""
    low, high = floor(log10(min(numbers))), ceil(log10(max(numbers)))
    return Scale(low=low, high=max(high, low + 1), start=start, end=end)


def _said(cost: Series) -> str:
    pairs = zip(cost.floor, cost.whole, strict=True)
    figures = ", ".join(f"{size:,.0f} proposals {least:.3g} and {most:.3g}" for (size, least), (_, most) in pairs)
    return f"{cost.title} in {cost.unit}, floor and whole: {figures}"
