"""What a case amounts to: the records that `fold` makes of its entries, and what can be asked of them at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from evenhand.decisions.case.entry import CaseEntry, EffectEvent
from evenhand.decisions.case.terms import Terms, Version
from evenhand.decisions.ledger import EPISODE_CLOSES, WARNING_LAPSES, Standing
from evenhand.policy.conditions.reasons import Json
from evenhand.policy.profiles import Clocks
from evenhand.vocabulary import NO_STEP, Procedure, rank


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One step on its way: proposed, heard, confirmed, taken, ended; `number` is that of the entry that proposed it.

    `hearing` and `notice` are the ids of the messages whose delivery opens the time to answer and the time of notice.
    `signed` are the people who confirmed; `confirmed_at` is when all who must had. `stopped`: it ended in another way
    than by its own time, so that no step may build on it.
    """

    number: int
    proposed_at: datetime
    step: str
    terms: Terms
    policy: Version
    evidence: Mapping[str, Json]
    log_e: float | None
    entered_at: datetime | None
    asked_at: datetime
    urgent: str | None = None
    hearing: str | None = None
    questioned: bool = False
    ready_at: datetime | None = None
    signed: tuple[str, ...] = ()
    confirmed_at: datetime | None = None
    notice: str | None = None
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    taken_at: datetime | None = None
    until: datetime | None = None
    review_at: datetime | None = None
    flagged_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
    stopped: bool = False

    @property
    def open(self) -> bool:
        """Whether it waits: neither taken nor ended."""
        return self.taken_at is None and self.ended_at is None

    @property
    def undecided(self) -> bool:
        """Whether people have yet to decide on it."""
        return self.open and self.confirmed_at is None

    @property
    def end(self) -> datetime | None:
        """When it ended or is to end, None while neither is known."""
        return self.ended_at or self.until

    def in_force(self, now: datetime) -> bool:
        """Whether it is taken and its end has not come."""
        return self.taken_at is not None and (self.end is None or self.end > now)

    def served(self, now: datetime) -> bool:
        """Whether it was delivered and its time has run, so that a next step may build on it (R18)."""
        if self.delivered_at is None or self.taken_at is None or self.stopped:
            return False
        if self.terms.days is None and self.terms.review_days is None:
            cured_at = self.delivered_at + timedelta(days=self.terms.cure_days or 0)
            return cured_at <= now < self.delivered_at + WARNING_LAPSES
        return self.end is not None and self.end <= now


@dataclass(frozen=True, kw_only=True)
class Hold:
    """An interim hold while a proposal is decided; `of` is the number of that proposal."""

    number: int
    of: int
    until: datetime
    released_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Appeal:
    """An appeal against the measure `of`; `remeasured_at` is when its evidence was last measured anew."""

    number: int
    of: int
    filed_at: datetime
    remeasured_at: datetime | None = None
    evidence: Mapping[str, Json] | None = None
    parties: tuple[str, ...] = ()
    answered_at: datetime | None = None
    outcome: str | None = None


@dataclass(frozen=True, kw_only=True)
class Issued:
    """An effect that the marketplace was told of, for the measure or hold `of`."""

    event: EffectEvent
    of: int
    at: datetime
    acknowledged_at: datetime | None = None
    withdrawn: bool = False


@dataclass(frozen=True, kw_only=True)
class Case:
    """One episode of one account in one procedure, as its entries tell it.

    `proofs` says of messages when their delivery was shown; `accepted` holds the entry by which a server took a message
    whose delivery is not shown yet.
    """

    case_id: str
    account_id: str
    procedure: Procedure
    regime: str
    episode_number: int
    gamma: float | None
    clocks: Clocks
    urgent_grounds: tuple[str, ...]
    opened_at: datetime
    entries: tuple[CaseEntry, ...]
    measures: tuple[Measure, ...] = ()
    holds: tuple[Hold, ...] = ()
    appeals: tuple[Appeal, ...] = ()
    effects: tuple[Issued, ...] = ()
    proofs: Mapping[str, datetime] = field(default_factory=dict)
    accepted: Mapping[str, CaseEntry] = field(default_factory=dict)
    overdue: frozenset[tuple[int, str]] = frozenset()
    answered_at: datetime | None = None
    reversed_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def last(self) -> CaseEntry:
        """The latest entry."""
        return self.entries[-1]

    @property
    def waiting(self) -> Measure | None:
        """The measure that is proposed and neither taken nor ended; there is one at most (S1)."""
        return next((measure for measure in self.measures if measure.open), None)

    @property
    def hold(self) -> Hold | None:
        """The interim hold that is on, if any."""
        return next((hold for hold in self.holds if hold.released_at is None), None)

    def measure(self, number: int) -> Measure | None:
        """The measure that the entry `number` proposed."""
        return next((measure for measure in self.measures if measure.number == number), None)

    def appeal(self, number: int) -> Appeal | None:
        """The appeal that the entry `number` filed."""
        return next((appeal for appeal in self.appeals if appeal.number == number), None)

    def open_appeal(self, of: int) -> Appeal | None:
        """The unanswered appeal against a measure."""
        return next((appeal for appeal in self.appeals if appeal.of == of and appeal.answered_at is None), None)

    @property
    def took_part(self) -> frozenset[str]:
        """Everyone who had a part in what was decided so far: all but those who only spoke in an appeal (R32)."""
        return frozenset(entry.person for entry in self.entries if entry.person and entry.kind != "spoke")

    @property
    def over_at(self) -> datetime | None:
        """When the episode is over, None while nothing foreseeable ends it (S4).

        A reversal ends it at once; else it ends 30 days after its last measure or answer, unless a proposal waits.
        """
        if self.reversed_at is not None:
            return self.reversed_at
        taken = [m for m in self.measures if m.taken_at is not None and rank(m.step) >= rank("warn")]
        ends = [end for m in taken if (end := m.end) is not None]
        if not taken or self.waiting is not None or len(ends) < len(taken):
            return None
        return max([*ends, *([self.answered_at] if self.answered_at else [])]) + EPISODE_CLOSES

    def standing(self, now: datetime) -> Standing:
        """Where the account stands by this case alone: what `ledger.standing` says of `lines` (S3)."""
        over = self.over_at
        if over is not None and over <= now:
            return Standing(episode=self.episode_number + 1, evidence_from=over)
        return Standing(
            episode=self.episode_number,
            gamma=self.gamma,
            in_force=max((m.step for m in self.measures if m.in_force(now)), key=rank, default=NO_STEP),
            pending=self.waiting.step if self.waiting else NO_STEP,
            refused=frozenset(m.step for m in self.measures if m.ended_by == "refused"),
            acted_in_portfolio=any(m.taken_at and m.terms.needs_portfolio for m in self.measures),
            served={m.step: m.delivered_at for m in self.measures if m.delivered_at and m.served(now)},
        )
