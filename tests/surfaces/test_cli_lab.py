"""`evenhand lab simulate` from the outside: a market in a folder, which every other command reads."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

from evenhand.surfaces.cli.failures import EXIT_CODES
from tests.surfaces.command import evenhand, told

SMALL = ("--accounts", 300, "--months", 2)
VALIDATED = (
    "--worlds",
    1,
    "--seed",
    5,
    "--accounts",
    500,
    "--months",
    4,
    "--scenario",
    "base",
    "--scenario",
    "same_winner",
)


def test_a_made_up_market_is_a_market(tmp_path: Path) -> None:
    """The folder holds ten tables, the truth and a summary; `check` admits all of it and knows nothing of the truth."""
    out = tmp_path / "market"
    done = evenhand("lab", "simulate", *SMALL, "--seed", 7, "--scenario", "same_winner", "--out", out)
    assert done.returncode == EXIT_CODES["done"], done.stderr
    assert "same_winner: " in done.stdout
    summary = json.loads((out / "summary.json").read_text())
    assert (out / "truth.parquet").is_file()
    checked = {name: count for name, count in told("check", out)["tables"].items() if count["present"]}
    assert len(checked) == 10  # nobody reports anybody
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


def test_a_validation_tells_of_every_method(tmp_path: Path) -> None:
    """Each method has its line in each table and its figures in the file; innocent and guilty make up the acted on."""
    out = tmp_path / "validated"
    done = evenhand("lab", "validate", *VALIDATED, "--out", out)
    assert done.returncode == EXIT_CODES["done"], done.stderr
    assert [path.name for path in out.iterdir()] == ["validation.json"]
    written = json.loads((out / "validation.json").read_text())
    assert [(world["scenario"], world["seed"]) for world in written["worlds"]] == [("base", 5), ("same_winner", 5)]
    for world in written["worlds"]:
        for name, row in world["methods"].items():
            assert sum(line.startswith(f"| {name} |") for line in done.stdout.splitlines()) == 6
            assert row["groups"]["all"][0] == row["acted"] - row["guilty"]
    assert written["worlds"][0]["methods"]["0 hires in 50 proposals"]["acted"] > 0
    assert "| same_winner: e, per account 1 % |" in done.stdout
    for scenario, methods in written["scenarios"].items():
        (own,) = (world["methods"] for world in written["worlds"] if world["scenario"] == scenario)
        assert {name: found["acted"]["mean"] for name, found in methods.items()} == {
            name: row["acted"] for name, row in own.items()
        }


def test_the_same_seed_gives_the_same_validation(tmp_path: Path) -> None:
    """A second run takes the place of its own result and says the same, but for what it cost."""
    first, second = (told("lab", "validate", *VALIDATED, "--out", tmp_path / "out")["validation"] for _ in range(2))
    for cost in ("seconds", "peak_rss_mb"):
        del first[cost], second[cost]
    assert first == second


def test_a_validation_asks_for_what_there_is() -> None:
    """A floor that is no point of the grid, no worlds, and an unknown kind of world are refused."""
    for option, value, said in (("--floor", 0.4, "`0.4`"), ("--worlds", 0, "`0`"), ("--scenario", "mars", "`mars`")):
        done = evenhand("lab", "validate", option, value)
        assert done.returncode == EXIT_CODES["run"]
        assert said in done.stderr


def test_a_trial_of_linkage_tells_who_was_found(tmp_path: Path) -> None:
    """The folder holds a market, its truth and the links; each figure is printed, and a second trial finds the same."""
    out = tmp_path / "trial"
    asked = ("lab", "linkage", "--accounts", 3000, "--seed", 4, "--out", out)
    done = evenhand(*asked)
    assert done.returncode == EXIT_CODES["done"], done.stderr
    written = json.loads((out / "linkage.json").read_text())
    grades = written["grades"].values()
    links = duckdb.execute(f"select count(*) from '{out}/links.parquet'").fetchall()[0][0]
    assert sum(found["of"] for found in grades) == links >= written["precision"]["of"] > 0
    wrong = sum(sum(counts.values()) for counts in written["between"].values())
    assert sum(found["of"] - found["count"] for found in grades) == wrong
    assert 0.8 < written["recall"]["share"] <= written["ceiling"]["share"] < 1
    assert all(f"| precision, grade `{grade}` |" in done.stdout for grade in written["grades"])
    assert all(f"| recall, `{what}` |" in done.stdout for what in written["changed"])
    assert told("check", out)["tables"]["accounts"]["admitted"] == 3000
    again = told(*asked)["linkage"]
    for cost in ("seconds", "peak_rss_mb"):
        del written[cost], again[cost]
    assert again == written


def test_a_trial_of_linkage_asks_for_enough_accounts(tmp_path: Path) -> None:
    """None, too few to learn from, and a negative seed are refused, and nothing is written."""
    for option, value, said in (("--accounts", 0, "`0`"), ("--accounts", 50, "100 to train"), ("--seed", -1, "`-1`")):
        done = evenhand("lab", "linkage", option, value, "--out", tmp_path / "trial")
        assert done.returncode == EXIT_CODES["run"]
        assert said in done.stderr
    assert list(tmp_path.iterdir()) == []
