"""`evenhand policy` from the outside: what holds, what is refused where, and what changed."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from evenhand import wiring
from evenhand.policy.load import load
from evenhand.surfaces.cli.failures import EXIT_CODES
from tests.surfaces.command import evenhand, told

SHIPPED = wiring.shipped("policies") / "activity.yaml"


@pytest.fixture
def stricter(tmp_path: Path) -> Path:
    """The shipped policy with one higher line."""
    path = tmp_path / "stricter.yaml"
    path.write_text(SHIPPED.read_text().replace("e >= 100 ", "e >= 200 "))
    return path


def test_the_shipped_policy_holds() -> None:
    """The check ends well, names the policy by its hash, and prints what each step may do to the innocent."""
    done = evenhand("policy", "check", SHIPPED)
    assert done.returncode == EXIT_CODES["done"]
    assert load(SHIPPED).hash in done.stdout
    assert all(f"`{step}`: of 1,000 accounts" in done.stdout for step in ("advise", "warn", "limit", "pause"))


def test_programs_read_the_same_figures() -> None:
    """As JSON the check gives hash, remarks, the bound of each step, and what each step asks."""
    (checked,) = told("policy", "check", SHIPPED)["policies"]
    assert checked["hash"] == load(SHIPPED).hash
    assert {hits["step"]: hits["bound"] for hits in checked["expected_hits"]}["limit"] == pytest.approx(0.01)
    assert {line["step"]: line["units"] for line in checked["asked"]}["warn"] == 138
    assert checked["portfolio_e"] == pytest.approx(20_000 * math.pi**2 / (6 * 0.05))


def test_a_policy_without_a_portfolio_says_nothing_of_one(tmp_path: Path) -> None:
    """What joining the portfolio takes is told where a step waits for it, and only there."""
    assert "the portfolio: in its first year e of 657,974 for one" in evenhand("policy", "check", SHIPPED).stdout
    path = tmp_path / "alone.yaml"
    path.write_text(SHIPPED.read_text().replace(" and in_portfolio", ""))
    assert "the portfolio:" not in evenhand("policy", "check", path).stdout
    assert told("policy", "check", path)["policies"][0]["portfolio_e"] is None


def test_an_unknown_column_is_refused_with_its_place(tmp_path: Path) -> None:
    """A condition that names what does not exist ends with 4, and says file, line, column and the name."""
    path = tmp_path / "faulty.yaml"
    path.write_text(SHIPPED.read_text().replace("when: e >= 20 ", "when: wage >= 20 "))
    done = evenhand("policy", "check", path)
    assert done.returncode == EXIT_CODES["policy"]
    assert "`wage`" in done.stderr
    assert "Traceback" not in done.stderr
    place = told("policy", "check", path)["error"]["where"]
    line = next(n for n, text in enumerate(path.read_text().splitlines(), 1) if "wage" in text)
    assert place.startswith(f"{path}:{line}:")


def test_a_difference_is_told_in_a_sentence(stricter: Path) -> None:
    """A higher line is told as one sentence; equal policies as none."""
    assert (
        told("policy", "diff", SHIPPED, stricter)["differences"]
        == evenhand("policy", "diff", SHIPPED, stricter).stdout.splitlines()
    )
    assert told("policy", "diff", SHIPPED, SHIPPED)["differences"] == []


def test_a_file_that_is_not_there_is_a_refusal_not_a_fault(tmp_path: Path) -> None:
    """A missing policy file is refused by name."""
    done = evenhand("policy", "diff", SHIPPED, tmp_path / "absent.yaml")
    assert done.returncode == EXIT_CODES["policy"]
    assert "absent.yaml" in done.stderr
