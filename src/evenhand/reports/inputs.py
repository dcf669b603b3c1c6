"""What the report is made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evenhand.evidence.activity.fitted import FairShares
from evenhand.policy.types import Policy


@dataclass(frozen=True, kw_only=True)
class ReportInputs:
    """A finished run.

    `folder` holds `evidence.parquet` and `quarantine.parquet`; `summary` has the keys of `summary.json`; `market` is
    the market's title and `about` where it comes from, empty if there is nothing to say. `examples` are account
    identifiers, each with its path in sentences, in the order to print. `fair_shares` says how fitted ones came out.
    """

    folder: Path
    summary: Mapping[str, object]
    policy: Policy
    market: str
    about: str = ""
    examples: Sequence[tuple[str, Sequence[str]]]
    fair_shares: FairShares | None = None
