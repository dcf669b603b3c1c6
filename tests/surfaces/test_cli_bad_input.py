"""Input that is empty, odd or broken ends in a clear refusal, or in an honest result whose report opens."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from evenhand import wiring
from evenhand.surfaces.cli.failures import EXIT_CODES
from tests.surfaces.command import complaint, evenhand, told

TENDERS = wiring.shipped("markets") / "worldbank"
POLICY = wiring.shipped("policies") / "activity.yaml"
LONG = "x" * (64 << 20)
HEADERS = {
    "accounts": "account_id,role,registered_at",
    "jobs": "job_id,client_id,posted_at,closed_at,outcome",
    "proposals": "proposal_id,job_id,account_id,submitted_at",
    "contracts": "contract_id,job_id,account_id,client_id,started_at",
}
ANA = "ana,freelancer,2024-01-01"
BOB = "bob,client,2024-01-01"


def market(folder: Path, **rows: str) -> Path:
    """A market of CSV files with these rows; tables that are not named have none."""
    folder.mkdir()
    for name, header in HEADERS.items():
        (folder / f"{name}.csv").write_text(f"{header}\n{rows.get(name, '')}")
    return folder


def refusal(code: str, *arguments: object) -> tuple[str, str]:
    """What a refused command says and what it advises; it ends with the exit code that belongs to `code`."""
    done = evenhand(*arguments)
    assert done.returncode == EXIT_CODES[code], done.stderr
    assert done.stdout == ""
    said, advised = complaint(done).splitlines()
    return said.removeprefix("evenhand: "), advised.removeprefix("  hint: ")


def result(folder: Path, *arguments: object) -> tuple[list[str], str]:
    """The lines and the report of an evaluation into `folder` that goes well."""
    done = evenhand("evaluate", *arguments, "--policy", POLICY, "--out", folder / "out")
    assert done.returncode == EXIT_CODES["done"], done.stderr
    page = (folder / "out" / "report.html").read_text()
    assert page.rstrip().endswith("</html>")
    return done.stdout.splitlines(), page


@pytest.mark.parametrize("command", ["check", "evaluate"])
def test_a_folder_without_tables_is_refused(command: str, tmp_path: Path) -> None:
    """The refusal names the four tables that lack and what their files may be called."""
    (tmp_path / "empty").mkdir()
    further = ("--policy", POLICY, "--out", tmp_path / "out") if command == "evaluate" else ()
    said, advised = refusal("market", command, tmp_path / "empty", *further)
    assert said == f"{tmp_path / 'empty'}: has no table `accounts`, `jobs`, `proposals`, `contracts`; found none at all"
    assert "`accounts.parquet`, `.csv`" in advised


def test_tables_without_rows_are_an_empty_market(tmp_path: Path) -> None:
    """Without a time there is none to look at; with one the result is empty and says so."""
    empty = market(tmp_path / "empty")
    said, advised = refusal("run", "evaluate", empty, "--policy", POLICY, "--out", tmp_path / "out")
    assert said == f"{empty}: the tables have no rows, so there is no latest time to look at"
    assert "--as-of" in advised
    lines, page = result(tmp_path, empty, "--as-of", "2024-01-01")
    assert lines[0] == "empty; as of 2024-01-01T00:00:00Z, 0 rows read, 0 of them in quarantine"
    assert "This market has no member with a proposal yet." in page


def test_one_account_is_a_market(tmp_path: Path) -> None:
    """Of one account nothing can be said, and nothing follows."""
    lines, page = result(tmp_path, market(tmp_path / "one", accounts=ANA))
    assert lines[1] == "1 account, 1 of them with too little evidence for any conclusion"
    assert lines[3] == "the rules in use today would act on nobody"
    assert "nothing follows for anybody" in page
    (row,) = pq.read_table(tmp_path / "out" / "evidence.parquet").to_pylist()
    assert (row["account_id"], row["measure"], row["reaches"]) == ("ana", "none", "none")


def test_a_market_without_a_hire_is_evidence_against_nobody(tmp_path: Path) -> None:
    """Two hundred proposals on jobs that hired nobody say nothing, where the usual rules would act."""
    jobs = [f"j{n},bob,2024-02-01,2024-02-03,unfilled\n" for n in range(200)]
    proposals = [f"p{n},j{n},ana,2024-02-02\n" for n in range(200)]
    tables = {"accounts": f"{ANA}\n{BOB}\n", "jobs": "".join(jobs), "proposals": "".join(proposals)}
    lines, page = result(tmp_path, market(tmp_path / "market", **tables), "--as-of", "2024-06-01")
    assert lines[2].startswith("proposed: nobody (the evidence alone reaches nobody)")
    assert "would act on 1 (0 hires in 20 proposals); of those 1, the interval of 1 holds a full fair share" in lines[3]
    assert "carries enough evidence for a warning" in page


def test_columns_of_wrong_types_go_to_quarantine(tmp_path: Path) -> None:
    """Lists where times should be refuse every row with its reason; the run says so and where to read more."""
    odd = market(tmp_path / "odd")
    (odd / "accounts.csv").unlink()
    columns = {"account_id": [1.5, 2.5], "role": [True, False], "registered_at": [[1], [2]]}
    pq.write_table(pa.table(columns), odd / "accounts.parquet")
    checked = told("check", odd)["tables"]["accounts"]
    assert (checked["read"], checked["admitted"], sum(checked["reasons"].values())) == (2, 0, 2)
    said, advised = refusal("run", "evaluate", odd, "--policy", POLICY, "--out", tmp_path / "out")
    assert said == f"{odd}: every row was refused (2 in all), so there is no time to look at"
    assert advised == f"`evenhand check {odd}` says why they were refused"
    lines, page = result(tmp_path, odd, "--as-of", "2024-01-01")
    assert "2 rows read, 2 of them in quarantine" in lines[0]
    assert "accounts.parquet, row 1" in page


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_a_line_of_64_megabytes_costs_itself_only(ending: str, tmp_path: Path) -> None:
    """The line goes to quarantine, those around it are read, and its text does not travel into any result."""
    folder = market(tmp_path / "market")
    if ending == "csv":
        lines = [HEADERS["accounts"], ANA, f"{LONG},client,2024-01-01", BOB]
    else:
        (folder / "accounts.csv").unlink()
        rows = [dict(zip(HEADERS["accounts"].split(","), line.split(","), strict=True)) for line in (ANA, BOB)]
        lines = [json.dumps(rows[0]), json.dumps({"account_id": LONG}), json.dumps(rows[1])]
    (folder / f"accounts.{ending}").write_text("".join(f"{line}\n" for line in lines))
    lines, page = result(tmp_path, folder)
    assert "3 rows read, 1 of them in quarantine" in lines[0]
    assert "line too long" in page
    assert sum(path.stat().st_size for path in (tmp_path / "out").iterdir()) < 1_000_000


def test_a_truncated_parquet_file_is_refused_by_name(tmp_path: Path) -> None:
    """The refusal says which file, and to export it again."""
    cut = market(tmp_path / "cut")
    (cut / "jobs.csv").unlink()
    (cut / "jobs.parquet").write_bytes((TENDERS / "jobs.parquet").read_bytes()[:20_000])
    said, advised = refusal("market", "evaluate", cut, "--policy", POLICY, "--out", tmp_path / "out")
    assert said.startswith("jobs.parquet: cannot be read as Parquet: ")
    assert "export or copy it again" in advised


def test_an_unknown_column_in_a_policy_stops_the_run_at_its_place(tmp_path: Path) -> None:
    """The refusal names file, line and column of the word, and what might have been meant."""
    policy = tmp_path / "policy.yaml"
    policy.write_text(POLICY.read_text().replace("when: e >= 20 ", "when: wage >= 20 "))
    line = policy.read_text().split("wage")[0]
    place = f"{policy}:{line.count(chr(10)) + 1}:{len(line.splitlines()[-1]) + 1}"
    said, advised = refusal("policy", "evaluate", TENDERS, "--policy", policy, "--out", tmp_path / "out")
    assert said == f"{place}: `wage` is not a column that a condition may name"
    assert "`earned_usd_365d`" in advised


def test_a_clock_before_the_data_is_told_what_there_is(tmp_path: Path) -> None:
    """The refusal shows the time asked for, and the first and the last that there is something at."""
    asked = ("evaluate", TENDERS, "--policy", POLICY, "--as-of", "1999-12-31", "--out", tmp_path / "out")
    said, advised = refusal("run", *asked)
    assert (
        said == f"{TENDERS}: there is nothing to see at 1999-12-31T00:00:00Z: the first row is of 2014-01-01T00:00:00Z"
    )
    assert "2015-08-23" in advised


@pytest.mark.parametrize("time", ["yesterday", "2024-13-01", "20"])
def test_an_unreadable_time_is_refused_with_an_example(time: str) -> None:
    """The refusal shows what was written and how times are written."""
    said, _ = refusal("usage", "check", TENDERS, "--as-of", time)
    assert f"`{time}` is not a time; write 2026-01-01 or 2026-01-01T12:00:00Z" in said


def test_results_never_replace_a_file(tmp_path: Path) -> None:
    """Where a file stands in the place of the results, it is left alone."""
    (tmp_path / "out").write_text("years of work")
    said, advised = refusal("run", "evaluate", TENDERS, "--policy", POLICY, "--out", tmp_path / "out")
    assert said == f"{tmp_path / 'out'}: is there already and is no result of an earlier run"
    assert "nothing was touched" in advised
    assert (tmp_path / "out").read_text() == "years of work"


def test_results_never_replace_a_folder_with_anything_else_in_it(tmp_path: Path) -> None:
    """A summary of one's own does not make a folder the result of a run."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "summary.json").write_text("{}")
    (tmp_path / "out" / "thesis.tex").write_text("years of work")
    refusal("run", "evaluate", TENDERS, "--policy", POLICY, "--out", tmp_path / "out")
    assert (tmp_path / "out" / "thesis.tex").read_text() == "years of work"


