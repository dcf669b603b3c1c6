"""What an evaluation proposes becomes cases: one per account and procedure, and nothing twice (S1)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Final

from evenhand.decisions.case.body import mapping
from evenhand.decisions.case.case import Case
from evenhand.decisions.case.entry import CaseHead, Moves
from evenhand.decisions.case.fold import fold
from evenhand.decisions.case.proposing import Proposal as Proposed
from evenhand.decisions.case.proposing import open_case, propose, rests_on
from evenhand.decisions.case.reviewing import flag, outdate
from evenhand.decisions.ledger import Standing
from evenhand.decisions.portfolio import family_year, weight
from evenhand.decisions.reasons import measure_record
from evenhand.decisions.rows import EvidenceRow, item_as_json, row_as_json
from evenhand.errors import ActRefused, NoticeRefused, Outdated, StoreRefused
from evenhand.evidence.conduct.item import MOST_ITEMS
from evenhand.policy.types import Policy
from evenhand.ports import Engine
from evenhand.vocabulary import rank, restricts
from evenhand.workflows.form_portfolio import heads
from evenhand.workflows.office import ATTEMPTS, Office
from evenhand.workflows.precedents import STANDING
from evenhand.workflows.propose_measures import Proposal

BATCH: Final = 200
"""Accounts whose proposals one transaction keeps."""


@dataclass(frozen=True, kw_only=True)
class Regimes:
    """The legal regime on record with a case: by country of the account, else the usual one (R16)."""

    usual: str
    by_country: Mapping[str, str]

    def of(self, country: object) -> str:
        """The regime of a country."""
        return self.by_country.get(str(country), self.usual)


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What came of a run's proposals: kept, already waiting, refused by their case (account and why), flagged.

    `flagged` counts measures in force that go to a review because the group of the account is held (E4), `outdated`
    what waited and lapsed because today's evidence would not propose it.
    """

    proposed: int
    waiting: int
    refused: tuple[tuple[str, str], ...]
    flagged: int
    outdated: int


def open_cases(
    office: Office, engine: Engine, policy: Policy, proposal: Proposal, regimes: Regimes, now: datetime
) -> Opened:
    """Keep every proposed measure as a proposal in a case; run again after whatever broke off, nothing is doubled."""
    run = _Run(office=office, engine=engine, policy=policy, proposal=proposal, regimes=regimes, now=now)
    rows = iter(engine.measures())
    kept, asked, refused = 0, 0, list[tuple[str, str]]()
    while batch := list(islice(rows, BATCH)):
        acts, no = run.keep(batch)
        kept, asked, refused = kept + acts, asked + len(batch), refused + no
    return Opened(
        proposed=kept,
        waiting=asked - kept - len(refused),
        refused=tuple(refused),
        flagged=_flag_held(run, engine),
        outdated=_let_go(run, engine),
    )


