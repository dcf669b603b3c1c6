"""What becomes of entries when they are kept, in any store: checked, sealed, written canonically, linked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from evenhand.decisions.case.entry import SEALED, CaseEntry, CaseHead, Moves
from evenhand.decisions.case.fold import fold
from evenhand.decisions.case.lines import lines
from evenhand.decisions.ledger import Entry
from evenhand.errors import StoreRefused
from evenhand.policy.conditions.reasons import Json
from evenhand.stores.audit.chain import canonical, link, text_of
from evenhand.stores.seal import open_fields, seal_fields

Act = tuple[Moves, CaseHead]
"""What an act adds to its case, and the head that the case then has."""


@dataclass(frozen=True, kw_only=True)
class Linked:
    """An entry as it is kept: `body` is canonical JSON with sealed fields as ciphertext, `hash` the chain's."""

    entry: CaseEntry
    body: str
    hash: bytes


def checked(acts: Sequence[Act]) -> Sequence[Act]:
    """The acts in the order of their cases; raises `StoreRefused` where what an act adds does not belong together."""
    ordered = sorted(acts, key=lambda act: act[1].case_id)
    for moves, head in ordered:
        _check(moves, head)
    for (_, head), (_, following) in pairwise(ordered):
        if head.case_id == following.case_id:
            raise StoreRefused("two acts on one case", where=head.case_id, hint="one after the other: read in between")
    return ordered


def _check(moves: Moves, head: CaseHead) -> None:
    numbers = [entry.number for entry in moves.entries]
    if not numbers or numbers[0] < 1 or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        raise StoreRefused(
            f"entries are numbered {numbers}", where=head.case_id, hint="number on from the case, in a row"
        )
    if {entry.case_id for entry in moves.entries} != {head.case_id}:
        raise StoreRefused("entries of another case", where=head.case_id, hint="append to one case at a time")
    if any(entry.at.tzinfo for entry in moves.entries):
        raise StoreRefused("a time with a zone", where=head.case_id, hint="times are UTC without a zone")


def has_personal_fields(moves: Moves) -> bool:
    """Whether a key is needed to keep these entries."""
    return any(not SEALED.get(entry.kind, frozenset()).isdisjoint(entry.body) for entry in moves.entries)


def linked(moves: Moves, tail: bytes, key: bytes | None) -> Iterator[Linked]:
    """The entries in the form in which they are kept, linked on from the hash `tail` of the case."""
    for entry in moves.entries:
        try:
            body = canonical(_sealed(entry, key))
            text = text_of(entry.case_id, entry.number, entry.at, entry.kind, entry.author, body)
            tail = link(tail, text)
        except (TypeError, ValueError) as error:
            place = f"{entry.case_id}/{entry.number}"
            raise StoreRefused(f"the body is not JSON: {error}", where=place, hint="plain values alone") from None
        yield Linked(entry=entry, body=body, hash=tail)


def opened(case_id: str, number: int, at: datetime, kind: str, author: str, body: str, key: bytes | None) -> CaseEntry:
    """The entry of a kept row; its sealed fields read as None without a key.

    Raises `StoreRefused` where a sealed field was changed.
    """
    fields: Mapping[str, Json] = json.loads(body)
    names = SEALED.get(kind, frozenset())
    return CaseEntry(
        case_id=case_id,
        number=number,
        at=at,
        kind=kind,
        author=author,
        body=open_fields(fields, names, key, _place(case_id, number)) if names else fields,
    )


def ledger_of(entries: Sequence[CaseEntry]) -> Iterator[Entry]:
    """The records of decision S3 in a whole case; what is sealed is not needed for them."""
    return lines(fold(entries, entries[-1].at))


def _sealed(entry: CaseEntry, key: bytes | None) -> Mapping[str, Json]:
    names = SEALED.get(entry.kind, frozenset())
    if names.isdisjoint(entry.body):
        return entry.body
    if key is None:
        raise StoreRefused(
            "personal fields of an account that was erased",
            where=f"{entry.case_id}/{entry.number}",
            hint="nothing personal is kept of it any more",
        )
    return seal_fields(entry.body, names, key, _place(entry.case_id, entry.number))


def _place(case_id: str, number: int) -> str:
    return f"{case_id}/{number}"
