"""Admit a market and say what is there, without judging anyone."""

from __future__ import annotations

from pathlib import Path

from evenhand.market.admission import Admission
from evenhand.market.staging import StagedMarket
from evenhand.ports import Engine


def check_market(engine: Engine, market: StagedMarket, quarantine: Path | None = None) -> Admission:
    """Admit `market`; on request write its quarantine to a Parquet file. Raises `MarketRefused`."""
    admission = engine.admit(market)
    if quarantine is not None:
        engine.write_quarantine(quarantine)
    return admission