@dataclass(frozen=True, kw_only=True)
class _Run:
    office: Office
    engine: Engine
    policy: Policy
    proposal: Proposal
    regimes: Regimes
    now: datetime

    def keep(self, rows: Sequence[EvidenceRow]) -> tuple[int, list[tuple[str, str]]]:
        """Keep the proposals of these accounts in one transaction, or each in its own where that cannot be.

        Says how many it kept, and what was refused: by a case, or because the account was erased.
        """
        acts, refused = list[tuple[Moves, CaseHead]](), list[tuple[str, str]]()
        for row in rows:
            try:
                acts += self._acts(row)
            except (ActRefused, NoticeRefused) as refusal:
                refused.append((str(row["account_id"]), refusal.message))
        try:
            self.office.store.append_all(acts)
        except StoreRefused:
            alone = [self._alone(row) for row in rows]
            return sum(kept for kept, _ in alone), [no for _, no in alone if no is not None]
        return len(acts), refused

    def _alone(self, row: EvidenceRow) -> tuple[int, tuple[str, str] | None]:
        account = str(row["account_id"])
        for _ in range(ATTEMPTS):
            try:
                acts = self._acts(row)
                self.office.store.append_all(acts)
            except Outdated:
                continue
            except (ActRefused, NoticeRefused, StoreRefused) as refusal:
                return 0, (account, refusal.message)
            return len(acts), None
        return 0, (account, "others keep acting on this case")

    def _acts(self, row: EvidenceRow) -> Sequence[tuple[Moves, CaseHead]]:
        """What a row adds to the case of its account, or to a new one; nothing where its step waits already."""
        account = str(row["account_id"])
        running = self.office.store.open_case(account, self.policy.procedure)
        case = self.office.tick(running, self.now) if running else None
        opening = Moves()
        if case is None or case.closed_at is not None:
            opening = self._opening(account, row)
            case = fold(opening.entries, self.now)
        moves = propose(case, self._proposed(row), max(self.now, case.last.at))
        if not moves.entries:
            return []
        kept, head = self.office.kept(case, moves)
        return [(opening + kept, head)]

    def _opening(self, account: str, row: EvidenceRow) -> Moves:
        standing = self.proposal.history.standings.get(account, Standing())
        return open_case(
            name(self.policy.procedure, account, len(self.office.store.cases_of(account)) + 1),
            account,
            self.policy.procedure,
            self.policy.profile,
            self.now,
            regime=self.regimes.of(row["country"]),
            episode=standing.episode,
            gamma=standing.gamma or self._gamma(row),
        )

    def _gamma(self, row: EvidenceRow) -> float | None:
        """The weight of a new hypothesis, given once and never changed (S5)."""
        family, entered_at = self.policy.guarantee.family, row["entered_at"]
        if family is None or not isinstance(entered_at, datetime):
            return None
        return weight(family_year(entered_at, self.proposal.history.first_run or self.now), family)

    def _proposed(self, row: EvidenceRow) -> Proposed:
        account = str(row["account_id"])
        standing = self.proposal.history.standings.get(account, Standing())
        record = measure_record(row, self.policy, standing, self.proposal.as_of)
        step = next(step for step in self.policy.steps if step.step == record["step"])
        made = rests_on(self.policy, step, row_as_json(row), mapping(record, "reason"), str(record["sentence"]))
        items = self.engine.items([account]).get(account, ()) if self.policy.rests_on_items else ()
        # Where there are too many to name, what weighs more than a contact detail comes first, then the latest.
        named = sorted(items, key=lambda item: item.kind == "contact_offered")[:MOST_ITEMS]
        return replace(made, items=[item_as_json(item) for item in named])


def name(procedure: str, account: str, count: int) -> str:
    """The name of the account's case number `count`: the same for everybody who would open it, so that one does.

    >>> name("mismatch", "ana", 1)
    'mismatch-d59122ce7405b274'
    """
    return f"{procedure}-{hashlib.sha256(f'{procedure} {count} {account}'.encode()).hexdigest()[:16]}"


WAITING: Final = ("hearing", "review", "second", "portfolio", "notice")
"""Stages in which a measure has not begun."""

BARRING: Final = frozenset({"closed", "withheld", "vetoed", "held"})
"""What stands against every step, whatever else is on record."""


def _let_go(run: _Run, engine: Engine) -> int:
    """Let lapse what waits and what today's evidence would not propose: a win since, an exemption, a held group."""
    lapsed = 0
    for stage in WAITING:
        for head in heads(run.office, stage):
            row = engine.account(head.account_id) if head.procedure == run.policy.procedure else None
            if row is not None and not _still(row, head.step):
                before = run.office.case(head.case_id, run.now).last.number
                lapsed += run.office.act(head.case_id, outdate, run.now).last.number > before
    return lapsed


def _still(row: EvidenceRow, step: str) -> bool:
    exempt = bool(row["exempt"]) and step != "advise"
    return rank(str(row["reaches"])) >= rank(step) and not exempt and row["blocked_by"] not in BARRING


def _flag_held(run: _Run, engine: Engine) -> int:
    """Send measures in force to a review where the account's group is held now; they are not extended (E4)."""
    if not run.proposal.measured.guards:
        return 0
    flagged = 0
    for head in (head for stage in STANDING for head in heads(run.office, stage)):
        restricted = head.procedure == run.policy.procedure and restricts(head.step)
        row = engine.account(head.account_id) if restricted else None
        if row is not None and row["group_held"] is True:
            flagged += _flag(run, head, row)
    return flagged


def _flag(run: _Run, head: CaseHead, row: EvidenceRow) -> int:
    groups = row["held_groups"]
    because = "held group " + ", ".join(groups if isinstance(groups, tuple) else ())
    case = run.office.case(head.case_id, run.now)
    standing = [m.number for m in case.measures if m.in_force(run.now) and restricts(m.step) and m.flagged_at is None]
    for number in standing:
        run.office.act(head.case_id, partial(flagging, of=number, because=because), run.now)
    return len(standing)


def flagging(case: Case, at: datetime, *, of: int, because: str) -> Moves:
    """The deed that flags a measure."""
    return flag(case, of, because, at)
