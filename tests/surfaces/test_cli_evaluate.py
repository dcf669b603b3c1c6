"""`evenhand evaluate` and `evenhand demo` from the outside: what they print, what they write, what they refuse."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
from pathlib import Path

import pytest

from evenhand import wiring
from evenhand.surfaces.cli.failures import EXIT_CODES
from tests.surfaces.command import EVENHAND, complaint, evenhand, told

MARKET = wiring.shipped("markets") / "worldbank"
POLICY = wiring.shipped("policies") / "activity.yaml"
RESULTS = {"evidence.parquet", "measures.jsonl", "quarantine.parquet", "summary.json", "report.html"}


def test_a_run_writes_its_results_and_five_lines(tmp_path: Path) -> None:
    """People read five lines that end with the report's address; the folder holds the results and nothing else."""
    done = evenhand("evaluate", MARKET, "--policy", POLICY, "--as-of", "2016-01-01", "--out", tmp_path / "out")
    assert done.returncode == EXIT_CODES["done"], done.stderr
    assert len(done.stdout.splitlines()) == 5
    assert done.stdout.startswith("World Bank tenders")
    assert done.stdout.splitlines()[-1] == f"report: {(tmp_path / 'out' / 'report.html').as_uri()}"
    assert {path.name for path in (tmp_path / "out").iterdir()} == RESULTS


def test_programs_read_the_summary_that_is_written(tmp_path: Path) -> None:
    """As JSON a run tells what `summary.json` holds, its cost included; what counted is written on request."""
    arguments = ["evaluate", MARKET, "--policy", POLICY, "--out", tmp_path / "out", "--counted"]
    summary = told(*arguments)["summary"]
    assert summary == json.loads((tmp_path / "out" / "summary.json").read_text())
    assert summary["seconds"] > 0
    assert summary["peak_rss_mb"] > 10
    assert {path.name for path in (tmp_path / "out").iterdir()} == RESULTS | {"counted.parquet"}


@pytest.mark.parametrize(
    ("changed", "code", "named"),
    [
        ({"market": "nowhere"}, "market", "nowhere"),
        ({"--policy": "nowhere.yaml"}, "policy", "nowhere.yaml"),
        ({"--engine": "abacus"}, "run", "abacus"),
        ({"--as-of": "1999-12-31"}, "run", "1999-12-31"),
        ({"--ledger": "nowhere.jsonl"}, "ledger", "nowhere.jsonl"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_refused_run_says_why_and_writes_nothing(
    changed: dict[str, str], code: str, named: str, tmp_path: Path
) -> None:
    """Each argument at fault is refused under its own code, with the value shown, and no output appears."""
    options = {"market": str(MARKET), "--policy": str(POLICY), "--out": str(tmp_path / "out")} | changed
    market = options.pop("market")
    done = evenhand("evaluate", market, *(word for pair in options.items() for word in pair), "--json")
    assert done.returncode == EXIT_CODES[code], done.stderr
    error = json.loads(done.stdout)["error"]
    assert error["code"] == code
    assert named in error["where"] + error["message"]
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_two_policies_for_one_procedure_are_two_runs(tmp_path: Path) -> None:
    """One run has one policy per procedure; a second one is refused by name."""
    (tmp_path / "second.yaml").write_text(POLICY.read_text())
    second = tmp_path / "second.yaml"
    done = evenhand("evaluate", MARKET, "--policy", POLICY, "--policy", second, "--out", tmp_path / "out")
    assert done.returncode == EXIT_CODES["run"]
    assert "second.yaml" in done.stderr


def test_a_terminal_sees_each_stage(tmp_path: Path) -> None:
    """On a terminal the stages show on standard error while they run, and standard output stays clean."""
    watched, screen = pty.openpty()
    words = [EVENHAND, "evaluate", MARKET, "--policy", POLICY, "--out", tmp_path / "out", "--json"]
    process = subprocess.Popen([str(word) for word in words], stdout=subprocess.PIPE, stderr=screen, text=True)
    os.close(screen)
    seen = read_all(watched)
    assert process.wait() == EXIT_CODES["done"]
    assert "admit the tables" in seen
    assert process.stdout is not None
    assert "summary" in json.loads(process.stdout.read())
    process.stdout.close()


def read_all(terminal: int) -> str:
    """Everything that was written to a terminal until its other end closed."""
    seen = b""
    try:
        while part := os.read(terminal, 65536):
            seen += part
    except OSError:  # how Linux says that the other end is closed
        pass
    os.close(terminal)
    return seen.decode()


def test_a_market_is_called_as_the_file_beside_it_says(tmp_path: Path) -> None:
    """A title and an origin beside the market stand in the report; what is no TOML there is refused by name."""
    shutil.copytree(MARKET, tmp_path / "tenders")
    beside = tmp_path / "tenders.toml"
    arguments = ("evaluate", tmp_path / "tenders", "--policy", POLICY, "--out", tmp_path / "out")
    beside.write_text('title = "Tenders & bids"\nprovenance = "Gathered by hand."\nas_of = 2014-06-01\n')
    assert evenhand(*arguments).stdout.startswith("Tenders & bids; as of 2015-08-23")
    page = (tmp_path / "out" / "report.html").read_text()
    assert "Tenders &amp; bids" in page
    assert "Gathered by hand." in page
    beside.write_text("title = Tenders")
    refused = evenhand(*arguments)
    assert refused.returncode == EXIT_CODES["market"]
    assert complaint(refused).startswith(f"evenhand: {beside}: cannot be read")


def test_the_demo_names_both_reports(tmp_path: Path) -> None:
    """The demo evaluates both shipped markets at their fixed times, with five lines for each that end with a report.

    Over the tenders it tells that nobody is touched, whom the usual rules would have touched, and how few of those
    records say anything; the market's origin, with its artificial dates, is on the report.
    """
    done = evenhand("demo", "--out", tmp_path)
    assert done.returncode == EXIT_CODES["done"], done.stderr
    told = [block.splitlines() for block in done.stdout.strip().split("\n\n")]
    assert [len(lines) for lines in told] == [5, 5]
    for market, lines in zip(wiring.shipped_markets(), told, strict=True):
        report = tmp_path / market.folder.name / "report.html"
        assert f"; as of {market.as_of.isoformat()}Z, " in lines[0]
        assert lines[-1] == f"  report: {report.as_uri()}"
        assert "Where this market comes from" in report.read_text()
    assert "It carries no dates" in (tmp_path / "worldbank" / "report.html").read_text()
    assert told[1][2].startswith("  proposed: nobody (the evidence alone reaches nobody)")
    assert told[1][3].endswith(
        "would act on 7 (0 hires in 20 proposals) to 29 (binomial test at 5 %); "
        "of those 29, the interval of 28 holds a full fair share"
    )
