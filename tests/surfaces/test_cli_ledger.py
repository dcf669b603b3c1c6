"""A ledger file is read whole or refused with its line: a ledger in part would open steps that were never served."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from evenhand.errors import LedgerRefused
from evenhand.sources.ledger import read_ledger

GOOD = {
    "account_id": "ana",
    "procedure": "mismatch",
    "step": "warn",
    "kind": "warned",
    "at": "2026-01-01",
    "delivered_at": "2026-01-04T02:00:00+02:00",
    "episode": 2,
    "gamma": 0.00003,
    "policy_hash": "f00d",
}


def read(folder: Path, *lines: str) -> list[object]:
    """Read a ledger of these lines."""
    path = folder / "ledger.jsonl"
    path.write_text("".join(f"{line}\n" for line in lines))
    return list(read_ledger(path))


def test_an_entry_is_read_in_utc(tmp_path: Path) -> None:
    """Every field arrives, times in UTC without a zone; what is absent takes its default."""
    least = {name: GOOD[name] for name in ("account_id", "procedure", "step", "kind", "at")}
    path = tmp_path / "ledger.jsonl"
    path.write_text(f"{json.dumps(GOOD)}\n\n{json.dumps(least)}\n")
    full, short = read_ledger(path)
    assert (full.at, full.delivered_at) == (datetime(2026, 1, 1), datetime(2026, 1, 4))
    assert (full.episode, full.gamma, full.policy_hash) == (2, 0.00003, "f00d")
    assert (short.episode, short.gamma, short.delivered_at, short.until, short.policy_hash) == (1, None, None, None, "")


def test_the_notice_of_a_measure_arrives_before_it_takes_effect(tmp_path: Path) -> None:
    """An imposed measure may have been delivered before `at`: that is what notice means (R24)."""
    path = tmp_path / "ledger.jsonl"
    path.write_text(json.dumps({**GOOD, "kind": "imposed", "delivered_at": "2025-12-02"}))
    (imposed,) = read_ledger(path)
    assert imposed.delivered_at == datetime(2025, 12, 2)


def test_an_empty_ledger_is_no_history(tmp_path: Path) -> None:
    """A file without a line is a ledger in which nothing happened."""
    assert read(tmp_path) == []


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"step": "banish"}, '`"banish"`'),
        ({"kind": "shouted"}, '`"shouted"`'),
        ({"procedure": "malice"}, '`"malice"`'),
        ({"account_id": None}, "`account_id`"),
        ({"account_id": 7}, "`7`"),
        ({"at": "yesterday"}, "yesterday"),
        ({"delivered": "2026-01-02"}, "`delivered`"),
        ({"delivered_at": "2025-12-31"}, "before `at`"),
        ({"until": 20260101}, "20260101"),
        ({"episode": 0}, "`0`"),
        ({"episode": True}, "`true`"),
        ({"gamma": 2}, "`2`"),
        ({"gamma": float("nan")}, "`NaN`"),
        ({"policy_hash": 12}, "`12`"),
    ],
    ids=lambda value: None if isinstance(value, str) else next(iter(value)),
)
def test_a_fault_is_refused_with_its_line_and_value(changed: dict[str, object], named: str, tmp_path: Path) -> None:
    """Each fault names the file, the line and the offending value; a good line before it does not save the file."""
    with pytest.raises(LedgerRefused) as refused:
        read(tmp_path, json.dumps(GOOD), json.dumps(GOOD | changed))
    assert refused.value.where == f"{tmp_path / 'ledger.jsonl'}:2"
    assert named in refused.value.message


@pytest.mark.parametrize("line", ["{", "[]", "null", '"warn"'])
def test_a_line_that_is_no_object_is_refused(line: str, tmp_path: Path) -> None:
    """What is no JSON object is no entry."""
    with pytest.raises(LedgerRefused, match="not"):
        read(tmp_path, line)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    """A file in another encoding is refused with the byte at fault."""
    path = tmp_path / "ledger.jsonl"
    path.write_bytes(b'{"account_id": "\xe9"}')
    with pytest.raises(LedgerRefused, match="not UTF-8 at byte 16"):
        read_ledger(path)
