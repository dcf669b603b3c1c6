"""`evenhand check` from the outside: what is there, what is missing at which cost, what was refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from evenhand import wiring
from evenhand.surfaces.cli.failures import EXIT_CODES
from tests.surfaces.command import complaint, evenhand, told

MARKET = wiring.shipped("markets") / "worldbank"


def test_people_read_what_is_there_and_what_its_absence_costs() -> None:
    """The page counts every table, sums up the quarantine, and says what each missing table costs."""
    done = evenhand("check", MARKET)
    assert done.returncode == EXIT_CODES["done"], done.stderr
    assert "13,728" in done.stdout
    assert "proposals: missing (70)" in done.stdout
    assert "payments: earnings are taken from the value of contracts" in done.stdout


def test_programs_read_the_same_counts() -> None:
    """As JSON read = admitted + quarantined for every table, and all twelve tables are named."""
    checked = told("check", MARKET)
    assert len(checked["tables"]) == 12
    for count in checked["tables"].values():
        assert (
            count["read"]
            == count["admitted"] + count["quarantined"]
            == count["admitted"] + sum(count["reasons"].values())
        )
    assert checked["tables"]["proposals"]["quarantined"] == 70
    assert not checked["tables"]["payments"]["present"]
    assert (checked["as_of"], checked["later"]) == (None, {})
    assert all(missing["cost"] for missing in checked["missing"])


@pytest.mark.parametrize("engine", ["duckdb", "reference"])
def test_both_engines_see_the_same_market(engine: str, tmp_path: Path) -> None:
    """Whichever engine admits them, the same rows are admitted and refused."""
    for name, rows in {
        "accounts": "account_id,role,registered_at\nana,freelancer,2024-01-01\nbob,client,2024-01-01\n",
        "jobs": "job_id,client_id,posted_at,closed_at\nj1,bob,2024-02-01,2024-03-01\nj2,eve,2024-02-01,\n",
        "proposals": "proposal_id,job_id,account_id,submitted_at,hue\np1,j1,ana,2024-02-02,red\np2,j2,ana,soon,red\n",
        "contracts": "contract_id,account_id,client_id,started_at\n",
    }.items():
        (tmp_path / f"{name}.csv").write_text(rows)
    tables = told("check", tmp_path, "--engine", engine)["tables"]
    assert {name: count["quarantined"] for name, count in tables.items() if count["read"]} == {
        "accounts": 0,
        "jobs": 1,
        "proposals": 1,
    }
    assert tables["jobs"]["reasons"] == {"unknown reference": 1}
    assert tables["proposals"]["unknown_columns"] == ["hue"]


def test_what_a_past_date_does_not_see_is_counted() -> None:
    """With a time the rows later than it are told per table (M1); after the last of them nothing is."""
    assert told("check", MARKET, "--as-of", "2014-06-01")["later"]["proposals"] == 10_886
    page = evenhand("check", MARKET, "--as-of", "2014-06-01").stdout
    assert page.endswith("contracts: 2,784 of 3,347\n")
    assert "not seen as of then\n  nothing\n" in evenhand("check", MARKET, "--as-of", "2015-08-24").stdout


def test_the_quarantine_is_written_on_request(tmp_path: Path) -> None:
    """Each refused row stands in the file with its place and reason; a file that is there already is left alone."""
    file = tmp_path / "new" / "refused.parquet"
    assert evenhand("check", MARKET, "--quarantine", file).returncode == EXIT_CODES["done"]
    rows = pq.read_table(file).to_pylist()
    assert {(row["file"], row["column"], row["reason"]) for row in rows} == {
        ("proposals.parquet", "account_id", "missing")
    }
    assert len(rows) == 70
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    before = file.read_bytes()
    again = evenhand("check", MARKET, "--quarantine", file)
    assert again.returncode == EXIT_CODES["run"]
    assert complaint(again).startswith(f"evenhand: {file}: is there already")
    assert file.read_bytes() == before


def test_a_market_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    """A truncated Parquet file ends with 3 and its name, in text and as JSON."""
    shutil.copytree(MARKET, tmp_path / "cut")
    whole = (MARKET / "jobs.parquet").read_bytes()
    (tmp_path / "cut" / "jobs.parquet").write_bytes(whole[: len(whole) // 2])
    done = evenhand("check", tmp_path / "cut")
    assert done.returncode == EXIT_CODES["market"]
    assert "jobs.parquet" in done.stderr
    assert "Traceback" not in done.stderr
    assert told("check", tmp_path / "cut")["error"]["code"] == "market"