def test_signs_in_the_name_of_a_market_are_only_signs(tmp_path: Path) -> None:
    """A name with brackets and stars is one folder, not a pattern for several."""
    for name in ("tables[1]*", "tables1"):
        folder = tmp_path / name
        folder.mkdir()
        for file in TENDERS.iterdir():
            (folder / file.name).write_bytes(file.read_bytes())
    tables = told("check", tmp_path / "tables[1]*")["tables"]
    assert (tables["proposals"]["read"], tables["proposals"]["quarantined"]) == (13_728, 70)


def test_an_absurd_amount_costs_its_row_only(tmp_path: Path) -> None:
    """Two hundred thousand million million dollars are no value of a contract."""
    folder = market(tmp_path / "rich", accounts=f"{ANA}\n{BOB}\n", jobs="j,bob,2024-02-01,2024-02-03,hired\n")
    rows = "k,j,ana,bob,2024-02-02,2e17\nl,j,ana,bob,2024-02-02,200\n"
    (folder / "contracts.csv").write_text(f"{HEADERS['contracts']},value_usd\n{rows}")
    result(tmp_path, folder)
    (refused,) = pq.read_table(tmp_path / "out" / "quarantine.parquet").to_pylist()
    assert (refused["column"], refused["reason"]) == ("value_usd", "out of range")


def test_a_stand_in_for_never_does_not_set_the_clock(tmp_path: Path) -> None:
    """A job that closes in the year 9999 is open, and the time of the run is that of the last real event."""
    job = "j,bob,2024-02-01,9999-12-31,\n"
    result(tmp_path, market(tmp_path / "open", accounts=f"{ANA}\n{BOB}\n", jobs=job))
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert summary["as_of"] == "2024-02-01T00:00:00Z"


def test_a_broken_line_in_a_ledger_stops_the_run(tmp_path: Path) -> None:
    """The refusal names the file and the line; a ledger read in part would open steps that were never served."""
    ledger = tmp_path / "ledger.jsonl"
    ledger.write_text(
        '{"account_id": "ana", "procedure": "mismatch", "step": "warn", "kind": "warned", "at": "2014-02-01"}\n{"'
    )
    said, advised = refusal(
        "ledger", "evaluate", TENDERS, "--policy", POLICY, "--ledger", ledger, "--out", tmp_path / "o"
    )
    assert said.startswith(f"{ledger}:2: not JSON at column 2: ")
    assert advised == "one whole object per line"
