"""Places on a picture: where a number lies between two edges."""

from __future__ import annotations

from dataclasses import dataclass
from math import log10
from xml.etree.ElementTree import Element

from evenhand.reports.pictures.svg import label, stroke
from evenhand.reports.words import plain


@dataclass(frozen=True, kw_only=True)
class Scale:
    """A straight scale from the numbers `low`..`high` to the places `start`..`end`; numbers beyond lie on the edge.

    >>> Scale(low=0, high=10, start=100, end=0).at(2.5)
    75.0
    """

    low: float
    high: float
    start: float
    end: float

    def at(self, number: float) -> float:
        """Place of `number`."""
        inside = min(max(number, self.low), self.high)
        return self.start + (self.end - self.start) * (inside - self.low) / (self.high - self.low)


def tens(number: float) -> float:
    """log10(1 + number): nothing lies at 0, and every further step is ten times as many."""
    return log10(1 + number)


def powers_up_to(most: float) -> list[int]:
    """0, 1, 10, 100 ... up to `most`: the marks of a scale made with `tens`.

    >>> powers_up_to(250)
    [0, 1, 10, 100]
    """
    marks, power = [0], 1
    while power <= most:
        marks.append(power)
        power *= 10
    return marks


def rules_across(scale: Scale, most: float, left: float, right: float) -> list[Element]:
    """Horizontal grid lines with their numbers, for a vertical scale made with `tens`."""
    parts = []
    for mark in powers_up_to(most):
        y = scale.at(tens(mark))
        parts += [stroke(left, y, right, y, "grid"), label(plain(mark), left - 6, y + 4, anchor="end")]
    return parts
