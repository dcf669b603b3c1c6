"""Messages or profiles in, items of evidence out, a batch at a time: the way of a marketplace's whole `messages`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import pyarrow as pa

from evenhand.errors import MarketRefused
from evenhand.evidence.circumvention.contact.circumstances import Circumstances
from evenhand.evidence.circumvention.contact.conversation import Conversations, Item, Message
from evenhand.evidence.circumvention.contact.item import sealed
from evenhand.evidence.circumvention.contact.profile import ProfileText, read_profile

REQUIRED: Final = ("message_id", "sender_id", "recipient_id", "sent_at", "text")
OPTIONAL: Final = ("thread_id", "contract_since", "enterprise", "code_job")
"""`contract_since`: when a contract between the two began; `enterprise`, `code_job`: as in `Circumstances`."""

OF_PROFILES: Final = ("text_id", "account_id", "published_at", "text")
"""The market has no table of profiles: they are handed over like messages, a row per text."""

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
        ("source", pa.string()),
    ]
)
"""A row per item (R14). No text and no value is in it: places point into the `source`, `sealed_value` is a keyed hash.

`source` is `messages` or `profiles`; in the latter `message_id` of a place is the `text_id`, and `to` is nobody.
"""


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
                self._row(item, "messages")
                for message, around in self._messages(batch)
                for item in conversations.read(message, around)
            ]
            yield pa.RecordBatch.from_pylist(rows, schema=ITEMS)

    def in_profiles(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The same for the texts of profiles, each read by itself; asking and declining are no items there."""
        for batch in batches:
            rows = [
                self._row(item, "profiles")
                for text_id, account_id, published_at, text in zip(
                    *_columns(batch, "profiles", OF_PROFILES), strict=True
                )
                for item in read_profile(
                    ProfileText(text_id=str(text_id), account_id=str(account_id), published_at=published_at, text=text),
                    self.own_hosts,
                )
            ]
            yield pa.RecordBatch.from_pylist(rows, schema=ITEMS)

    def _messages(self, batch: pa.RecordBatch) -> Iterator[tuple[Message, Circumstances]]:
        names = set(batch.schema.names)
        columns = _columns(batch, "messages", REQUIRED)
        threads, *circumstances = (
            batch.column(name).to_pylist() if name in names else [None] * batch.num_rows for name in OPTIONAL
        )
        plain = Circumstances(own_hosts=self.own_hosts)
        rows = zip(zip(*columns, strict=True), threads, zip(*circumstances, strict=True), strict=True)
        for (message_id, sender, recipient, at, text), thread, said in rows:
            around = self._around(*said) if any(said) else plain
            yield Message(str(message_id), str(sender), str(recipient), at, text, str(thread or "")), around

    def _around(self, contract_since: datetime | None, enterprise: bool | None, code_job: bool | None) -> Circumstances:
        return Circumstances(
            contract_since=contract_since,
            enterprise=bool(enterprise),
            code_job=bool(code_job),
            own_hosts=self.own_hosts,
        )

    def _row(self, item: Item, source: str) -> dict[str, Any]:
        return {
            "deed": item.deed,
            "kind": item.kind,
            "by": item.by,
            "to": item.to or None,
            "at": item.at,
            "places": [{"message_id": one.message_id, "start": one.start, "end": one.end} for one in item.places],
            "sealed_value": sealed(item.value, self.key) if item.value else None,
            "confidence": item.confidence,
            "after_contract": item.after_contract,
            "requested": item.requested,
            "allowance": item.allowance,
            "source": source,
        }


def _columns(batch: pa.RecordBatch, where: str, required: Sequence[str]) -> list[list[Any]]:
    """The required columns of a batch, in their order; refuses a batch without one."""
    if missing := [name for name in required if name not in batch.schema.names]:
        raise MarketRefused(
            f"no column `{missing[0]}` among `{'`, `'.join(batch.schema.names)}`",
            where=where,
            hint=f"these are needed: `{'`, `'.join(required)}`",
        )
    return [_values(batch.column(name)) for name in required]


def _values(column: pa.Array) -> list[Any]:
    """A column as Python values; times without a zone by way of NumPy, which is seventeen times as fast."""
    if column.type == pa.timestamp("us") and not column.null_count:
        return list(column.to_numpy(zero_copy_only=False).tolist())
    return list(column.to_pylist())
