"""An engine over a database that takes SQL: every stage one or a few set-based statements."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from evenhand.decisions.ledger import Standing
from evenhand.decisions.portfolio import Candidate
from evenhand.decisions.rows import EvidenceRow
from evenhand.decisions.statement import candidates_sql, decided_sql
from evenhand.engines.sql import conduct
from evenhand.engines.sql.admission import admit, count_later
from evenhand.engines.sql.database import Database, text
from evenhand.engines.sql.measure import measure
from evenhand.engines.sql.stream import write_review
from evenhand.evidence.activity.question import Measured, Question
from evenhand.evidence.activity.statement import path_sql
from evenhand.evidence.activity.units import CountedUnit, PassedOver
from evenhand.evidence.conduct.item import Item
from evenhand.evidence.conduct.question import ConductQuestion
from evenhand.evidence.statements import literal, statements
from evenhand.market.admission import Admission
from evenhand.market.staging import StagedMarket
from evenhand.policy.types import Policy


class SqlEngine:
    """`Engine` over `_con`, which a subclass opens on entering and closes on leaving."""

    _con: Database
    _admitted: tuple[StagedMarket, Admission] | None = None

    def admit(self, market: StagedMarket) -> Admission:
        """See `ports.Engine.admit`."""
        if self._admitted is None or self._admitted[0] is not market:
            self._admitted = market, admit(self._con, market)
        return self._admitted[1]

    def later(self, as_of: datetime) -> Mapping[str, int]:
        """See `ports.Engine.later`."""
        return count_later(self._con, as_of)

    def measure(self, question: Question) -> Measured:
        """See `ports.Engine.measure`."""
        self._question = question
        measured, self._values = measure(self._con, question)
        return measured

    def seen_messages(self, as_of: datetime) -> Iterable[pa.RecordBatch]:
        """See `ports.Engine.seen_messages`."""
        return conduct.seen_messages(self._con, as_of)

    def seen_profiles(self, as_of: datetime) -> Iterable[pa.RecordBatch]:
        """See `ports.Engine.seen_profiles`."""
        return conduct.seen_profiles(self._con, as_of)

    def weigh(self, found: Path, question: ConductQuestion) -> Measured:
        """See `ports.Engine.weigh`."""
        return conduct.weigh(self._con, found, question)

    def items(self, accounts: Collection[str]) -> Mapping[str, Sequence[Item]]:
        """See `ports.Engine.items`."""
        return conduct.items(self._con, self._numbers(accounts))

    def candidates(self, policy: Policy, standings: Mapping[str, Standing]) -> Sequence[Candidate]:
        """See `ports.Engine.candidates`."""
        self._register(standings)
        found = self._con.execute(candidates_sql(policy)).fetchall()
        return [Candidate(account_id=account, log_e=log_e, entered_at=entered) for account, log_e, entered in found]

    def decide(
        self, policy: Policy, standings: Mapping[str, Standing], portfolio: Collection[str], *, cap: int, withheld: bool
    ) -> None:
        """See `ports.Engine.decide`."""
        self._register(standings)
        if portfolio:
            self._con.register("portfolio", pa.table({"account_id": pa.array(sorted(portfolio), pa.string())}))
            self._con.execute(
                "create or replace temp table evidence as "
                "select * replace (account_id in (select account_id from portfolio) as in_portfolio) from evidence"
            )
            self._con.unregister("portfolio")
        self._con.execute(f"create or replace temp table decided as {decided_sql(policy, cap=cap, withheld=withheld)}")

    def _rows(self, where: str) -> Iterator[EvidenceRow]:
        """Rows of `decided` sorted by account; `where` is a condition over its columns."""
        found = self._con.execute(f"select * exclude (account) from decided where {where} order by account")
        names = [column[0] for column in found.description or ()]
        while batch := found.fetchmany(1000):
            for row in batch:
                yield {
                    name: tuple(value) if isinstance(value, list) else value
                    for name, value in zip(names, row, strict=True)
                }

    def measures(self) -> Iterator[EvidenceRow]:
        """See `ports.Engine.measures`."""
        return self._rows("measure <> 'none'")

    def account(self, account_id: str) -> EvidenceRow | None:
        """See `ports.Engine.account`."""
        return next(self._rows(f"account in {literal(self._numbers([account_id]))}"), None)

    def tally(self, column: str) -> Mapping[str, int]:
        """See `ports.Engine.tally`."""
        return dict(
            self._con.execute(
                f'select "{column}", count(*) from decided where "{column}" is not null group by all order by all'
            ).fetchall()
        )

    def units(self, accounts: Collection[str]) -> Mapping[str, Sequence[CountedUnit]]:
        """See `ports.Engine.units`."""
        told: dict[str, list[CountedUnit]] = {account_id: [] for account_id in accounts}
        own = f"(select * from counted where account in {literal(self._numbers(accounts))})"
        found = self._con.execute(f"{self._path(own)} order by account_id, settled_at, job_id, outcome").fetchall()
        for account_id, outcome, job, client, submitted, settled, chosen, odds, share, factor, log_e in found:
            told[account_id].append(
                CountedUnit(
                    outcome=outcome,
                    job_id=job,
                    client_id=client,
                    submitted_at=submitted,
                    settled_at=settled,
                    chosen=chosen,
                    odds=odds,
                    fair_share=share,
                    factor=factor,
                    log_e=log_e,
                )
            )
        return told

    def passed_over(self, accounts: Collection[str]) -> Mapping[str, Sequence[PassedOver]]:
        """See `ports.Engine.passed_over`."""
        told: dict[str, list[PassedOver]] = {account_id: [] for account_id in accounts}
        (statement,) = statements("activity/passed_over.sql", {**self._values, "accounts": self._numbers(accounts)})
        for account_id, job, submitted, why in self._con.execute(statement).fetchall():
            told[account_id].append(PassedOver(job_id=job, submitted_at=submitted, why=why))
        return told

    def write_evidence(self, path: Path) -> None:
        """See `ports.Engine.write_evidence`."""
        self._con.copy("select * exclude (account, closed_at, entered_at) from decided order by account", path)

    def write_counted(self, path: Path) -> None:
        """See `ports.Engine.write_counted`."""
        self._con.copy(f"{self._path('counted')} order by account_id, settled_at, job_id, outcome", path)

    def write_items(self, path: Path) -> None:
        """See `ports.Engine.write_items`."""
        conduct.write_items(self._con, path)

    def write_quarantine(self, path: Path) -> None:
        """See `ports.Engine.write_quarantine`."""
        self._con.copy('select * from market.quarantine order by "table", file, row', path)

    def write_review(self, as_of: datetime, path: Path, *, settle_days: int, offers: Path | None = None) -> None:
        """See `ports.Engine.write_review`."""
        write_review(self._con, as_of, settle_days, path, offers)

    def _path(self, counted: str) -> str:
        return (
            "select a.account_id, case when shortlist then 'shortlist' else 'hire' end as outcome, j.job_id, "
            "c.account_id as client_id, submitted_at, settled_at, won as chosen, odds, "
            f"share::double / 1e12 as fair_share, factor, log_e from ({path_sql(counted, self._question.floor)}) as p "
            "join market.accounts as a on a.account = p.account join market.accounts as c on c.account = p.client "
            "join market.jobs as j on j.job = p.job"
        )

    def _numbers(self, accounts: Collection[str]) -> tuple[int, ...]:
        """The numbers of `accounts`, and one that nobody has, so that the list is never empty."""
        listed = ", ".join(map(text, ("", *accounts)))
        found = self._con.execute(f"select account from market.accounts where account_id in ({listed})").fetchall()
        return (0, *(int(number) for (number,) in found))

    def _register(self, standings: Mapping[str, Standing]) -> None:
        """Put what the ledger says of each account beside its evidence."""
        listed = sorted(standings.items())
        table = pa.table(
            {
                "account_id": pa.array([account for account, _ in listed], pa.string()),
                "in_force": pa.array([s.in_force for _, s in listed], pa.string()),
                "pending": pa.array([s.pending for _, s in listed], pa.string()),
                "refused": pa.array([sorted(s.refused) for _, s in listed], pa.list_(pa.string())),
            }
        )
        self._con.register("standing_rows", table)
        self._con.execute(
            "create or replace temp table standings as select a.account, s.in_force, s.pending, s.refused "
            "from standing_rows as s join market.accounts as a using (account_id)"
        )
        self._con.unregister("standing_rows")
