"""The few strokes that all pictures share. Colours are classes of the style sheet, so that dark mode and print work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, tostring

from evenhand.reports.tables import Table

WIDTH: Final = 460
"""Units across; narrow on purpose, so that the lettering stays readable on a phone."""

LETTER: Final = 13
"""Height of the lettering in the same units."""


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture, what it says in words, and the numbers it was drawn from."""

    svg: str
    caption: str
    table: Table


def node(tag: str, *children: Element | str, **attributes: str | float) -> Element:
    """An SVG element; `class_` is `class`, `stroke_width` is `stroke-width`, numbers are cut to a tenth of a unit.

    >>> tostring(node("text", "a < b", x=1.25, class_="tick"), encoding="unicode")
    '<text x="1.2" class="tick">a &lt; b</text>'
    """
    made = Element(tag, {name.rstrip("_").replace("_", "-"): _written(value) for name, value in attributes.items()})
    for child in children:
        if isinstance(child, str):
            made.text = (made.text or "") + child
        else:
            made.append(child)
    return made


def _written(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")


def drawing(name: str, height: float, *parts: Element, title: str, description: str) -> str:
    """A whole picture as text, with its title and description where a screen reader finds them.

    `name` is unique on the page and an identifier.
    """
    root = node(
        "svg",
        node("title", title, id=f"{name}-title"),
        node("desc", description, id=f"{name}-desc"),
        *parts,
        class_="picture",
        viewBox=f"0 0 {WIDTH} {_written(height)}",
        role="img",
        aria_labelledby=f"{name}-title",
        aria_describedby=f"{name}-desc",
    )
    return tostring(root, encoding="unicode")


def label(text: str, x: float, y: float, *, anchor: str = "middle", tone: str = "label") -> Element:
    """Lettering whose baseline starts, ends or is centred at (`x`, `y`)."""
    return node("text", text, x=x, y=y, text_anchor=anchor, class_=tone)


def stroke(x1: float, y1: float, x2: float, y2: float, tone: str) -> Element:
    """A straight line."""
    return node("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=tone)


def box(x: float, y: float, width: float, height: float, tone: str) -> Element:
    """A rectangle; one without width or height is not seen but keeps its place."""
    return node("rect", x=x, y=y, width=max(width, 0.0), height=max(height, 0.0), class_=tone)
