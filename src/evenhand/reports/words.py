"""How numbers are written on the page."""

from __future__ import annotations

from math import floor, isfinite, log10


def counted(number: int) -> str:
    """A whole number with its thousands set apart.

    >>> counted(1234567)
    '1,234,567'
    """
    return f"{number:,}"


def _percent(share: float) -> str:
    percent = 100 * share
    if percent in {0.0, 100.0}:
        return f"{percent:.0f}"
    if percent >= 10:
        return f"{min(percent, 99.9):.1f}"
    return f"{percent:.{1 - floor(log10(percent))}f}"


def percent(share: float) -> str:
    """A fraction as a percentage to two digits, from 10 % on to a tenth; 100 % is said of all alone.

    >>> [percent(share).replace("\N{NO-BREAK SPACE}", " ") for share in (0.0, 0.00123, 0.0312, 0.31, 0.996, 0.9999)]
    ['0 %', '0.12 %', '3.1 %', '31.0 %', '99.6 %', '99.9 %']
    """
    return f"{_percent(share)}\N{NO-BREAK SPACE}%"


def between(bounds: tuple[float, float]) -> str:
    """An interval of fractions as percentages.

    >>> between((0.0215, 0.1118)).replace("\N{NO-BREAK SPACE}", " ")
    '2.1 to 11.2 %'
    """
    return f"{_percent(bounds[0])} to {percent(bounds[1])}"


def exactly(share: float) -> str:
    """A fraction that somebody chose, as a percentage without rounding it to two digits.

    >>> exactly(0.05).replace("\N{NO-BREAK SPACE}", " "), exactly(0.001).replace("\N{NO-BREAK SPACE}", " ")
    ('5 %', '0.1 %')
    """
    return f"{100 * share:.6g}\N{NO-BREAK SPACE}%"


def plural(number: int, one: str, many: str) -> str:
    """A number with its noun.

    >>> plural(1, "account", "accounts"), plural(2000, "account", "accounts")
    ('1 account', '2,000 accounts')
    """
    return f"{counted(number)} {one if number == 1 else many}"


def plain(number: float) -> str:
    """A number of any size without needless digits, for axes and bounds.

    >>> plain(0.5), plain(20.0), plain(1000000.0), plain(0.0001), plain(1e-9)
    ('0.5', '20', '1,000,000', '0.0001', '1e-09')
    """
    if not isfinite(number):
        return "none"
    if number == int(number):
        return counted(int(number))
    return f"{number:.4g}"
