"""One cell in plain Python: what it means, what it looks like, what is wrong with it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from evenhand.market.admission import UNREADABLE, Reason
from evenhand.market.staging import StagedFile
from evenhand.market.table import EARLIEST, MAX_IDENTIFIER_CHARACTERS, MICRO, Column, Table

_TIME: Final = re.compile(
    r"\d{4}-\d\d-\d\d([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-]([01]\d|2[0-3])(:?[0-5]\d)?)?)?",
    re.ASCII,
)
_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_EPOCH: Final = datetime(1970, 1, 1)
_INFINITE: Final = 2**63 - 1
"""What writers of Parquet put where a time has no end."""
_LONG_AGO: Final = datetime(1, 1, 1)

Meaning = str | float | bool | datetime | None


@dataclass(frozen=True, kw_only=True)
class Cell:
    """`meaning` is None if the cell cannot be read or holds nothing (`look` is None too then)."""

    meaning: Meaning
    look: str | None

    @property
    def content(self) -> tuple[str, str] | None:
        """What the cell says, for comparing rows: its meaning if it has one, else its look."""
        if self.meaning is None:
            return None if self.look is None else ("look", self.look)
        return "meaning", repr(self.meaning)

    def kept(self, column: Column) -> str | float | int | bool | datetime | None:
        """What is kept of an admitted cell: whole numbers as such, weights in millionths, 1 where none is given."""
        if column.type == "weight":
            return micro(self.meaning) if isinstance(self.meaning, float) else MICRO
        if column.type == "whole" and isinstance(self.meaning, float):
            return int(self.meaning)
        return self.meaning


NOTHING: Final = Cell(meaning=None, look=None)


def read_rows(table: Table, files: Sequence[StagedFile]) -> Iterator[tuple[str, int, Mapping[str, Cell]]]:
    """File, line or row number, and cells of every row, in the order of the files."""
    for file in files:
        read = pq.read_table(file.path)
        known = [name for name in table.names if name in file.columns]
        columns = {name: _cells(table.column(name), read.column(name)) for name in known}
        numbers = read.column("_line").to_pylist() if file.text else range(1, read.num_rows + 1)
        for place, number in enumerate(numbers):
            yield (
                file.name,
                number,
                {name: columns[name][place] if name in columns else NOTHING for name in table.names},
            )


def micro(number: float) -> int:
    """`number` in whole millionths, halves upward."""
    return math.floor(number * MICRO + 0.5)


def first_fault(table: Table, column: Column, cells: Mapping[str, Cell]) -> Reason | None:
    """The first thing wrong with the cell of `column` in a row by itself, None if nothing is."""
    cell = cells[column.name]
    meaning = cell.meaning
    if cell.look is None:
        return Reason.MISSING if column.required else None
    if meaning is None:
        return UNREADABLE[column.type]
    if column.type == "identifier" and isinstance(meaning, str) and len(meaning) > MAX_IDENTIFIER_CHARACTERS:
        return Reason.TOO_LONG
    if isinstance(meaning, datetime):
        return _fault_of_time(column, meaning, cells)
    if isinstance(meaning, float) and _out_of_range(column, meaning):
        return Reason.OUT_OF_RANGE
    money = [cells[other.name].look for other in table.columns if other.money]
    if column.name == "currency" and meaning != "USD" and any(look is not None for look in money):
        return Reason.NOT_DOLLARS
    return None


def _fault_of_time(column: Column, time: datetime, cells: Mapping[str, Cell]) -> Reason | None:
    if time < EARLIEST:
        return Reason.BEFORE_1990
    start = cells[column.not_before].meaning if column.not_before else None
    return Reason.ENDS_FIRST if isinstance(start, datetime) and time < start else None


def _out_of_range(column: Column, number: float) -> bool:
    if column.type == "weight" and (number <= 0 or micro(min(number, MICRO)) < 1):
        return True
    return (column.low is not None and number < column.low) or (column.high is not None and number > column.high)


def _cells(column: Column, values: pa.ChunkedArray) -> list[Cell]:
    if pa.types.is_timestamp(values.type):
        per_second = {"s": 1, "ms": 1000, "us": 1_000_000, "ns": 1_000_000_000}[values.type.unit]
        moments = [_moment(count, per_second) for count in values.cast(pa.int64()).to_pylist()]
        return [_cell(column, moment) for moment in moments]
    if pa.types.is_date(values.type) and column.type == "time":
        days = values.cast(pa.date32()).cast(pa.int32()).to_pylist()
        return [_cell(column, None if day is None else _moment(day * 86_400, 1)) for day in days]
    return [_cell(column, value) for value in values.to_pylist()]


def _moment(count: int | None, per_second: int) -> datetime | str | None:
    """The moment `count` units after 1970; text where a calendar has no such day."""
    if count is None:
        return None
    if count == _INFINITE:
        return "infinity"
    microseconds = count * 1_000_000 // per_second
    try:
        return _EPOCH + timedelta(microseconds=microseconds)
    except OverflowError:
        return _LONG_AGO if microseconds < 0 else f"{microseconds} us"


def _cell(column: Column, value: Any) -> Cell:
    if isinstance(value, bytes):
        try:
            value = value.decode()
        except UnicodeDecodeError:
            return Cell(meaning=None, look=repr(value))
    if value is None or value == "":
        return NOTHING
    look = str(value).lower() if isinstance(value, bool) else str(value)
    return Cell(meaning=_meaning(column, value, look), look=look)


def _meaning(column: Column, value: Any, look: str) -> Meaning:
    match column.type:
        case "identifier":
            return _identifier(value)
        case "text":
            return look
        case "time":
            return _time(value)
        case "number" | "weight":
            return _number(value)
        case "whole":
            number = _number(value)
            return number if number is not None and number.is_integer() else None
        case "boolean":
            return {"true": True, "1": True, "1.0": True, "false": False, "0": False, "0.0": False}.get(look.lower())
        case "word":
            return look if isinstance(value, str) and value in column.words else None


def _identifier(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    if isinstance(value, float) and (not math.isfinite(value) or abs(value) >= 2**53):
        return None
    return str(int(value)) if value == int(value) else None


def _time(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        return None
    cut = re.sub(r"(\.\d{6})\d+", r"\1", value)
    try:
        time = datetime.fromisoformat(cut)
    except ValueError:
        return None
    if time.tzinfo is None:
        return time
    try:
        return time.astimezone(UTC).replace(tzinfo=None)
    except OverflowError:
        return _LONG_AGO if time.year == 1 else None


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return None
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None
