"""Misconduct item by item: the judge of `evidence/conduct` as SQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from evenhand.decisions.rows import EvidenceRow, Value
from evenhand.engines.reference.admission import ReferenceMarket, Row
from evenhand.engines.reference.facts import facts
from evenhand.engines.reference.seen import Seen
from evenhand.evidence.conduct.item import COUNTS_DAYS, EXPIRES_DAYS, KINDS, UNNAMED, Item
from evenhand.evidence.conduct.question import ConductQuestion
from evenhand.evidence.linkage.grades import SUFFICES

MESSAGES = pa.schema(
    [
        *((name, pa.string()) for name in ("message_id", "sender_id", "recipient_id")),
        ("sent_at", pa.timestamp("us")),
        ("text", pa.string()),
        ("thread_id", pa.string()),
        ("contract_since", pa.timestamp("us")),
    ]
)

PROFILES = pa.schema(
    [
        ("text_id", pa.string()),
        ("account_id", pa.string()),
        ("published_at", pa.timestamp("us")),
        ("text", pa.string()),
    ]
)


def seen_messages(market: ReferenceMarket, seen: Seen) -> Iterator[pa.RecordBatch]:
    """Every message seen, oldest first."""
    rows = [
        {**message, "contract_since": _contract_since(seen, message["sender_id"], message["recipient_id"])}
        for message in sorted(market.tables["messages"], key=lambda m: (m["sent_at"], m["message_id"]))
        if message["sent_at"] <= seen.as_of and {message["sender_id"], message["recipient_id"]} <= seen.accounts.keys()
    ]
    yield pa.RecordBatch.from_pylist([{name: row[name] for name in MESSAGES.names} for row in rows], schema=MESSAGES)


def seen_profiles(market: ReferenceMarket, seen: Seen) -> Iterator[pa.RecordBatch]:
    """Every profile text that stands, as seen now."""
    rows = [
        {"text_id": text["text_id"], "account_id": text["account_id"], "published_at": seen.as_of, "text": text["text"]}
        for text in sorted(market.tables["profiles"], key=lambda text: str(text["text_id"]))
        if text["account_id"] in seen.accounts
        and text["published_at"] <= seen.as_of
        and (text["removed_at"] is None or text["removed_at"] > seen.as_of)
    ]
    yield pa.RecordBatch.from_pylist(rows, schema=PROFILES)


def _contract_since(seen: Seen, one: str, other: str) -> datetime | None:
    both = {(one, other), (other, one)}
    return min((c["started_at"] for c in seen.contracts if (c["account_id"], c["client_id"]) in both), default=None)


class Conduct:
    """The items that count at one time, and each account's row."""

    def __init__(self, market: ReferenceMarket, seen: Seen, found: Path, question: ConductQuestion) -> None:
        self._market, self._seen, self._question = market, seen, question
        told = [*pq.read_table(found).to_pylist(), *map(_reported, market.tables["incidents"])]
        counting = [item for row in told if (item := self._counting(row)) is not None]
        self.items = {account: _latest_first(counting, account) for account in seen.accounts}

    def _counting(self, row: Mapping[str, Any]) -> Item | None:
        """The item, if it counts."""
        question, account = self._question, self._seen.accounts.get(row["account_id"])
        if account is None or row["kind"] not in KINDS[question.procedure]:
            return None
        begins = [question.evidence_from, question.episodes.get(row["account_id"])]
        if row["at"] > question.as_of or any(begin is not None and row["at"] < begin for begin in begins):
            return None
        if row["kind"] == "linked_account" and self._answered(row):
            return None
        expires = EXPIRES_DAYS.get(row["kind"])
        if expires is not None and row["at"] <= question.as_of - timedelta(days=expires):
            return None
        met_at = self._met_at(row["account_id"], row["other_id"])
        until = met_at + timedelta(days=COUNTS_DAYS) if met_at else None
        between = row["kind"] in {"contact_offered", "paid_outside"}
        if row["kind"] == "contact_offered" and (row["offered_by"] != row["account_id"] or self._mates(row)):
            return None
        if between and until is not None and row["at"] >= until:
            return None
        return Item(**{**row, "period_until": until})

    def _answered(self, row: Mapping[str, Any]) -> bool:
        """Whether an appeal was won when both accounts were there already."""
        reversed_at, accounts = self._question.reversed.get(row["account_id"]), self._seen.accounts
        opened = [accounts[row[name]]["registered_at"] for name in ("account_id", "other_id") if row[name] in accounts]
        return reversed_at is not None and max(opened) <= reversed_at

    def _mates(self, row: Mapping[str, Any]) -> bool:
        """Whether the two are one account, or belong to one agency (M4)."""
        one, other = row["account_id"], row["other_id"]
        return other in self._seen.accounts and self._seen.unit(one) == self._seen.unit(other)

    def _met_at(self, one: str, other: str | None) -> datetime | None:
        """When the two met here: the first proposal, message or contract between them."""
        both = {(one, other), (other, one)}
        seen = self._seen
        times = [
            p["submitted_at"] for p in seen.proposals if (p["account_id"], seen.jobs[p["job_id"]]["client_id"]) in both
        ]
        times += [c["started_at"] for c in seen.contracts if (c["account_id"], c["client_id"]) in both]
        times += [
            m["sent_at"]
            for m in self._market.tables["messages"]
            if m["sent_at"] <= seen.as_of and (m["sender_id"], m["recipient_id"]) in both and other in seen.accounts
        ]
        return min(times, default=None)

    def row(self, account: str) -> EvidenceRow:
        """Facts and counts of one account."""
        items = self.items[account]
        count = self._offers if self._question.procedure == "circumvention" else self._links
        return {
            "account_id": account,
            "as_of": self._seen.as_of,
            **facts(self._seen, account),
            "items": len(items),
            **count(items),
            "entered_at": min((item.at for item in items), default=None),
        }

    def _offers(self, items: Sequence[Item]) -> dict[str, Value]:
        offers = [item for item in items if item.kind == "contact_offered"]
        return {
            "offered_to_365d": len({item.other_id for item in offers}),
            "unasked_365d": len({item.other_id for item in offers if not item.asked}),
            "paid_outside_730d": len({(i.at.date(), i.other_id or "") for i in items if i.kind == "paid_outside"}),
        }

    def _links(self, items: Sequence[Item]) -> dict[str, Value]:
        links = [item for item in items if item.kind == "linked_account"]
        papers = {i.other_id for i in links if i.grade in SUFFICES}
        return {
            "papers": len(papers),
            "resembling": len({i.other_id for i in links if i.grade not in SUFFICES}),
            "returned": len([other for other in papers if other and self._seen_closed(other)]),
            "used_by_another_365d": len({i.at.date() for i in items if i.kind == "used_by_another"}),
        }

    def _seen_closed(self, account: str) -> bool:
        row = self._seen.accounts.get(account)
        return row is not None and row["closed_at"] is not None and row["closed_at"] <= self._seen.as_of

    def met(self, account: str) -> set[str]:
        """Served steps after which something was seen again."""
        own = [opening for opening in self._question.openings if opening.account_id == account]
        return {o.step for o in own if any(item.at > o.since for item in self.items[account])}


def _reported(incident: Row) -> dict[str, Any]:
    """An incident as an item."""
    offered_by = incident["offered_by"]
    return {
        "account_id": incident["account_id"],
        "kind": incident["kind"],
        "at": incident["happened_at"],
        "source": incident["source"] or UNNAMED,
        "seen_by": incident["seen_by"],
        "what": incident["what"],
        "words": None,
        "offered_by": offered_by if incident["kind"] == "contact_offered" else offered_by or incident["account_id"],
        "other_id": incident["other_id"],
        "grade": None,
        "asked": False,
    }


def _latest_first(items: Iterable[Item], account: str) -> tuple[Item, ...]:
    own = [item for item in items if item.account_id == account]
    own.sort(key=lambda i: (i.kind, i.source, i.other_id is None, i.other_id or "", i.what))
    return tuple(sorted(own, key=lambda i: i.at, reverse=True))
