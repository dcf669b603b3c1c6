"""How a cell of any Parquet type is read, as SQL: what it means, whether it holds anything, and how it looks.

Times, and text that lies as bytes, are read by each engine in its own words (`Reader`); all else is said here once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from evenhand.market.table import CellType, Column

Kind = Literal[
    "text", "bytes", "whole", "float", "decimal", "boolean", "timestamp", "nanoseconds", "zoned", "date", "other"
]
"""Families of types that are read alike."""

SQL_TYPES: Final[Mapping[CellType, str]] = {
    "identifier": "VARCHAR",
    "text": "VARCHAR",
    "time": "TIMESTAMP",
    "number": "DOUBLE",
    "whole": "DOUBLE",
    "boolean": "BOOLEAN",
    "word": "VARCHAR",
    "weight": "DOUBLE",
}
"""Type of a cell once read. Whole numbers and weights stay DOUBLE until their range is known."""

_HOUR, _MINUTE = r"([01]\d|2[0-3])", r"[0-5]\d"
TIME_TEXT: Final = (
    r"(000[1-9]|00[1-9]\d|0[1-9]\d\d|[1-9]\d{3})-\d\d-\d\d"
    rf"([T ]{_HOUR}:{_MINUTE}(:{_MINUTE}(\.\d{{1,9}})?)?(Z|[+-]{_HOUR}(:?{_MINUTE})?)?)?"
)
"""What a written time looks like; whether its day exists is for the engine to say."""
NUMBER_TEXT: Final = r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """SQL of one cell: `meaning` (null if it cannot be read), `given` (whether it holds anything), `look` (text)."""

    meaning: str
    given: str
    look: str


@dataclass(frozen=True, kw_only=True)
class Reader:
    """An engine's own words, each over the SQL `source` of a cell.

    `decoded` is the text of bytes, null if they are not UTF-8. `time` is the moment in UTC that a cell of a kind
    means, null if none or later than the year 9999; `written` a written one that matches `TIME_TEXT`. `look` is text.
    """

    decoded: Callable[[str], str]
    time: Callable[[Kind, str], str]
    written: Callable[[str], str]
    look: Callable[[Kind, str], str]


def cell(column: Column, kind: Kind, reader: Reader) -> Cell:
    """How the cells of `column` are read where the file holds `kind`."""
    source = f'"{column.name}"'
    if kind == "bytes":
        look = reader.look(kind, source)
        given = f"octet_length({source}) > 0"
        source, kind = reader.decoded(source), "text"
        look = f"nullif(coalesce({source}, {look}), '')"
    elif kind == "text":
        given, look = f"{source} <> ''", f"nullif({source}, '')"
    else:
        given, look = f"{source} IS NOT NULL", reader.look(kind, source)
    meaning = _time(kind, source, reader) if column.type == "time" else _READERS[column.type](column, kind, source)
    return Cell(meaning=meaning, given=f"coalesce({given}, false)", look=look)


def _identifier(_: Column, kind: Kind, source: str) -> str:
    if kind == "text":
        return f"nullif({source}, '')"
    if kind == "whole":
        return f"{source}::VARCHAR"
    if kind == "float":  # integers beside nulls often arrive as floats
        whole = f"isfinite({source}) AND {source} = floor({source}) AND abs({source}) < 9007199254740992"
        return f"CASE WHEN {whole} THEN {source}::BIGINT::VARCHAR END"
    return "NULL"


def _text(_: Column, kind: Kind, source: str) -> str:
    return f"nullif({source}, '')" if kind == "text" else f"{source}::VARCHAR"


def _time(kind: Kind, source: str, reader: Reader) -> str:
    if kind == "text":
        return f"CASE WHEN regexp_full_match({source}, '{TIME_TEXT}') THEN {reader.written(source)} END"
    return reader.time(kind, source) if kind in {"nanoseconds", "timestamp", "zoned", "date"} else "NULL"


def _number(_: Column, kind: Kind, source: str) -> str:
    match kind:
        case "text":
            number = f"CASE WHEN regexp_full_match({source}, '{NUMBER_TEXT}') THEN TRY_CAST({source} AS DOUBLE) END"
        case "float" | "whole" | "decimal":
            number = f"{source}::DOUBLE"
        case _:
            return "NULL"
    return f"CASE WHEN isfinite({number}) THEN {number} END"


def _whole(column: Column, kind: Kind, source: str) -> str:
    number = _number(column, kind, source)
    return number if number == "NULL" else f"CASE WHEN {number} = floor({number}) THEN {number} END"


def _boolean(_: Column, kind: Kind, source: str) -> str:
    match kind:
        case "boolean":
            return source
        case "text":
            yes, no = f"lower({source}) IN ('true', '1')", f"lower({source}) IN ('false', '0')"
        case "whole" | "float":
            yes, no = f"{source} = 1", f"{source} = 0"
        case _:
            return "NULL"
    return f"CASE WHEN {yes} THEN true WHEN {no} THEN false END"


def _word(column: Column, kind: Kind, source: str) -> str:
    words = ", ".join(f"'{word}'" for word in column.words)
    return f"CASE WHEN {source} IN ({words}) THEN {source} END" if kind == "text" else "NULL"


_READERS: Final[Mapping[CellType, Callable[[Column, Kind, str], str]]] = {
    "identifier": _identifier,
    "text": _text,
    "number": _number,
    "whole": _whole,
    "boolean": _boolean,
    "word": _word,
    "weight": _number,
}
