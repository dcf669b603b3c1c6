"""What is asked of a market about one procedure that rests on items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from evenhand.evidence.activity.question import Opening
from evenhand.vocabulary import Procedure


@dataclass(frozen=True, kw_only=True)
class ConductQuestion:
    """One evaluation: everything that the count of items depends on besides the market and what was found in it.

    Times are UTC. Items from before `evidence_from`, the policy's (R1), or before the account's own in `episodes` (S4)
    do not count. A link lasts, so that it would count again on the day after an appeal was won: two accounts that were
    both there when a measure was `reversed` are no link any more. `openings` are the served steps after which
    something must have been seen again.
    """

    as_of: datetime
    procedure: Procedure
    evidence_from: datetime | None = None
    episodes: Mapping[str, datetime] = field(default_factory=dict)
    reversed: Mapping[str, datetime] = field(default_factory=dict)
    openings: tuple[Opening, ...] = ()
