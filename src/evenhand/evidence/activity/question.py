"""What is asked of a market, and what the answer says about the market as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from evenhand.evidence.activity.exclusion import JobRule
from evenhand.evidence.activity.fitted import FairShares
from evenhand.evidence.activity.grid import log_e_at
from evenhand.evidence.activity.guards.rule import GroupGuard, Guards


@dataclass(frozen=True, kw_only=True)
class Opening:
    """An earlier step that was served: evidence since `since` opens the next one (decision S4)."""

    account_id: str
    step: str
    since: datetime


@dataclass(frozen=True, kw_only=True)
class Question:
    """One evaluation: everything that the evidence depends on besides the market.

    Times are UTC. `floors` are the grid points at which the policy wants e-values, its floor among them.
    `evidence_from` is the policy's (R1); `episodes` begin later for single accounts (S4). `first_run` is when the
    policy's first run was; family years are counted from it (S5). `guards` says which groups are guarded (E4);
    `restart_mixture` whether evidence also begins anew each month (E3); `exclude_jobs` which jobs count for nobody;
    `every_job` whether more than one job of a client counts, which is unsafe. `controls` are the circumstances that the
    fair share is fitted to, sorted; with `impressions` the field is the list that the client was shown.
    """

    as_of: datetime
    floor: float
    floors: frozenset[float]
    settle_days: int = 30
    evidence_from: datetime | None = None
    episodes: Mapping[str, datetime] = field(default_factory=dict)
    openings: tuple[Opening, ...] = ()
    first_run: datetime | None = None
    guards: Guards = field(default_factory=Guards)
    restart_mixture: bool = False
    exclude_jobs: JobRule | None = None
    every_job: bool = False
    controls: tuple[str, ...] = ()
    impressions: bool = False

    @property
    def log_es(self) -> tuple[str, ...]:
        """Every column of evidence that holds the log of an e-value which a step may read."""
        return ("log_e", "log_e_hire", "log_e_shortlist", *(log_e_at(floor) for floor in sorted(self.floors)))


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What the market records at `as_of`, and how many it speaks of.

    `hypotheses` counts the accounts with evidence by family year (S5). `blind` names the facts that no row of the
    market can tell. Shares: of all contracts those that are wins nobody can see (they name no job or none that is
    known, or the winner's proposal is in quarantine), and of the hires those that began too late to count.
    `excluded_jobs` counts those that the policy leaves out. `guards` are the groups with members enough, by name.
    `fair_shares` says how fitted ones came out, None where they are equal.
    """

    accounts: int
    undecidable: int
    views: bool
    shortlists: bool
    hypotheses: Mapping[int, int]
    blind: tuple[str, ...]
    hidden_wins: float
    late_hires: float
    excluded_jobs: int = 0
    guards: tuple[GroupGuard, ...] = ()
    fair_shares: FairShares | None = field(default=None, compare=False)

    @property
    def decidable(self) -> int:
        """Accounts with at least 5 fair wins, of whom something can be said."""
        return self.accounts - self.undecidable
