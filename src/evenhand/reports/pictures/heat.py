"""A grid of squares whose size and shade say how many members stand there; as small for a million as for a hundred."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element

from evenhand.reports.pictures.axes import Scale, tens
from evenhand.reports.pictures.svg import LETTER, WIDTH, box, drawing, label, node, stroke
from evenhand.reports.words import counted, plain

_LEFT: Final = 52
_RIGHT: Final = WIDTH - 14
_TOP: Final = 40
_FOOT: Final = 330

CLASSES: Final = (1, 10, 100, 1_000, 10_000)
"""Fewest members of each size of square."""


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Edges over fair wins (`across`) and wins (`up`, halves below and above each whole number)."""

    across: tuple[float, ...]
    up: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """`number` members in a column and row of the grid; `reached` of them meet a warning or more."""

    column: int
    row: int
    number: int
    reached: int


def heat(grid: Grid, cells: tuple[Cell, ...], floor: float) -> str:
    """The SVG: squares, the line of a full fair share, the line of `floor` times it."""
    x = Scale(low=0.0, high=tens(grid.across[-1]), start=_LEFT, end=_RIGHT)
    y = Scale(low=tens(grid.up[0]), high=tens(grid.up[-1]), start=_FOOT, end=_TOP)
    return drawing(
        "fairness",
        _FOOT + 88,
        *_frame(x, y),
        *(part for cell in cells for part in _square(cell, grid, x, y)),
        *_share(1.0, "full fair share", grid, x, y),
        *_share(floor, f"{floor:g} of it", grid, x, y),
        *_legend(),
        title="Fair wins against wins",
        description=_said(cells),
    )


def _frame(x: Scale, y: Scale) -> list[Element]:
    parts = [stroke(_LEFT, _FOOT, _RIGHT, _FOOT, "axis"), stroke(_LEFT, _TOP, _LEFT, _FOOT, "axis")]
    for mark in _marks(x.high):
        parts += [stroke(x.at(tens(mark)), _FOOT, x.at(tens(mark)), _FOOT + 4, "axis")]
        parts += [label(plain(mark), x.at(tens(mark)), _FOOT + 18)]
    for mark in _marks(y.high):
        parts += [label(plain(mark), _LEFT - 8, y.at(tens(mark)) + 4, anchor="end")]
    middle = (_LEFT + _RIGHT) / 2
    return [*parts, label("wins", _LEFT, _TOP - 12), label("fair wins", middle, _FOOT + 38)]


def _marks(high: float) -> list[int]:
    """0, 1, 10, 100 ... up to the end of a scale made with `tens`, with marks between them where there is room."""
    between = (1, 2, 3, 5) if high < 1.5 else (1, 2, 5) if high < 3 else (1,)
    steps = (mark * 10**power for power in range(9) for mark in between)
    return [0, *(step for step in steps if tens(step) <= high)]


def _square(cell: Cell, grid: Grid, x: Scale, y: Scale) -> list[Element]:
    fair_wins = sum(grid.across[cell.column : cell.column + 2]) / 2
    wins = sum(grid.up[cell.row : cell.row + 2]) / 2
    size = sum(cell.number >= fewest for fewest in CLASSES)
    return _drawn(x.at(tens(fair_wins)), y.at(tens(wins)), size, ringed=cell.reached > 0)


def _drawn(x: float, y: float, size: int, *, ringed: bool) -> list[Element]:
    side = 2.0 * size + 1
    square = box(x - side / 2, y - side / 2, side, side, f"heat{size}")
    return [square, node("circle", cx=x, cy=y, r=side / 2 + 3, class_="ring")] if ringed else [square]


def _share(times: float, name: str, grid: Grid, x: Scale, y: Scale) -> list[Element]:
    """The line on which wins are `times` the fair wins, named where it ends."""
    last = min(grid.across[-1], grid.up[-1] / times)
    steps = [last * place / 40 for place in range(41)]
    points = " ".join(f"{x.at(tens(step)):.1f},{y.at(tens(step * times)):.1f}" for step in steps)
    named = label(name, x.at(tens(last)) - 6, y.at(tens(last * times)) - 6, anchor="end", tone="strong")
    return [node("polyline", points=points, class_="policy" if times < 1 else "usual"), named]


def _legend() -> list[Element]:
    """The sizes of the squares and what the ring means."""
    y = _FOOT + 66.0
    parts: list[Element] = []
    for place, fewest in enumerate(CLASSES):
        text = "1 to 9" if fewest == 1 else f"{plain(fewest)}+" if fewest < 1000 else f"{fewest // 1000}k+"
        left = _LEFT + 8 + 78 * place
        parts += [*_drawn(left, y, place + 1, ringed=False), label(text, left + 12, y + LETTER / 3, anchor="start")]
    return parts


def _said(cells: tuple[Cell, ...]) -> str:
    total, reached = sum(cell.number for cell in cells), sum(cell.reached for cell in cells)
    return (
        f"{counted(total)} members in {counted(len(cells))} squares; a warning or more reaches {counted(reached)} "
        "of them. Squares below the lines hold members who won less than their share. The table below has the numbers."
    )
