"""The fields of an entry's body, read with their types; times are texts in UTC, as `reasons.stamp` writes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar

from evenhand.policy.conditions.reasons import Json

T = TypeVar("T")


def read(body: Mapping[str, Json], name: str, kind: type[T]) -> T:
    """The field `name`, which is a `kind`.

    >>> read({"of": 3}, "of", int)
    3
    """
    value = body[name]
    if not isinstance(value, kind):
        raise TypeError(f"`{name}` is {value!r}, not {kind.__name__}")
    return value


def text(body: Mapping[str, Json], name: str) -> str | None:
    """A text, or None where there is none (or an erased one)."""
    return None if body[name] is None else read(body, name, str)


def whole(body: Mapping[str, Json], name: str) -> int | None:
    """A whole number, or None."""
    return None if body[name] is None else read(body, name, int)


def number(body: Mapping[str, Json], name: str) -> float | None:
    """A number, or None."""
    value = body[name]
    return float(value) if isinstance(value, int | float) else None


def moment(body: Mapping[str, Json], name: str) -> datetime | None:
    """A time, or None.

    >>> moment({"until": "2026-01-01T00:00:00Z"}, "until")
    datetime.datetime(2026, 1, 1, 0, 0)
    """
    return None if body[name] is None else datetime.fromisoformat(read(body, name, str).removesuffix("Z"))


def listed(body: Mapping[str, Json], name: str) -> tuple[Json, ...]:
    """The items of a list; none where the kind of entry has no such field or an erased one."""
    value = body.get(name)
    return tuple(value) if isinstance(value, list) else ()


def mapping(body: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    """A mapping."""
    value = body[name]
    if not isinstance(value, Mapping):
        raise TypeError(f"`{name}` is {value!r}, not a mapping")
    return value
