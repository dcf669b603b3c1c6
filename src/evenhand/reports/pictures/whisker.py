"""A share with its interval as a dot on a line, small enough to stand in a table's cell beside the same numbers."""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import tostring

from evenhand.reports.intervals import Tally
from evenhand.reports.pictures.axes import Scale
from evenhand.reports.pictures.svg import node, stroke

_WIDTH: Final = 120
_MIDDLE: Final = 7


def whisker(tally: Tally, usual: float, widest: float) -> str:
    """The share of `tally` as a dot, its interval as a line, and the share `usual` as an upright, from 0 to `widest`.

    Hidden from screen readers: the cell says the same in numbers.
    """
    scale = Scale(low=0.0, high=max(widest, usual) or 1.0, start=4, end=_WIDTH - 4)
    low, high = (scale.at(bound) for bound in tally.interval)
    root = node(
        "svg",
        stroke(scale.at(0), _MIDDLE, scale.at(scale.high), _MIDDLE, "grid"),
        stroke(scale.at(usual), 1, scale.at(usual), 2 * _MIDDLE - 1, "usual"),
        stroke(low, _MIDDLE, high, _MIDDLE, "reach"),
        node("circle", cx=scale.at(tally.share), cy=_MIDDLE, r=3.5, class_="dot"),
        class_="whisker",
        viewBox=f"0 0 {_WIDTH} {2 * _MIDDLE}",
        aria_hidden="true",
    )
    return tostring(root, encoding="unicode")
