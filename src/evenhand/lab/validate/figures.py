"""Figures over worlds: the mean, and the lowest and the highest of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from evenhand.lab.validate.trial import GUILTY, INNOCENTS

Told = Mapping[str, Any]
"""What `judge` tells of one method in one world."""


@dataclass(frozen=True, kw_only=True)
class Spread:
    """`mean` of the worlds, the `low`est and the `high`est of them.

    The lowest and the highest of n worlds have the median world between them with probability 1 - 2^(1 - n), whatever
    the distribution: .97 for six (Thompson 1936).
    """

    mean: float
    low: float
    high: float


def figures(worlds: Sequence[Told]) -> Mapping[str, Any]:
    """Figures of one method over `worlds`, of which there is one or more.

    `acted` and `innocents` are counts, `fdp` the share of innocents among those acted on (0 where nobody was),
    `median_days` from first evidence to action, `groups` the share acted on of each group; None where there was nobody.
    """
    return {
        "acted": _spread(worlds, lambda told: told["acted"]),
        "innocents": _spread(worlds, _innocents),
        "fdp": _spread(worlds, lambda told: _innocents(told) / max(1, told["acted"])),
        "median_days": _spread(worlds, lambda told: told["median_days"]),
        "groups": {group: _share(worlds, group) for group in (*INNOCENTS, *GUILTY)},
    }


def _innocents(told: Told) -> int:
    return int(told["acted"] - told["guilty"])


def _share(worlds: Sequence[Told], group: str) -> Mapping[str, float] | None:
    """The share of a group in all worlds together, since single worlds may have few of it, with its extremes."""
    counts = [told["groups"][group] for told in worlds if told["groups"][group][1]]
    if not counts:
        return None
    shares = [hit / of for hit, of in counts]
    together = sum(hit for hit, _ in counts) / sum(of for _, of in counts)
    return asdict(Spread(mean=together, low=min(shares), high=max(shares)))


def _spread(worlds: Sequence[Told], value: Callable[[Told], float | None]) -> Mapping[str, float] | None:
    values = [found for told in worlds if (found := value(told)) is not None]
    if not values:
        return None
    return asdict(Spread(mean=sum(values) / len(values), low=min(values), high=max(values)))
