"""The SQL files of the evidence, with the question's values written in: what every engine that speaks SQL runs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files


@dataclass(frozen=True)
class Piece:
    """A piece of SQL of our own, where a statement differs in more than a value."""

    sql: str


Value = datetime | int | bool | tuple[int, ...] | Piece
"""What may be written into a statement; a time is UTC, a tuple is one or more numbers."""


def literal(value: Value) -> str:
    """`value` as SQL.

    >>> literal(datetime(2026, 1, 1)), literal(True), literal(30), literal((1, 2))
    ("timestamp '2026-01-01 00:00:00'", 'true', '30', '(1, 2)')
    """
    if isinstance(value, tuple):
        return f"({', '.join(map(str, value))})"
    if isinstance(value, datetime):
        return f"timestamp '{value:%Y-%m-%d %H:%M:%S}{f'.{value.microsecond:06}' if value.microsecond else ''}'"
    return value.sql if isinstance(value, Piece) else str(value).lower()


def statements(path: str, values: Mapping[str, Value]) -> Iterator[str]:
    """The statements of the file `path` below `evenhand/evidence`, each `:name` replaced by its value."""
    text = files("evenhand.evidence").joinpath(path).read_text(encoding="utf-8")
    lines = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("--"))
    filled = re.sub(r"(?<!:):([a-z]\w*)", lambda name: literal(values[name[1]]), lines)
    yield from (part.strip() for part in filled.split(";") if part.strip())
