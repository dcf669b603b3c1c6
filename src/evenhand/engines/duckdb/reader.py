"""How DuckDB reads what its own words are needed for: times, and text that lies as bytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from evenhand.engines.sql.cells import Kind, Reader

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
_FIRST: Final = "'0001-01-01 00:00:00+00'"
_LAST: Final = "'9999-12-31 23:59:59.999999+00'"
_CALENDARS: Final[Mapping[Kind, str]] = {"timestamp": "TIMESTAMP", "zoned": "TIMESTAMPTZ", "date": "DATE"}


def kind_of(sql_type: str) -> Kind:
    """The family of a DuckDB type as `DESCRIBE` names it.

    >>> kind_of("TIMESTAMP WITH TIME ZONE"), kind_of("DECIMAL(9,2)"), kind_of("INTEGER[]")
    ('zoned', 'decimal', 'other')
    """
    if sql_type.startswith("DECIMAL("):
        return "whole" if sql_type.endswith(",0)") else "decimal"
    return _KINDS.get(sql_type, "other")


def _written(source: str) -> str:
    moment = f"make_timestamp(epoch_us(TRY_CAST({source} AS TIMESTAMPTZ)))"
    return f"CASE WHEN {moment} <= TIMESTAMP {_LAST} THEN {moment} END"


def _time(kind: Kind, source: str) -> str:
    if kind == "nanoseconds":  # a cast would round up, into the next day for the last nanosecond of one
        return f"make_timestamp(epoch_ns({source}) // 1000)"
    sql_type = _CALENDARS[kind]  # what the calendar does not hold would fail to convert
    moment = f"make_timestamp(epoch_us({source}))" if kind == "zoned" else f"{source}::TIMESTAMP"
    return (
        f"CASE WHEN {source} > {sql_type} {_LAST} THEN NULL "
        f"WHEN {source} < {sql_type} {_FIRST} THEN TIMESTAMP {_FIRST} ELSE {moment} END"
    )


def _look(kind: Kind, source: str) -> str:
    look = f"{source}::VARCHAR"
    if kind not in {"timestamp", "zoned"}:
        return look
    in_calendar = f"{source} BETWEEN {_CALENDARS[kind]} {_FIRST} AND {_CALENDARS[kind]} {_LAST}"
    return f"CASE WHEN {in_calendar} THEN {look} ELSE coalesce(epoch_us({source})::VARCHAR, 'infinity') END"


READER: Final = Reader(
    decoded=lambda source: f"TRY(decode({source}))",
    time=_time,
    written=_written,
    look=_look,
)
"""DuckDB's own words."""
