"""JSON lines to text columns: one object per line, numbers and booleans as they are written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import BinaryIO, Final

import pyarrow as pa

from evenhand.market.admission import Reason
from evenhand.market.staging import check_columns
from evenhand.market.table import Table
from evenhand.sources.lines import Block, LongLine, blocks
from evenhand.sources.shelf import Shelf

_BOM: Final = b"\xef\xbb\xbf"
_LINES_AT_ONCE: Final = 5_000
"""Few enough that the parsed objects stay in the processor's cache."""
_LISTED_COLUMNS: Final = 1000
"""More names than this are not remembered: a file may have a new one on every line."""


def _refuse_constant(name: str) -> str:
    raise ValueError(name)


_DECODER: Final = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=_refuse_constant)


def convert(stream: BinaryIO, table: Table, shelf: Shelf, name: str) -> tuple[str, ...]:
    """Bring all lines of `stream` to `shelf`; the names met in them are returned.

    Raises `MarketRefused` where no line has a required column.
    """
    reading = _Reading(table, shelf)
    for block in blocks(stream):
        if isinstance(block, LongLine):
            shelf.reject(block.line, block.start, Reason.TOO_LONG_LINE)
        else:
            reading.read(block)
    columns = tuple(sorted(reading.seen))
    if shelf.rows:
        check_columns(table, [column for column in columns if column in table.names], name)
    return columns


class _Reading:
    """One file on its way from blocks to `shelf`."""

    def __init__(self, table: Table, shelf: Shelf) -> None:
        self.shelf = shelf
        self.names = table.names
        self.seen: set[str] = set()

    def read(self, block: Block) -> None:
        """Read the lines of one block; blank lines are nothing."""
        lines = block.data.split(b"\n")
        for start in range(0, len(lines), _LINES_AT_ONCE):
            self._read_lines(block.first_line + start, lines[start : start + _LINES_AT_ONCE])

    def _read_lines(self, first_line: int, lines: Sequence[bytes]) -> None:
        rows: list[dict[str, object]] = []
        numbers: list[int] = []
        for number, line in enumerate(lines, start=first_line):
            if not line or line.isspace():
                continue
            row = _row(line.removeprefix(_BOM) if number == 1 else line)
            if isinstance(row, Reason):
                self.shelf.reject(number, line, row)
                continue
            if not self.seen.issuperset(row):
                self.seen.update(row if len(self.seen) < _LISTED_COLUMNS else row.keys() & set(self.names))
            rows.append(row)
            numbers.append(number)
        if rows:
            columns = [_column(rows, name) for name in self.names]
            self.shelf.add(columns, pa.array(numbers, pa.int64()))


def _row(line: bytes) -> dict[str, object] | Reason:
    try:
        text = line.decode()
        found, end = _DECODER.raw_decode(text, len(text) - len(text.lstrip()))
        if b"\\u" in line:
            json.dumps(found, ensure_ascii=False).encode()
    except (UnicodeDecodeError, UnicodeEncodeError):  # half of a surrogate pair is no character
        return Reason.NOT_UTF8
    except (ValueError, RecursionError):
        return Reason.NOT_OBJECT
    if not isinstance(found, dict) or text[end:].strip():
        return Reason.NOT_OBJECT
    return found


def _column(rows: list[dict[str, object]], name: str) -> pa.Array:
    cells = [row.get(name) for row in rows]
    try:
        return pa.array(cells, pa.string())
    except pa.ArrowException:
        return pa.array([_text(cell) for cell in cells], pa.string())


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False)
