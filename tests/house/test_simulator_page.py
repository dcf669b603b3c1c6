"""`docs/simulator.md` names what the simulator makes up: every scenario, every kind, every column of the truth."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from evenhand.lab.simulate import load_scenario, scenario_names

CLIENTS = {"vanishing_client"}


@pytest.fixture(scope="module")
def tables(root: Path) -> dict[str, set[str]]:
    """The names in the first column of each section's table, by heading."""
    parts = re.split(r"^## (.+)\n", (root / "docs/simulator.md").read_text(), flags=re.MULTILINE)
    return {
        heading: {
            name for row in re.findall(r"^\| (`[^|]+) \|", body, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)
        }
        for heading, body in zip(parts[1::2], parts[2::2], strict=True)
    }


def test_every_scenario_is_on_the_page(tables: dict[str, set[str]]) -> None:
    """The table of scenarios is that of the files."""
    assert tables["The scenarios"] == set(scenario_names())


def test_every_kind_is_on_the_page(tables: dict[str, set[str]]) -> None:
    """The table of kinds is that of the base world, and of clients."""
    assert tables["What is in it"] == set(load_scenario("base").kinds) | CLIENTS


def test_every_column_of_the_truth_is_on_the_page(tables: dict[str, set[str]], root: Path) -> None:
    """The table of the truth names the columns that are written."""
    statement = (root / "src/evenhand/lab/simulate/tables/truth.sql").read_text()
    (selected,) = re.findall(r"as \(\s+select(.*?)\n    from", statement, re.DOTALL)
    written = set(re.findall(r"(?: as |m\.)(\w+),?$", selected, re.MULTILINE))
    assert tables["The truth"] == written - {"account_id"}
