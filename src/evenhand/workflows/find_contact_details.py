"""A stream of messages in, items of evidence out, a batch at a time: the way of a marketplace's whole `messages`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from evenhand.errors import MarketRefused
from evenhand.evidence.circumvention.contact.circumstances import Circumstances
from evenhand.evidence.circumvention.contact.conversation import Conversations, Item, Message
from evenhand.evidence.circumvention.contact.item import sealed

REQUIRED: Final = ("message_id", "sender_id", "recipient_id", "sent_at", "text")
OPTIONAL: Final = ("thread_id", "contract_since", "enterprise", "code_job")
"""`contract_since`: when a contract between the two began; `enterprise`, `code_job`: as in `Circumstances`."""

ITEMS: Final = pa.schema(
    [
        ("deed", pa.string()),
        ("kind", pa.string()),
        ("by", pa.string()),
        ("to", pa.string()),
        ("at", pa.timestamp("us")),
        ("places", pa.list_(pa.struct([("message_id", pa.string()), ("start", pa.int32()), ("end", pa.int32())]))),
        ("sealed_value", pa.string()),
        ("confidence", pa.float64()),
        ("after_contract", pa.bool_()),
        ("requested", pa.bool_()),
        ("allowance", pa.string()),
    ]
)
"""A row per item (R14). No text and no value is in it: places point into `messages`, `sealed_value` is a keyed hash."""

OFFERS: Final = pa.schema([("account_id", pa.string()), ("other_id", pa.string()), ("at", pa.timestamp("us"))])
"""A row per item that may be held against an account: who offered, to whom, when."""


@dataclass(kw_only=True)
class ContactDetails:
    """Reads batches of `messages` in the order of time; memory is that of one batch and of the latest conversations.

    `key` seals the values, `own_hosts` are the platform's own. Raises `MarketRefused` where a column is missing.
    """

    key: bytes
    own_hosts: frozenset[str] = frozenset()

    def items(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """A batch of items for every batch of messages, in the order of the messages; empty where nothing is found."""
        conversations = Conversations()
        for batch in batches:
            rows = [
                self._row(item)
                for message, around in self._messages(batch)
                for item in conversations.read(message, around)
            ]
            yield pa.RecordBatch.from_pylist(rows, schema=ITEMS)

    def _messages(self, batch: pa.RecordBatch) -> Iterator[tuple[Message, Circumstances]]:
        names = set(batch.schema.names)
        if missing := [name for name in REQUIRED if name not in names]:
            raise MarketRefused(
                f"no column `{missing[0]}` among `{'`, `'.join(batch.schema.names)}`",
                where="messages",
                hint=f"these are needed: `{'`, `'.join(REQUIRED)}`",
            )
        columns = [batch.column(name).to_pylist() for name in REQUIRED]
        threads, *circumstances = (
            batch.column(name).to_pylist() if name in names else [None] * batch.num_rows for name in OPTIONAL
        )
        plain = Circumstances(own_hosts=self.own_hosts)
        for number, (message_id, sender, recipient, at, text) in enumerate(zip(*columns, strict=True)):
            said = [column[number] for column in circumstances]
            around = self._around(*said) if any(said) else plain
            yield (
                Message(
                    message_id=str(message_id),
                    sender_id=str(sender),
                    recipient_id=str(recipient),
                    sent_at=at,
                    text=text,
                    thread_id=str(threads[number] or ""),
                ),
                around,
            )

    def _around(self, contract_since: datetime | None, enterprise: bool | None, code_job: bool | None) -> Circumstances:
        return Circumstances(
            contract_since=contract_since,
            enterprise=bool(enterprise),
            code_job=bool(code_job),
            own_hosts=self.own_hosts,
        )

    def _row(self, item: Item) -> dict[str, Any]:
        return {
            "deed": item.deed,
            "kind": item.kind,
            "by": item.by,
            "to": item.to,
            "at": item.at,
            "places": [{"message_id": one.message_id, "start": one.start, "end": one.end} for one in item.places],
            "sealed_value": sealed(item.value, self.key) if item.value else None,
            "confidence": item.confidence,
            "after_contract": item.after_contract,
            "requested": item.requested,
            "allowance": item.allowance,
        }


def write_offers(items: Iterable[pa.RecordBatch], path: Path) -> None:
    """Write of `items` (`ITEMS`) what may be held against whoever did it, as `conversation.answerable` has it.

    It is what `Engine.write_review` takes as `offers`; in the memory of one batch.
    """
    held = (pc.field("deed") == "offered") & ~pc.field("after_contract") & (pc.field("allowance") == "")
    with pq.ParquetWriter(path, OFFERS) as file:
        for batch in items:
            file.write_batch(batch.filter(held).select(["by", "to", "at"]).rename_columns(OFFERS.names))
