"""`evenhand links` from the outside: links and an index from a market, and what to ask who registers."""

from __future__ import annotations

import json
import sqlite3
import stat
import subprocess
from pathlib import Path
from typing import Any

import duckdb
import pytest

from evenhand.lab.linkage import populate
from evenhand.surfaces.cli.failures import EXIT_CODES
from tests.surfaces.command import EVENHAND, evenhand, told


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A market of two thousand accounts."""
    folder = tmp_path_factory.mktemp("links") / "market"
    populate(folder, 2_000, seed=1)
    (folder / "truth.parquet").unlink()
    return folder


@pytest.fixture(scope="module")
def index(market: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of a run, under a name that would mean something in an address."""
    folder = tmp_path_factory.mktemp("index")
    file = folder / "who? #1 100%.idx"
    done = evenhand("links", "find", market, "--out", folder / "links", "--index", file)
    assert done.returncode == EXIT_CODES["done"], done.stderr
    assert "2,000 accounts compared; " in done.stdout
    return file


@pytest.fixture(scope="module")
def somebody(market: Path) -> dict[str, Any]:
    """What one of them gave, all of it."""
    found = duckdb.sql(f"from '{market}/identities.parquet' where columns(*) is not null order by account_id limit 1")
    assert found is not None
    return dict(zip(found.columns, found.fetchall()[0], strict=True))


def checked(index: Path, given: str) -> subprocess.CompletedProcess[str]:
    """What is said of a registration on standard input."""
    asked = [str(EVENHAND), "links", "check", "--index", str(index)]
    return subprocess.run(asked, input=given, capture_output=True, text=True, check=False)


def test_who_registers_again_is_asked(index: Path, somebody: dict[str, Any], tmp_path: Path) -> None:
    """The same document: the question, the account, the reasons; from a file as well, and for a reader."""
    given = {name: somebody[name] for name in ("name", "email", "birth_date", "document_hash")}
    file = tmp_path / "new.json"
    file.write_text(json.dumps({**given, "devices": None}), encoding="utf-8")
    answer = told("links", "check", file, "--index", index)
    assert "an identity document" in answer["question"]
    best = answer["resembles"][0]
    assert (best["account_id"], best["grade"]) == (somebody["account_id"], "document")
    spoken = checked(index, json.dumps(given)).stdout
    assert spoken == evenhand("links", "check", file, "--index", index).stdout
    assert spoken.startswith(f"{answer['question']}\n{somebody['account_id']}")
    assert checked(index, "{}").stdout == "nothing to ask\n"


@pytest.mark.parametrize(
    "given",
    [
        *('{"name": 5}', '{"devices": "abc"}', '{"devices": [1]}', '{"name": ["a"]}', '{"name": "\\ud800"}'),
        *('{"country": "DE"}', "[]", "5", "nothing"),
    ],
)
def test_what_is_no_registration_is_refused(index: Path, given: str) -> None:
    """With the names that are known, and without a traceback."""
    done = checked(index, given)
    assert done.returncode == EXIT_CODES["run"]
    assert "no registration" in done.stderr
    assert "`birth_date`" in done.stderr


def test_what_is_no_index_is_refused(tmp_path: Path) -> None:
    """A file that is not there, one of text, and a database of something else."""
    (tmp_path / "text.idx").write_text("hello", encoding="utf-8")
    with sqlite3.connect(tmp_path / "other.idx") as con:
        con.execute("create table model (weights text)")
    con.close()
    for name in ("none.idx", "text.idx", "other.idx"):
        done = checked(tmp_path / name, "{}")
        assert done.returncode == EXIT_CODES["store"]
        assert "--index FILE" in done.stderr


def test_the_index_holds_hashes_and_is_its_owners_alone(index: Path, somebody: dict[str, Any]) -> None:
    """Nothing that is only ever the same or not can be read in it; nobody else may open it."""
    assert stat.S_IMODE(index.stat().st_mode) == 0o600
    held = index.read_bytes().lower()
    for hidden in ("email", "document_hash", "payout_hash"):
        assert somebody[hidden].lower().encode() not in held
    assert somebody["birth_date"].encode() in held
    assert b"street" not in held
    assert b"device-" not in held


def test_an_index_is_refused_before_anything_is_reckoned(market: Path, index: Path, tmp_path: Path) -> None:
    """Inside the results, which a run replaces as a whole, or where a file is: and nothing is left behind."""
    out = tmp_path / "links"
    for file, why in ((out / "accounts.idx", "holds results alone"), (index, "is there already")):
        done = evenhand("links", "find", market, "--out", out, "--index", file)
        assert done.returncode == EXIT_CODES["run"]
        assert why in done.stderr
        assert not out.exists()


def test_columns_and_tables_may_be_missing(market: Path, tmp_path: Path) -> None:
    """A market with neither devices nor documents: linked by what it has, and what many share is told."""
    small = tmp_path / "small"
    small.mkdir()
    for table in ("accounts", "jobs", "proposals", "contracts"):
        (small / f"{table}.parquet").write_bytes((market / f"{table}.parquet").read_bytes())
    duckdb.sql(
        f"copy (select * exclude (document_hash, recorded_at) replace ('n/a' as address) "
        f"from '{market}/identities.parquet') to '{small}/identities.parquet'"
    )
    done = evenhand("links", "find", small, "--out", tmp_path / "links")
    assert done.returncode == EXIT_CODES["done"], done.stderr
    assert "2,000 accounts have a value in `address` that more than fifty have: it was left out" in done.stdout
    summary = json.loads((tmp_path / "links" / "summary.json").read_text())
    assert summary["left_out"]["address"] == 2_000
    assert "document" not in summary["grades"]
