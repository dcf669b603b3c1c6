"""A ledger in a file: one JSON object per line, in the words of decision S3."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Never, get_args

from evenhand.decisions.ledger import KINDS, Entry
from evenhand.errors import LedgerRefused
from evenhand.vocabulary import LADDER, Procedure

REQUIRED: Final = ("account_id", "procedure", "step", "kind", "at")
OPTIONAL: Final = ("delivered_at", "until", "episode", "gamma", "policy_hash")

_WORDS: Final[Mapping[str, Sequence[str]]] = {
    "procedure": get_args(Procedure),
    "step": LADDER,
    "kind": sorted(KINDS),
}


def read_ledger(path: Path) -> Sequence[Entry]:
    """Every entry of the file, in its order; raises `LedgerRefused` with file and line where one does not hold.

    Nothing is skipped: a ledger that is read in part would open steps that were never served.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise LedgerRefused(f"cannot be read: {error.strerror}", where=str(path), hint="name a ledger file") from None
    except UnicodeDecodeError as error:
        raise LedgerRefused(f"not UTF-8 at byte {error.start}", where=str(path), hint="save it as UTF-8") from None
    return [_entry(line, f"{path}:{number}") for number, line in enumerate(text.split("\n"), 1) if line.strip()]


def _entry(line: str, where: str) -> Entry:
    try:
        fields = json.loads(line)
    except json.JSONDecodeError as error:
        _refuse(where, f"not JSON at column {error.colno}: {error.msg}", "one whole object per line")
    except ValueError as error:  # a number of thousands of digits
        _refuse(where, f"not JSON: {error}", "one object per line")
    if not isinstance(fields, dict):
        _refuse(where, "not a JSON object", "one object per line")
    _check_names(fields, where)
    for name, known in _WORDS.items():
        if fields[name] not in known:
            _refuse(where, f"`{name}` is {_shown(fields[name])}", "known are " + _listed(known))
    at = _time(fields, "at", where)
    return Entry(
        account_id=_text(fields, "account_id", where),
        procedure=fields["procedure"],
        step=fields["step"],
        kind=fields["kind"],
        at=at or _refuse(where, "`at` is null", "when was it?"),
        delivered_at=_time(fields, "delivered_at", where, not_before=None if fields["kind"] == "imposed" else at),
        until=_time(fields, "until", where, not_before=at),
        episode=_episode(fields, where),
        gamma=_gamma(fields, where),
        policy_hash=_text(fields, "policy_hash", where) if fields.get("policy_hash") else "",
    )


def _check_names(fields: Mapping[str, Any], where: str) -> None:
    """A misspelt name must not pass for an absent one: whether a step was delivered decides what may follow."""
    absent = [name for name in REQUIRED if fields.get(name) is None]
    unknown = [name for name in fields if name not in (*REQUIRED, *OPTIONAL)]
    if absent:
        _refuse(where, f"{_listed(absent)} missing", "every entry has " + _listed(REQUIRED))
    if unknown:
        _refuse(where, f"{_listed(unknown)} unknown", "known are " + _listed([*REQUIRED, *OPTIONAL]))


def _text(fields: Mapping[str, Any], name: str, where: str) -> str:
    value = fields[name]
    if not isinstance(value, str):
        _refuse(where, f"`{name}` is {_shown(value)}", "it is a text")
    return value


def _time(fields: Mapping[str, Any], name: str, where: str, not_before: datetime | None = None) -> datetime | None:
    value = fields.get(name)
    if value is None:
        return None
    try:
        time = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        _refuse(where, f"`{name}` is {_shown(value)}", "write a time as 2026-01-01T12:00:00Z")
    time = time.astimezone(UTC).replace(tzinfo=None) if time.tzinfo else time
    if not_before is not None and time < not_before:
        _refuse(where, f"`{name}` is {_shown(value)}, before `at`", "nothing is delivered or over before it was taken")
    return time


def _episode(fields: Mapping[str, Any], where: str) -> int:
    value = fields.get("episode")
    if value is None:
        return 1
    if type(value) is not int or value < 1:
        _refuse(where, f"`episode` is {_shown(value)}", "episodes are counted from 1")
    return value


def _gamma(fields: Mapping[str, Any], where: str) -> float | None:
    value = fields.get("gamma")
    if value is None:
        return None
    if type(value) not in {int, float} or not math.isfinite(value) or not 0 < value <= 1:
        _refuse(where, f"`gamma` is {_shown(value)}", "a weight lies above 0 and is at most 1")
    return float(value)


def _refuse(where: str, message: str, hint: str) -> Never:
    raise LedgerRefused(message, where=where, hint=hint)


def _shown(value: object) -> str:
    return f"`{json.dumps(value, ensure_ascii=False)[:100]}`"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
