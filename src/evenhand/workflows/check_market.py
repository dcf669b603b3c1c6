"""Admit a market and say what is there, without judging anyone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from evenhand.market.admission import Admission
from evenhand.market.staging import StagedMarket
from evenhand.ports import Engine


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What became of a market's rows, and how many of the admitted an evaluation would not see yet, per table (M1)."""

    admission: Admission
    later: Mapping[str, int]


def check_market(
    engine: Engine, market: StagedMarket, *, as_of: datetime | None = None, quarantine: Path | None = None
) -> Checked:
    """Admit `market`, count what lies after `as_of` (None: nothing does), on request write the quarantine to a file.

    Raises `MarketRefused`.
    """
    admission = engine.admit(market)
    if quarantine is not None:
        engine.write_quarantine(quarantine)
    return Checked(admission=admission, later={} if as_of is None else engine.later(as_of))
