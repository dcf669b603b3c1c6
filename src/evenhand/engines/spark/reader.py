"""How Spark reads what its own words are needed for: times, and text that lies as bytes.

The names of its functions stand inside statements of DuckDB's dialect and pass through the turning as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pyarrow as pa
from pyarrow import types

from evenhand.engines.sql.cells import Kind, Reader

_LAST: Final = "TIMESTAMP '9999-12-31 23:59:59.999999'"


def kind_of(arrow_type: pa.DataType) -> Kind:
    """The family of an Arrow type.

    >>> kind_of(pa.timestamp("us", tz="UTC")), kind_of(pa.decimal128(9, 2)), kind_of(pa.list_(pa.int8()))
    ('zoned', 'decimal', 'other')
    """
    if types.is_dictionary(arrow_type):
        return kind_of(arrow_type.value_type)
    if types.is_timestamp(arrow_type):
        return "nanoseconds" if arrow_type.unit == "ns" else "zoned" if arrow_type.tz else "timestamp"
    return next((kind for holds, kind in _KINDS if holds(arrow_type)), "other")


def _is_whole_decimal(arrow_type: pa.DataType) -> bool:
    return bool(types.is_decimal(arrow_type) and arrow_type.scale == 0)


def _is_text(arrow_type: pa.DataType) -> bool:
    return bool(types.is_string(arrow_type) or types.is_large_string(arrow_type) or types.is_string_view(arrow_type))


def _is_bytes(arrow_type: pa.DataType) -> bool:
    return bool(types.is_binary(arrow_type) or types.is_large_binary(arrow_type))


_KINDS: Final[tuple[tuple[Callable[[pa.DataType], bool], Kind], ...]] = (
    (_is_text, "text"),
    (_is_bytes, "bytes"),
    (types.is_integer, "whole"),
    (_is_whole_decimal, "whole"),
    (types.is_decimal, "decimal"),
    (types.is_floating, "float"),
    (types.is_boolean, "boolean"),
    (types.is_date, "date"),
)


def _decoded(source: str) -> str:
    return f"CASE WHEN is_valid_utf8({source}::VARCHAR) THEN {source}::VARCHAR END"


def _written(source: str) -> str:
    """The offset is taken off and reckoned apart: Spark knows none beyond 18 hours."""
    offset = f"regexp_extract({source}, '^.{{10}}[T ][0-9:.]+([Z+-].*)?$', 1)"
    hours, minutes = f"substr({offset}, 2, 2)::INTEGER", f"right({offset}, 2)::INTEGER"
    minutes = f"CASE WHEN length({offset}) > 3 THEN {minutes} ELSE 0 END"
    east = f"CASE WHEN {offset} IN ('', 'Z') THEN 0 ELSE {hours} * 60 + {minutes} END"
    east = f"CASE WHEN {offset} LIKE '-%' THEN -({east}) ELSE {east} END"
    moment = (
        f"TRY_CAST(left({source}, length({source}) - length({offset})) AS TIMESTAMP) - INTERVAL '1' MINUTE * ({east})"
    )
    return f"CASE WHEN {moment} <= {_LAST} THEN {moment} END"


def _time(kind: Kind, source: str) -> str:
    if kind == "nanoseconds":
        return f"timestamp_micros({source} // 1000)::TIMESTAMP"
    last = "DATE '9999-12-31'" if kind == "date" else _LAST
    return f"CASE WHEN {source} <= {last} THEN {source}::TIMESTAMP END"


def _look(kind: Kind, source: str) -> str:
    if kind == "bytes":
        return f"hex({source})"
    return f"timestamp_micros({source} // 1000)::VARCHAR" if kind == "nanoseconds" else f"{source}::VARCHAR"


READER: Final = Reader(decoded=_decoded, time=_time, written=_written, look=_look)
"""Spark's own words."""
