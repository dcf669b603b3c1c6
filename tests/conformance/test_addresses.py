"""Addresses are read from the marketplace's own table, in each of its forms."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from evenhand.delivery.addresses import addresses
from evenhand.errors import RunRefused

ROWS: list[dict[str, str | None]] = [
    {"account_id": "007", "email": "old@f.example", "recorded_at": "2026-01-01T00:00:00"},
    {"account_id": "007", "email": "new@f.example", "recorded_at": "2026-02-01T00:00:00"},
    {"account_id": "7", "email": "seven@f.example", "recorded_at": "2026-02-01T00:00:00"},
    {
        "account_id": "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11",
        "email": "id@f.example",
        "recorded_at": "2026-02-01T00:00:00",
    },
    {"account_id": "ana", "email": None, "recorded_at": "2026-02-01T00:00:00"},
    {"account_id": "a'; drop table x", "email": "märz@f.example", "recorded_at": "2026-02-01T00:00:00"},
]
WANTED = {
    "007": "new@f.example",
    "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11": "id@f.example",
    "a'; drop table x": "märz@f.example",
}


def written(folder: Path, form: str) -> Path:
    """The rows as a file of a form."""
    file = folder / f"identities.{form}"
    if form == "parquet":
        pq.write_table(pa.Table.from_pylist(ROWS), file)
    elif form == "csv":
        lines = [",".join(f'"{value}"' if value else "" for value in row.values()) for row in ROWS]
        file.write_text("\n".join(["account_id,email,recorded_at", *lines]) + "\n")
    else:
        file.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    return file


@pytest.mark.parametrize("form", ["parquet", "csv", "jsonl"])
def test_the_latest_address_of_each_account(form: str, tmp_path: Path) -> None:
    """By the account's name to the letter; who has none is left out, and who was not asked for."""
    assert addresses(written(tmp_path, form), [*WANTED, "ana", "nobody"]) == WANTED


def test_without_times_there_is_one_address(tmp_path: Path) -> None:
    """A table of two columns is enough; of nobody, nothing is asked."""
    file = tmp_path / "people.csv"
    file.write_text("account_id,email\nana,ana@f.example\n")
    assert addresses(file, ["ana"]) == {"ana": "ana@f.example"}
    assert addresses(file, []) == {}


@pytest.mark.parametrize("text", [None, "account_id,mail\nana,x\n", ""])
def test_a_table_that_cannot_be_read_is_refused(text: str | None, tmp_path: Path) -> None:
    """No file, no column `email`, nothing in it: the refusal names the file."""
    file = tmp_path / "people.csv"
    if text is not None:
        file.write_text(text)
    with pytest.raises(RunRefused, match="addresses cannot be read") as refusal:
        addresses(file, ["ana"])
    assert refusal.value.where == str(file)
