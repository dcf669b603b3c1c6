"""An account's evidence as one row, by column name: what conditions read and decisions add to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TypeAlias

from evenhand.evidence.conduct.item import Item
from evenhand.policy.conditions.reasons import Json

__all__ = ["EvidenceRow", "Json", "Value"]

Value: TypeAlias = bool | int | float | str | datetime | tuple[str, ...] | None
"""What a column of evidence may hold; a list is a tuple of texts."""

EvidenceRow: TypeAlias = Mapping[str, Value]
"""One account at one `as_of`: the columns of `evidence.parquet`, `closed_at` and `entered_at`, since when it counts."""


def row_as_json(row: EvidenceRow) -> Mapping[str, Json]:
    """A row as a case keeps it: times as text in UTC, lists as lists."""
    return {name: _as_json(value) for name, value in row.items()}


def item_as_json(item: Item) -> Mapping[str, Json]:
    """An item as a case keeps it."""
    return {name: _as_json(value) for name, value in item._asdict().items()}


def _as_json(value: Value) -> Json:
    if isinstance(value, datetime):
        return value.isoformat() + "Z"
    return list(value) if isinstance(value, tuple) else value
