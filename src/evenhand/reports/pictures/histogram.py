"""Members by evidence: bars over powers of ten, the policy's lines as uprights through them."""

from __future__ import annotations

from dataclasses import dataclass
from math import log10
from typing import Final
from xml.etree.ElementTree import Element

from evenhand.reports.lines import Line
from evenhand.reports.pictures.axes import Scale, rules_across, tens
from evenhand.reports.pictures.svg import LETTER, WIDTH, box, drawing, label, stroke
from evenhand.reports.words import counted, plain

_LEFT: Final = 52
_RIGHT: Final = WIDTH - 14
_TALL: Final = 200
_BELOW: Final = 46


@dataclass(frozen=True, kw_only=True)
class Bin:
    """`number` members whose evidence lies between 10 to the power of `low` and 10 to the power of `high`."""

    low: float
    high: float
    number: int


def histogram(bins: tuple[Bin, ...], lines: tuple[Line, ...], decades: tuple[int, int]) -> str:
    """The SVG over the powers of ten `decades`, with one bar's room beyond each end for what was gathered there."""
    top = (LETTER + 5) * len(lines) + 10
    foot = top + _TALL
    room = bins[0].high - bins[0].low if bins else 0.25
    across = Scale(low=decades[0] - room, high=decades[1] + room, start=_LEFT, end=_RIGHT)
    most = max((each.number for each in bins), default=1)
    up = Scale(low=0.0, high=tens(most), start=foot, end=top)
    return drawing(
        "evidence",
        foot + _BELOW,
        *rules_across(up, most, _LEFT, _RIGHT),
        *(_bar(each, across, up) for each in bins),
        *_powers(across, foot, decades),
        *(part for place, line in enumerate(reversed(lines)) for part in _upright(line, across, place, foot)),
        title="Members by their evidence",
        description=_said(bins, lines),
    )


def _bar(each: Bin, across: Scale, up: Scale) -> Element:
    left, right, y = across.at(each.low), across.at(each.high), up.at(tens(each.number))
    return box(left + 0.5, y, right - left - 1, up.start - y, "bar")


def _powers(across: Scale, foot: float, decades: tuple[int, int]) -> list[Element]:
    parts = [stroke(_LEFT, foot, _RIGHT, foot, "axis")]
    for power in range(decades[0], decades[1] + 1):
        x = across.at(power)
        parts.append(stroke(x, foot, x, foot + 4, "axis"))
        if power % 2 == 0 or decades[1] - decades[0] < 7:
            parts.append(label(_power(power), x, foot + 18))
    middle = (_LEFT + _RIGHT) / 2
    return [*parts, label("evidence e: weak on the left, strong on the right", middle, foot + 38)]


def _power(power: int) -> str:
    return plain(10**power) if power >= 0 else f"1/{plain(10**-power)}"


def _upright(line: Line, across: Scale, place: int, foot: float) -> list[Element]:
    """The line of a step; the strongest has its name on top, so that no name crosses another line."""
    x, y = across.at(log10(line.e)), (LETTER + 5) * (place + 1)
    return [
        stroke(x, y - LETTER + 2, x, foot, "halo"),
        stroke(x, y - LETTER + 2, x, foot, "policy"),
        label(f"{line.step} \N{GREATER-THAN OR EQUAL TO} {plain(line.e)}", x - 5, y, anchor="end", tone="strong"),
    ]


def _said(bins: tuple[Bin, ...], lines: tuple[Line, ...]) -> str:
    beyond = (
        f"{counted(sum(each.number for each in bins if each.low >= log10(line.e) - 1e-9))} in the bars wholly beyond "
        f"the line of {line.step} at {plain(line.e)}"
        for line in lines
    )
    total = counted(sum(each.number for each in bins))
    return "; ".join([f"Bars over {total} members", *beyond]) + ". The table below has the exact numbers."
