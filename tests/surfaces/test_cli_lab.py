"""`evenhand lab simulate` from the outside: a market in a folder, which every other command reads."""

from __future__ import annotations

import json
from pathlib import Path

from evenhand.surfaces.cli.failures import EXIT_CODES
from tests.surfaces.command import evenhand, told

SMALL = ("--accounts", 300, "--months", 2)


def test_a_made_up_market_is_a_market(tmp_path: Path) -> None:
    """The folder holds ten tables, the truth and a summary; `check` admits all of it and knows nothing of the truth."""
    out = tmp_path / "market"
    done = evenhand("lab", "simulate", *SMALL, "--seed", 7, "--scenario", "same_winner", "--out", out)
    assert done.returncode == EXIT_CODES["done"], done.stderr
    assert "same_winner: " in done.stdout
    summary = json.loads((out / "summary.json").read_text())
    assert (out / "truth.parquet").is_file()
    checked = told("check", out)["tables"]
    assert len(checked) == 10
    assert {name: count["admitted"] for name, count in checked.items()} == {
        name: rows for name, rows in summary["rows"].items() if name != "truth"
    }


def test_programs_read_the_shape(tmp_path: Path) -> None:
    """As JSON the command says what was asked and what came out; the same seed takes the place of its own result."""
    out = tmp_path / "market"
    first, second = (told("lab", "simulate", *SMALL, "--out", out)["summary"] for _ in range(2))
    assert first["rows"] == second["rows"]
    assert (first["scenario"], first["seed"], first["accounts"], first["months"]) == ("base", 1, 300, 2)
    assert sum(kind["accounts"] for kind in first["kinds"]) <= 300


def test_an_unknown_scenario_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    """Nothing is written, and the names to choose from are shown."""
    out = tmp_path / "market"
    done = evenhand("lab", "simulate", "--scenario", "mars", "--out", out)
    assert done.returncode == EXIT_CODES["run"]
    assert "`mars`" in done.stderr
    assert "`reads_until_hired`" in done.stderr
    assert not out.exists()


def test_what_is_not_ours_is_not_replaced(tmp_path: Path) -> None:
    """A folder with something else in it stays as it is."""
    (tmp_path / "letter.txt").write_text("keep me")
    done = evenhand("lab", "simulate", *SMALL, "--out", tmp_path)
    assert done.returncode == EXIT_CODES["run"]
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
