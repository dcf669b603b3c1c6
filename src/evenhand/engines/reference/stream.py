"""The behavioural stream, talk by talk: the judge of `evidence/circumvention/stream` as SQL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from evenhand.decisions.rows import Value
from evenhand.engines.reference.admission import ReferenceMarket, Row
from evenhand.engines.reference.seen import Seen, look
from evenhand.engines.reference.tables import write_review
from evenhand.evidence.circumvention.stream import queue, rule


@dataclass(frozen=True, kw_only=True)
class Talk:
    """The last talk of one settled job: whom the client turned to last, and whether it ended without a hire."""

    job: Row
    account_id: str
    settled_at: datetime
    ended: bool

    @property
    def client_id(self) -> str:
        """The other party."""
        client_id: str = self.job["client_id"]
        return client_id

    @property
    def cancelled(self) -> bool:
        """Whether the job was called off: no evidence, but counted."""
        cancelled: bool = self.job["outcome"] == "cancelled"
        return cancelled


def write_stream(market: ReferenceMarket, as_of: datetime, settle_days: int, path: Path, offers: Path | None) -> None:
    """Write `review_circumvention.parquet`."""
    seen = look(market, as_of)
    messages = [
        m
        for m in market.tables["messages"]
        if m["sent_at"] <= as_of and m["sender_id"] in seen.accounts and m["recipient_id"] in seen.accounts
    ]
    last = list(_last_talks(seen, messages, settle_days))
    scored = list(_scored([talk for talk in last if not talk.cancelled]))
    tiny = list(_tiny(seen, messages))
    offered = pq.read_table(offers).to_pylist() if offers else []
    rows = [_row(seen, account_id, last, scored, tiny, offered) for account_id in sorted(seen.accounts)]
    write_review([{**row, "queue_place": place} for row, place in zip(rows, _places(rows), strict=True)], path)


def _last_talks(seen: Seen, messages: Sequence[Row], settle_days: int) -> Iterator[Talk]:
    jobs = [j for j in seen.jobs.values() if j["closed_at"] is not None and j["closed_at"] <= seen.as_of]
    for job in sorted(jobs, key=lambda j: (j["closed_at"], j["posted_at"], j["job_id"])):
        settled_at = job["closed_at"] + timedelta(days=settle_days)
        if settled_at > seen.as_of or job["outcome"] == "removed" or job["job_id"] in seen.voided:
            continue
        hires = [c["started_at"] for c in seen.contracts if c["job_id"] == job["job_id"]]
        hired_at = min((time for time in hires if time <= settled_at), default=None)
        said = [
            (account_id, at)
            for account_id, at in _said(seen, messages, job)
            if at <= job["closed_at"] and (hired_at is None or at < hired_at)
        ]
        if said:
            latest = max(at for _, at in said)
            account_id = min(account_id for account_id, at in said if at == latest)
            began_at = min(at for other, at in said if other == account_id)
            between = [c["started_at"] for c in seen.contracts if _of(c, account_id, job["client_id"])]
            together = any(began_at <= time <= settled_at for time in between)
            ended = hired_at is None and not together
            yield Talk(job=job, account_id=account_id, settled_at=settled_at, ended=ended)


def _said(seen: Seen, messages: Sequence[Row], job: Row) -> Iterator[tuple[str, datetime]]:
    """To whom the client of a job turned, and when."""
    client_id = job["client_id"]
    for p in seen.proposals:
        if p["job_id"] == job["job_id"] and p["interviewed_at"] is not None and p["account_id"] != client_id:
            yield p["account_id"], p["interviewed_at"]
    for m in messages:
        if m["job_id"] == job["job_id"] and m["sender_id"] == client_id and m["recipient_id"] != client_id:
            yield m["recipient_id"], m["sent_at"]


def _of(contract: Row, account_id: str, client_id: str) -> bool:
    return bool(contract["account_id"] == account_id and contract["client_id"] == client_id)


def _scored(talks: Sequence[Talk]) -> Iterator[tuple[Talk, int]]:
    """Talks that count, with the rate of their category as it was known before they settled; one for each pair."""
    pairs: set[tuple[str, str]] = set()
    for talk in talks:
        before = [t for t in talks if t.settled_at < talk.settled_at]
        own = [t for t in before if (t.job["category"] or "") == (talk.job["category"] or "")]
        pair = (talk.account_id, talk.client_id)
        if len(before) >= rule.LEAST and pair not in pairs:
            rate = rule.rate(sum(t.ended for t in own), len(own), sum(t.ended for t in before), len(before))
            if rate < rule.MOST:
                pairs.add(pair)
                yield talk, rate


def _tiny(seen: Seen, messages: Sequence[Row]) -> Iterator[frozenset[str]]:
    """Pairs with nothing but tiny contracts, whichever of the two was the client, all ended, and nothing since."""
    since = seen.as_of - timedelta(days=rule.SILENT_DAYS)
    for parties in {frozenset((c["account_id"], c["client_id"])) for c in seen.contracts}:
        contracts = [c for c in seen.contracts if {c["account_id"], c["client_id"]} == parties]
        spoke = any({m["sender_id"], m["recipient_id"]} == parties and m["sent_at"] > since for m in messages)
        if (
            len(parties) == 2
            and not spoke
            and all(_is_tiny(seen, c) and c["ended_at"] is not None and c["ended_at"] <= since for c in contracts)
        ):
            yield parties


def _is_tiny(seen: Seen, contract: Row) -> bool:
    budget = seen.jobs[contract["job_id"]]["budget_usd"] if contract["job_id"] is not None else None
    value = contract["value_usd"]
    return budget is not None and value is not None and bool(0 < budget >= value * rule.TINY)


def _row(
    seen: Seen,
    account_id: str,
    last: Sequence[Talk],
    scored: Sequence[tuple[Talk, int]],
    tiny: Sequence[frozenset[str]],
    offered: Sequence[Row],
) -> dict[str, Value]:
    own = [(talk, rate) for talk, rate in scored for party in (talk.account_id, talk.client_id) if party == account_id]
    ended = sum(talk.ended for talk, _ in own)
    sums = [sum(column) for column in zip(*(rule.terms(rate) for _, rate in own), strict=True)]
    cancelled = [
        talk for talk in last if talk.cancelled and talk.ended and account_id in (talk.account_id, talk.client_id)
    ]
    log_e = rule.log_e(ended, sums) if own else 0.0
    others = len({_other(talk, account_id) for talk, _ in own if talk.ended and _offered(offered, account_id, talk)})
    return {
        "account_id": account_id,
        "as_of": seen.as_of,
        "chats": len(own),
        "ended_without_hire": ended,
        "expected": float(sum(rate for _, rate in own)) / rule.PARTS,
        "log_e_bypass": log_e,
        "tiny_then_silent": len([pair for pair in tiny if account_id in pair]),
        "contact_then_cancelled": len(cancelled),
        "offered_then_ended": others,
        "stands_out": int(queue.stands_out(others, log_e)),
    }


def _offered(offered: Sequence[Row], account_id: str, talk: Talk) -> bool:
    """Whether an account offered a detail to the other party of a talk before it settled."""
    pair = (account_id, _other(talk, account_id))
    return any((o["account_id"], o["other_id"]) == pair and o["at"] <= talk.settled_at for o in offered)


def _other(talk: Talk, account_id: str) -> str:
    return talk.client_id if account_id == talk.account_id else talk.account_id


def _places(rows: Sequence[dict[str, Any]]) -> list[int]:
    """The place of each row in the queue, from 1."""
    ranks = [queue.rank(row["offered_then_ended"], row["log_e_bypass"], row["account_id"]) for row in rows]
    return [1 + sum(before < own for before in ranks) for own in ranks]
