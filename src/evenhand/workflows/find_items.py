"""Look for items of misconduct in a market, each procedure with its own detector, into one file (R14)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any, Final, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

from evenhand.errors import TooFew
from evenhand.evidence.conduct.item import PROGRAM, WHAT
from evenhand.policy.types import Policy
from evenhand.ports import Engine, Linkage
from evenhand.workflows.find_contact_details import ContactDetails

FOUND: Final = pa.schema(
    [
        ("account_id", pa.string()),
        ("kind", pa.string()),
        ("at", pa.timestamp("us")),
        ("source", pa.string()),
        ("seen_by", pa.string()),
        ("what", pa.string()),
        ("words", pa.string()),
        ("offered_by", pa.string()),
        ("other_id", pa.string()),
        ("grade", pa.string()),
        ("asked", pa.bool_()),
    ]
)
"""What a detector hands over, a row per item; `asked`: the other side had asked for it first.

`words` is the key of `WHAT` that `what` was taken from, so that letters can say it in other languages.
"""

Links: TypeAlias = Callable[[Engine, datetime], Linkage]
"""Gives what compares the accounts of an engine at a time; raises `RunRefused` where the engine cannot."""

LINKS: Final = "links.parquet"


@dataclass(frozen=True, kw_only=True)
class Find:
    """How items are looked for: with what compares accounts, and a folder for what is written on the way."""

    links: Links
    scratch: Path


@dataclass(frozen=True, kw_only=True)
class Found:
    """The file of what a detector found, a row per item (`FOUND`); why it could not look, if it could not.

    What people reported counts in either case.
    """

    path: Path
    unseen: str | None = None


def find_items(engine: Engine, policy: Policy, find: Find, as_of: datetime) -> Found:
    """Write what the detector of the policy's procedure finds at `as_of`, in the memory of one batch.

    Raises `RunRefused` where the engine has no such detector.
    """
    path, unseen = find.scratch / "found.parquet", None
    linkage = find.links(engine, as_of) if policy.procedure == "linkage" else None
    with pq.ParquetWriter(path, FOUND) as file:
        try:
            for batch in _links(linkage, as_of, find.scratch) if linkage else _offers(engine, policy, as_of):
                file.write_batch(batch)
        except TooFew as few:
            unseen = few.message
    return Found(path=path, unseen=unseen)


def _offers(engine: Engine, policy: Policy, as_of: datetime) -> Iterator[pa.RecordBatch]:
    """Raises `TooFew` where nobody wrote anything."""
    # No value of a detail is kept, so that the key that would seal it does not matter.
    details = ContactDetails(key=b"", own_hosts=frozenset(policy.own_hosts))
    read = False
    for reading, written in ((details.items, engine.seen_messages), (details.in_profiles, engine.seen_profiles)):
        batches = (batch for batch in written(as_of) if batch.num_rows)
        first = next(batches, None)
        if first is not None:
            read = True
            yield from map(offers, reading(chain([first], batches)))
    if not read:
        raise TooFew("the market has neither messages nor profiles")


def _links(linkage: Linkage, as_of: datetime, scratch: Path) -> Iterator[pa.RecordBatch]:
    linkage.link()
    linkage.write(scratch)
    with pq.ParquetFile(scratch / LINKS) as file:
        yield from (linked(batch, as_of) for batch in file.iter_batches())


def write_offers(items: Iterable[pa.RecordBatch], path: Path) -> None:
    """Write of `items` (`find_contact_details.ITEMS`) those that are held against whoever did it, as `FOUND`.

    It is also what `Engine.write_review` takes as `offers`; in the memory of one batch.
    """
    with pq.ParquetWriter(path, FOUND) as file:
        for batch in items:
            file.write_batch(offers(batch))


def offers(items: pa.RecordBatch) -> pa.RecordBatch:
    """Items of those contact details that an account named itself, before a contract, under no allowance.

    `items` has the columns of `find_contact_details.ITEMS`. Asking, receiving and declining are nobody's item.
    """
    return _batch([_offer(item) for item in items.to_pylist() if _is_held_against(item)])


def _is_held_against(item: Mapping[str, Any]) -> bool:
    return item["deed"] == "offered" and not item["after_contract"] and not item["allowance"]


def _offer(item: Mapping[str, Any]) -> dict[str, Any]:
    words = f"offered_{item['kind']}"
    places = ", ".join(dict.fromkeys(place["message_id"] for place in item["places"]))
    return {
        "account_id": item["by"],
        "kind": "contact_offered",
        "at": item["at"],
        "source": f"{item['source'].removesuffix('s')} {places}",
        "seen_by": PROGRAM,
        "what": WHAT[words],
        "words": words,
        "offered_by": item["by"],
        "other_id": item["to"],
        "grade": None,
        "asked": item["requested"],
    }


def linked(links: pa.RecordBatch, as_of: datetime) -> pa.RecordBatch:
    """Items of those links that call for a question: for the account that registered later, about the earlier one.

    `links` has the columns of `links.parquet`. Who has closed one of two accounts has nothing to answer; who came back
    after a closure has.
    """
    return _batch([_link(row, as_of) for row in links.to_pylist() if _is_open(row)])


def _is_open(row: Mapping[str, Any]) -> bool:
    return row["returned"] is not None or not (row["closed_l"] or row["closed_r"])


def _link(row: Mapping[str, Any], as_of: datetime) -> dict[str, Any]:
    later, words = row["returned"] or row["later"], f"shares_{row['grade']}"
    return {
        "account_id": later,
        "kind": "linked_account",
        "at": as_of,
        "source": f"a comparison of identities, {row['weight']:.1f} bits",
        "seen_by": PROGRAM,
        "what": WHAT[words],
        "words": words,
        "offered_by": None,
        "other_id": row["account_id_l"] if later == row["account_id_r"] else row["account_id_r"],
        "grade": row["grade"],
        "asked": False,
    }


def _batch(rows: Sequence[Mapping[str, Any]]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist([dict(row) for row in rows], schema=FOUND)
