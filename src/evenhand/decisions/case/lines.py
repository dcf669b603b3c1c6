"""A case in the words of the ledger (S3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from evenhand.decisions.case.entry import KINDS, CaseEntry
from evenhand.decisions.ledger import Entry
from evenhand.policy.conditions.reasons import Json


def lines(entries: Sequence[CaseEntry]) -> Iterator[Entry]:
    """The records of the entries that have one; `of` names the proposal whose step they speak of."""
    opened = entries[0].body
    by_number = {entry.number: entry for entry in entries}
    for entry in entries:
        kind = KINDS[entry.kind].line
        if kind is not None:
            of = by_number[entry.number if entry.kind == "proposed" else int(str(entry.body["of"]))]
            gamma = opened["gamma"]
            yield Entry(
                account_id=str(opened["account_id"]),
                procedure=str(opened["procedure"]),
                step=str(of.body["step"]),
                kind=kind,
                at=entry.at,
                until=_moment(entry.body.get("until")),
                episode=int(str(opened["episode"])),
                gamma=gamma if isinstance(gamma, float) else None,
            )


def _moment(value: Json) -> datetime | None:
    return datetime.fromisoformat(str(value).removesuffix("Z")) if value else None
