"""What `as_of` sees of a market, row by row (`DATA.md`, "Time travel")."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from evenhand.engines.reference.admission import ReferenceMarket, Row


@dataclass(frozen=True, kw_only=True)
class Seen:
    """The rows that `as_of` sees; `strays` are (job, time or None), `voided` the jobs that count for nobody.

    `begun` holds the job of every contract that has begun, readable or not, None where it names none that is known.
    """

    as_of: datetime
    accounts: dict[str, Row]
    jobs: dict[str, Row]
    proposals: list[Row]
    strays: list[tuple[str, datetime | None]]
    contracts: list[Row]
    voided: frozenset[str]
    begun: list[str | None]
    payments: list[Row]
    breaks: list[Row]

    def unit(self, account_id: str) -> str:
        """Agency of an account, else the account itself (M4)."""
        return self.accounts[account_id]["agency_id"] or account_id

    def hidden_wins(self) -> float:
        """Share of contracts that are wins nobody can see: no known job, or the winner's proposal cannot be read."""
        strays = {job for job, _ in self.strays}
        proposed = {(p["job_id"], self.unit(p["account_id"])) for p in self.proposals}
        won = [(c["job_id"], self.unit(c["account_id"])) for c in self.contracts]
        unread = [win for win in won if win[0] in strays and win not in proposed]
        unknown = [job for job in self.begun if job not in self.jobs]
        return (len(unknown) + len(unread)) / len(self.begun) if self.begun else 0.0


def look(market: ReferenceMarket, as_of: datetime) -> Seen:
    """Cut `market` down to what `as_of` sees: a row whose own time has come, and that of all it refers to."""
    accounts = {a["account_id"]: a for a in market.tables["accounts"] if a["registered_at"] <= as_of}
    jobs = {j["job_id"]: j for j in market.tables["jobs"] if j["posted_at"] <= as_of and j["client_id"] in accounts}
    known = [p for p in market.tables["proposals"] if p["submitted_at"] <= as_of]
    started = [c for c in market.tables["contracts"] if c["started_at"] <= as_of]
    parties = [c for c in started if c["account_id"] in accounts and c["client_id"] in accounts]
    contracts = [c for c in parties if c["job_id"] is None or c["job_id"] in jobs]
    contract_ids = {c["contract_id"] for c in contracts}
    lost = [(job, time) for job, time in market.lost_contracts if time is None or time <= as_of]
    unread = [(job, time) for job, time in market.strays if time is None or time <= as_of]
    return Seen(
        as_of=as_of,
        accounts=accounts,
        jobs=jobs,
        proposals=[p for p in known if p["account_id"] in accounts and p["job_id"] in jobs],
        strays=[*unread, *((p["job_id"], p["submitted_at"]) for p in known if p["account_id"] not in accounts)],
        contracts=contracts,
        voided=frozenset(_voided(lost, started, parties)),
        begun=[*(job for job, _ in lost), *(c["job_id"] for c in started)],
        payments=[p for p in market.tables["payments"] if p["contract_id"] in contract_ids and p["paid_at"] <= as_of],
        breaks=[b for b in market.tables["breaks"] if b["account_id"] in accounts and b["from"] <= as_of],
    )


def _voided(lost: list[tuple[str | None, datetime | None]], started: list[Row], parties: list[Row]) -> Iterable[str]:
    """Jobs with a contract that cannot be read, or whose parties are not there yet."""
    yield from (job for job, _ in lost if job is not None)
    yield from (c["job_id"] for c in started if c not in parties and c["job_id"] is not None)
