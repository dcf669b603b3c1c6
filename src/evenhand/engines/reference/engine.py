"""The slow, obvious engine: plain Python, account after account. It judges the others."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa

from evenhand.decisions.decide import decide
from evenhand.decisions.ledger import Standing
from evenhand.decisions.portfolio import Candidate, family_year
from evenhand.decisions.rows import EvidenceRow, Value
from evenhand.engines.reference.activity import Counted, counted, excluded
from evenhand.engines.reference.admission import Row, admit, count_later
from evenhand.engines.reference.conduct import Conduct, seen_messages, seen_profiles
from evenhand.engines.reference.facts import facts, unknown
from evenhand.engines.reference.fair_share import fields_of
from evenhand.engines.reference.guards import GroupGuards
from evenhand.engines.reference.passed_over import passed_over
from evenhand.engines.reference.seen import Seen, look
from evenhand.engines.reference.stream import write_stream
from evenhand.engines.reference.tables import (
    write_conduct,
    write_counted,
    write_evidence,
    write_items,
    write_quarantine,
)
from evenhand.evidence.activity import grid, restart, review
from evenhand.evidence.activity.fitted import check_recorded
from evenhand.evidence.activity.question import Measured, Question
from evenhand.evidence.activity.units import CountedUnit, PassedOver
from evenhand.evidence.conduct.item import Item
from evenhand.evidence.conduct.question import ConductQuestion
from evenhand.market.admission import Admission
from evenhand.market.staging import StagedMarket
from evenhand.policy.types import Policy
from evenhand.vocabulary import NO_STEP, Procedure, restricts

State = tuple[int, int, list[int]]
"""Wins, fair wins in millionths of a millionth, and the nineteen sums of one outcome."""


class ReferenceEngine:
    """One run, all of it in memory."""

    _procedure: Procedure = "mismatch"
    _market: StagedMarket | None = None

    name = "reference"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def admit(self, market: StagedMarket) -> Admission:
        """See `ports.Engine.admit`."""
        if market is not self._market:
            self._market, self._admitted = market, admit(market)
        return self._admitted.admission

    def later(self, as_of: datetime) -> Mapping[str, int]:
        """See `ports.Engine.later`."""
        return count_later(self._admitted.market, as_of)

    def seen_messages(self, as_of: datetime) -> Iterable[pa.RecordBatch]:
        """See `ports.Engine.seen_messages`."""
        return seen_messages(self._admitted.market, look(self._admitted.market, as_of))

    def seen_profiles(self, as_of: datetime) -> Iterable[pa.RecordBatch]:
        """See `ports.Engine.seen_profiles`."""
        return seen_profiles(self._admitted.market, look(self._admitted.market, as_of))

    def weigh(self, found: Path, question: ConductQuestion) -> Measured:
        """See `ports.Engine.weigh`."""
        self._procedure = question.procedure
        self._seen = look(self._admitted.market, question.as_of)
        self._conduct = Conduct(self._admitted.market, self._seen, found, question)
        self._rows = {account: dict(self._conduct.row(account)) for account in sorted(self._seen.accounts)}
        return Measured(
            accounts=len(self._rows),
            undecidable=len([row for row in self._rows.values() if row["items"] == 0]),
            views=False,
            shortlists=False,
            hypotheses={},
            blind=(),
            hidden_wins=0.0,
            late_hires=0.0,
        )

    def items(self, accounts: Collection[str]) -> Mapping[str, Sequence[Item]]:
        """See `ports.Engine.items`."""
        known = self._conduct.items
        return {account: known[account] for account in accounts if known.get(account)}

    def measure(self, question: Question) -> Measured:
        """See `ports.Engine.measure`."""
        self._procedure = "mismatch"
        self._question = question
        self._seen = look(self._admitted.market, question.as_of)
        self._views = any(_by(p["viewed_at"], self._seen) for p in self._seen.proposals)
        self._shortlists = any(_by(p["interviewed_at"], self._seen) for p in self._seen.proposals)
        outcomes = (False, True) if self._shortlists else (False,)
        if question.impressions:
            ranks = any(p["shown_rank"] is not None for p in self._seen.proposals)
            check_recorded(ranks=ranks, views=self._views)
        self._judged = {outcome: fields_of(self._seen, question, shortlist=outcome) for outcome in outcomes}
        self._units = [
            unit
            for outcome, judged in self._judged.items()
            for unit in counted(question, judged, shortlist=outcome, views=self._views)
        ]
        self._spread = review.spread([self._hires(account) for account in self._sample()])
        self._rows = {account: self._evidence(account) for account in sorted(self._seen.accounts)}
        self._guard(question)
        return self._measured()

    def _guard(self, question: Question) -> None:
        """Hold the groups that a guard speaks for."""
        self._guards = GroupGuards(self._seen, self._judged[False], question.guards)
        line = math.log(question.guards.suspect)
        suspects = [a for a, row in self._rows.items() if any(_float(row, name) >= line for name in question.log_es)]
        for account, names in self._guards.held(suspects).items():
            self._rows[account] |= {"group_held": bool(names), "held_groups": names}

    def candidates(self, policy: Policy, standings: Mapping[str, Standing]) -> Sequence[Candidate]:
        """See `ports.Engine.candidates`."""
        found = []
        for account, row in self._rows.items():
            refused = standings.get(account, Standing()).refused
            imagined = {**row, "in_portfolio": True}
            barred = row["closed_at"] is not None or row["group_held"] or policy.veto.truth(row)
            exempt = any(e.when.truth(imagined) for e in policy.exempt)
            steps = [s for s in policy.steps if s.needs_portfolio and s.step not in refused and s.when.truth(imagined)]
            if steps and not barred and not exempt:
                entered = min(u.settled_at for u in self._units if u.account_id == account)
                found.append(Candidate(account_id=account, log_e=_float(row, "log_e"), entered_at=entered))
        return found

    def decide(
        self, policy: Policy, standings: Mapping[str, Standing], portfolio: Collection[str], *, cap: int, withheld: bool
    ) -> None:
        """See `ports.Engine.decide`."""
        decisions = {}
        for account, row in self._rows.items():
            if not policy.rests_on_items:
                self._rows[account] = {**row, "in_portfolio": account in portfolio}
            standing = standings.get(account, Standing())
            decisions[account] = decide(self._rows[account], policy, standing, self._met(account), withheld=withheld)
        restricted = [account for account, decision in decisions.items() if restricts(decision.measure)]
        strongest = sorted(restricted, key=lambda account: (-_float(self._rows[account], policy.strength), account))
        for account in strongest[cap:]:
            decisions[account] = decisions[account]._replace(measure=NO_STEP, blocked_by="cap")
        for account, decision in decisions.items():
            self._rows[account] = {
                **self._rows[account],
                "exempt": decision.exempt,
                "reaches": decision.reaches,
                "measure": decision.measure,
                "blocked_by": decision.blocked_by,
                "why": decision.why,
            }

    def measures(self) -> Iterator[EvidenceRow]:
        """See `ports.Engine.measures`."""
        return (row for row in self._rows.values() if row["measure"] != NO_STEP)

    def account(self, account_id: str) -> EvidenceRow | None:
        """See `ports.Engine.account`."""
        return self._rows.get(account_id)

    def tally(self, column: str) -> Mapping[str, int]:
        """See `ports.Engine.tally`."""
        return dict(sorted(Counter(str(row[column]) for row in self._rows.values() if row[column] is not None).items()))

    def units(self, accounts: Collection[str]) -> Mapping[str, Sequence[CountedUnit]]:
        """See `ports.Engine.units`."""
        return {account_id: self._units_of(account_id) for account_id in accounts}

    def _units_of(self, account_id: str) -> Sequence[CountedUnit]:
        own = [path for outcome in (False, True) for path in self._path(account_id, shortlist=outcome)]
        return sorted(own, key=lambda unit: (unit.settled_at, unit.job_id, unit.outcome))

    def passed_over(self, accounts: Collection[str]) -> Mapping[str, Sequence[PassedOver]]:
        """See `ports.Engine.passed_over`."""
        hires = [unit for unit in self._units if not unit.shortlist]
        fields = {job["job_id"]: fields[0] for job, _, fields in self._judged[False]}
        return {
            account_id: passed_over(self._seen, self._question, account_id, hires, fields, views=self._views)
            for account_id in accounts
        }

    def write_evidence(self, path: Path) -> None:
        """See `ports.Engine.write_evidence`."""
        rows = list(self._rows.values())
        if self._procedure == "mismatch":
            write_evidence(rows, self._question, path)
        else:
            write_conduct(rows, self._procedure, path)

    def write_items(self, path: Path) -> None:
        """See `ports.Engine.write_items`."""
        write_items([item for account in self._rows for item in self._conduct.items[account]], path)

    def write_counted(self, path: Path) -> None:
        """See `ports.Engine.write_counted`."""
        write_counted([(account, unit) for account in self._rows for unit in self._units_of(account)], path)

    def write_quarantine(self, path: Path) -> None:
        """See `ports.Engine.write_quarantine`."""
        write_quarantine(self._admitted.quarantine, path)

    def write_review(self, as_of: datetime, path: Path, *, settle_days: int, offers: Path | None = None) -> None:
        """See `ports.Engine.write_review`."""
        write_stream(self._admitted.market, as_of, settle_days, path, offers)

    def _evidence(self, account_id: str) -> dict[str, Value]:
        """One row in the order of `evidence.parquet`, the decision's columns aside."""
        known = facts(self._seen, account_id)
        own = [unit for unit in self._units if unit.account_id == account_id]
        hires, shortlists = (_state([u for u in own if u.shortlist is outcome]) for outcome in (False, True))
        floors = sorted(self._question.floors)
        floor = self._question.floor
        return {
            "account_id": account_id,
            "as_of": self._question.as_of,
            **known,
            "decided": len([u for u in own if not u.shortlist]),
            "fair_wins": float(hires[1]) / grid.SCALE,
            "wins": hires[0],
            "decided_shortlist": len([u for u in own if u.shortlist]),
            "fair_shortlists": float(shortlists[1]) / grid.SCALE,
            "shortlists": shortlists[0],
            "odds_ratio": grid.odds_ratio(hires[0], hires[2]),
            "odds_ratio_low": grid.odds_ratio_low(hires[0], hires[2]),
            "odds_ratio_high": grid.odds_ratio_high(hires[0], hires[2]),
            "log_e_hire": self._outcome(own, floor, shortlist=False),
            "log_e_shortlist": self._outcome(own, floor, shortlist=True) if self._shortlists else None,
            "log_e": self._both(own, floor),
            "review_priority": review.below(self._hires(account_id), self._spread, floor) if hires[1] else None,
            **{grid.log_e_at(floor): self._both(own, floor) for floor in floors},
            "entered_at": min((u.settled_at for u in own), default=None),
            "in_portfolio": False,
            "group_held": False,
            "held_groups": (),
        }

    def _sample(self) -> list[str]:
        """The accounts from which the spread of odds ratios is estimated."""
        counted_ = {unit.account_id for unit in self._units if not unit.shortlist}
        return sorted(counted_, key=lambda account: hashlib.sha256(account.encode()).hexdigest())[: review.SAMPLE]

    def _hires(self, account_id: str) -> review.State:
        wins, _, sums = _state([u for u in self._units if u.account_id == account_id and not u.shortlist])
        return wins, sums

    def _outcome(self, own: Sequence[Counted], floor: float, *, shortlist: bool) -> float:
        """Log e of one outcome of an account: of its whole record, or the mean of that and of later beginnings."""
        units = [u for u in own if u.shortlist is shortlist]
        entered_at = min((u.settled_at for u in own), default=self._seen.as_of)
        log_es = []
        for start in range(restart.LATEST + 1):
            wins, _, sums = _state([u for u in units if restart.month(u.submitted_at, entered_at) >= start])
            log_es.append(grid.log_e(wins, sums, floor))
        return restart.log_mixture(log_es) if self._question.restart_mixture else log_es[0]

    def _both(self, own: Sequence[Counted], floor: float) -> float:
        """Log of the mean over both outcomes, where the market has both."""
        hire = self._outcome(own, floor, shortlist=False)
        return grid.log_mean(hire, self._outcome(own, floor, shortlist=True)) if self._shortlists else hire

    def _log_e(self, hires: State, shortlists: State, floor: float) -> float:
        hire = grid.log_e(hires[0], hires[2], floor)
        return grid.log_mean(hire, grid.log_e(shortlists[0], shortlists[2], floor)) if self._shortlists else hire

    def _met(self, account_id: str) -> set[str]:
        return self._went_on(account_id) if self._procedure == "mismatch" else self._conduct.met(account_id)

    def _went_on(self, account_id: str) -> set[str]:
        """Served steps since whose delivery the evidence went on: 1 fair win or more, log e above 0 (S4)."""
        met = set()
        for opening in self._question.openings:
            since = [u for u in self._units if u.account_id == account_id and u.submitted_at > opening.since]
            hires, shortlists = (_state([u for u in since if u.shortlist is outcome]) for outcome in (False, True))
            went_on = hires[1] >= grid.SCALE and self._log_e(hires, shortlists, self._question.floor) > 0
            if opening.account_id == account_id and went_on:
                met.add(opening.step)
        return met

    def _path(self, account_id: str, *, shortlist: bool) -> Iterator[CountedUnit]:
        own = [u for u in self._units if u.account_id == account_id and u.shortlist is shortlist]
        own.sort(key=lambda u: (u.settled_at, u.job["posted_at"], u.job["job_id"]))
        before = 0.0
        for end, unit in enumerate(own, start=1):
            wins, _, sums = _state(own[:end])
            after = grid.log_e(wins, sums, self._question.floor)
            yield CountedUnit(
                outcome="shortlist" if shortlist else "hire",
                job_id=unit.job["job_id"],
                client_id=unit.job["client_id"],
                submitted_at=unit.submitted_at,
                settled_at=unit.settled_at,
                chosen=unit.won,
                odds=unit.odds,
                fair_share=float(grid.fair_share(unit.odds)) / grid.SCALE,
                factor=math.exp(after - before),
                log_e=after,
            )
            before = after

    def _measured(self) -> Measured:
        first_run = self._question.first_run or self._question.as_of
        entered: dict[str, int] = {}
        for unit in sorted(self._units, key=lambda u: u.settled_at):
            entered.setdefault(unit.account_id, family_year(unit.settled_at, first_run))
        contracts = self._seen.contracts
        named = [c for c in contracts if c["job_id"] is not None]
        late = [c for c in named if _late(c, self._seen, self._question.settle_days)]
        return Measured(
            accounts=len(self._rows),
            undecidable=len([row for row in self._rows.values() if _float(row, "fair_wins") < grid.ENOUGH]),
            views=self._views,
            shortlists=self._shortlists,
            hypotheses=dict(Counter(entered.values())),
            blind=unknown(self._seen),
            hidden_wins=self._seen.hidden_wins(),
            late_hires=len(late) / len(named) if named else 0.0,
            excluded_jobs=sum(excluded(job, self._question) for job in self._seen.jobs.values()),
            guards=self._guards.shown(),
        )


def _by(time: datetime | None, seen: Seen) -> bool:
    """Whether `time` is known at `as_of`."""
    return time is not None and time <= seen.as_of


def _late(contract: Row, seen: Seen, settle_days: int) -> bool:
    closed_at: datetime | None = seen.jobs[contract["job_id"]]["closed_at"]
    started_at: datetime = contract["started_at"]
    return closed_at is not None and started_at > closed_at + timedelta(days=settle_days)


def _state(units: Sequence[Counted]) -> State:
    """Wins, fair wins and sums of `units`."""
    sums = [0] * (len(grid.GRID) - 1)
    for unit in units:
        sums = [a + b for a, b in zip(sums, grid.terms(unit.odds), strict=True)]
    return sum(u.won for u in units), sum(grid.fair_share(u.odds) for u in units), sums


def _float(row: EvidenceRow, name: str) -> float:
    value = row[name]
    return float(value) if isinstance(value, int | float) else math.nan
