"""How a cell of any Parquet type is read, as SQL: what it means, whether it holds anything, and how it looks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from evenhand.market.schema import CellType, Column

Kind = Literal[
    "text", "bytes", "whole", "float", "decimal", "boolean", "timestamp", "nanoseconds", "zoned", "date", "other"
]
"""Families of DuckDB types that are read alike."""

_KINDS: Final[Mapping[str, Kind]] = {
    "VARCHAR": "text",
    "BLOB": "bytes",
    **dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"), "whole"),
    **dict.fromkeys(("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"), "whole"),
    **dict.fromkeys(("FLOAT", "DOUBLE"), "float"),
    "BOOLEAN": "boolean",
    **dict.fromkeys(("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS"), "timestamp"),
    "TIMESTAMP_NS": "nanoseconds",
    "TIMESTAMPTZ_NS": "nanoseconds",
    "TIMESTAMP WITH TIME ZONE": "zoned",
    "DATE": "date",
}

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
_TIME_TEXT: Final = (
    r"(000[1-9]|00[1-9]\d|0[1-9]\d\d|[1-9]\d{3})-\d\d-\d\d"
    rf"([T ]{_HOUR}:{_MINUTE}(:{_MINUTE}(\.\d{{1,9}})?)?(Z|[+-]{_HOUR}(:?{_MINUTE})?)?)?"
)
_NUMBER_TEXT: Final = r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?"
_FIRST: Final = "'0001-01-01 00:00:00+00'"
_LAST: Final = "'9999-12-31 23:59:59.999999+00'"
_CALENDARS: Final[Mapping[Kind, str]] = {"timestamp": "TIMESTAMP", "zoned": "TIMESTAMPTZ", "date": "DATE"}


@dataclass(frozen=True, kw_only=True)
class Cell:
    """SQL of one cell: `meaning` (null if it cannot be read), `given` (whether it holds anything), `look` (text)."""

    meaning: str
    given: str
    look: str


def kind_of(sql_type: str) -> Kind:
    """The family of a DuckDB type as `DESCRIBE` names it.

    >>> kind_of("TIMESTAMP WITH TIME ZONE"), kind_of("DECIMAL(9,2)"), kind_of("INTEGER[]")
    ('zoned', 'decimal', 'other')
    """
    if sql_type.startswith("DECIMAL("):
        return "whole" if sql_type.endswith(",0)") else "decimal"
    return _KINDS.get(sql_type, "other")


def cell(column: Column, sql_type: str) -> Cell:
    """How the cells of `column` are read where the file holds `sql_type`."""
    source = f'"{column.name}"'
    kind = kind_of(sql_type)
    if kind == "bytes":
        source, kind = f"TRY(decode({source}))", "text"
        given = f'octet_length("{column.name}") > 0'
        look = f"nullif(coalesce({source}, \"{column.name}\"::VARCHAR), '')"
    elif kind == "text":
        given, look = f"{source} <> ''", f"nullif({source}, '')"
    else:
        given, look = f"{source} IS NOT NULL", f"{source}::VARCHAR"
    if kind in {"timestamp", "zoned"}:
        sql_type = _CALENDARS[kind]
        in_calendar = f"{source} BETWEEN {sql_type} {_FIRST} AND {sql_type} {_LAST}"
        look = f"CASE WHEN {in_calendar} THEN {look} ELSE coalesce(epoch_us({source})::VARCHAR, 'infinity') END"
    return Cell(meaning=_READERS[column.type](column, kind, source), given=f"coalesce({given}, false)", look=look)


def _identifier(_: Column, kind: Kind, source: str) -> str:
    if kind == "text":
        return f"nullif({source}, '')"
    if kind == "whole":
        return f"{source}::VARCHAR"
    if kind == "float":  # integers beside nulls often arrive as floats
        whole = f"isfinite({source}) AND {source} = trunc({source}) AND abs({source}) < 9007199254740992"
        return f"CASE WHEN {whole} THEN {source}::BIGINT::VARCHAR END"
    return "NULL"


def _text(_: Column, kind: Kind, source: str) -> str:
    return f"nullif({source}, '')" if kind == "text" else f"{source}::VARCHAR"


def _time(_: Column, kind: Kind, source: str) -> str:
    match kind:
        case "text":
            parsed = f"TRY_CAST({source} AS TIMESTAMPTZ)"
            moment = (
                f"CASE WHEN regexp_full_match({source}, '{_TIME_TEXT}') THEN make_timestamp(epoch_us({parsed})) END"
            )
            return f"CASE WHEN {moment} <= TIMESTAMP {_LAST} THEN {moment} END"
        case "nanoseconds":  # a cast would round up, into the next day for the last nanosecond of one
            return f"make_timestamp(epoch_ns({source}) // 1000)"
        case "timestamp" | "zoned" | "date":  # what the calendar does not hold would fail to convert
            sql_type = _CALENDARS[kind]
            moment = f"make_timestamp(epoch_us({source}))" if kind == "zoned" else f"{source}::TIMESTAMP"
            return (
                f"CASE WHEN {source} > {sql_type} {_LAST} THEN NULL "
                f"WHEN {source} < {sql_type} {_FIRST} THEN TIMESTAMP {_FIRST} ELSE {moment} END"
            )
        case _:
            return "NULL"


def _number(_: Column, kind: Kind, source: str) -> str:
    match kind:
        case "text":
            number = f"CASE WHEN regexp_full_match({source}, '{_NUMBER_TEXT}') THEN TRY_CAST({source} AS DOUBLE) END"
        case "float" | "whole" | "decimal":
            number = f"{source}::DOUBLE"
        case _:
            return "NULL"
    return f"CASE WHEN isfinite({number}) THEN {number} END"


def _whole(column: Column, kind: Kind, source: str) -> str:
    number = _number(column, kind, source)
    return number if number == "NULL" else f"CASE WHEN {number} = trunc({number}) THEN {number} END"


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
    "time": _time,
    "number": _number,
    "whole": _whole,
    "boolean": _boolean,
    "word": _word,
    "weight": _number,
}
