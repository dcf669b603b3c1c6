"""Bars of different length with a hatched part, so that the part is seen without colour too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element

from evenhand.reports.pictures.axes import Scale
from evenhand.reports.pictures.svg import WIDTH, box, drawing, label, node
from evenhand.reports.words import counted

_ROW: Final = 46


@dataclass(frozen=True, kw_only=True)
class Bar:
    """`number` people, `hatched` of them in the hatched part."""

    name: str
    number: int
    hatched: int


def bars(rows: tuple[Bar, ...], *, title: str, hatching: str) -> str:
    """The SVG: a bar per row on one scale from 0, its name and numbers above it, `hatching` explained at the foot."""
    scale = Scale(low=0.0, high=max([1, *(row.number for row in rows)]), start=0, end=WIDTH)
    foot = _ROW * len(rows)
    return drawing(
        "rules",
        foot + 30,
        _pattern(),
        *(part for place, row in enumerate(rows) for part in _bar(row, _ROW * place, scale)),
        box(0, foot + 8, 26, 14, "hatched"),
        label(hatching, 34, foot + 20, anchor="start"),
        title=title,
        description="; ".join(f"{row.name}: {counted(row.number)}, {counted(row.hatched)} hatched" for row in rows),
    )


def _bar(row: Bar, top: float, scale: Scale) -> list[Element]:
    hatched, whole = scale.at(row.hatched), scale.at(row.number)
    return [
        label(row.name, 0, top + 15, anchor="start"),
        label(f"{counted(row.hatched)} of {counted(row.number)}", WIDTH, top + 15, anchor="end", tone="strong"),
        box(0, top + 21, hatched, 16, "hatched"),
        box(hatched, top + 21, whole - hatched, 16, "bar"),
    ]


def _pattern() -> Element:
    lines = node("path", d="M-2 2 L2 -2 M0 8 L8 0 M6 10 L10 6", class_="hatch-line")
    pattern = node("pattern", lines, id="hatch", width=8, height=8, patternUnits="userSpaceOnUse")
    return node("defs", pattern)
