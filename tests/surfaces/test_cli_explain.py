"""`evenhand explain` from the outside: one account's path in the order things happened."""

from __future__ import annotations

from typing import Any

import pytest

from evenhand import wiring
from evenhand.surfaces.cli.failures import EXIT_CODES
from evenhand.surfaces.pages import MOMENTS_OF_A_PAGE
from tests.surfaces.command import evenhand, told

ACCOUNT = "freelancer-0002997"
POLICY = wiring.shipped("policies") / "activity.yaml"
ASKED = ("explain", wiring.shipped("markets") / "freelance", ACCOUNT, "--policy", POLICY, "--as-of", "2026-01-01")

PARTS = ["What happened", "What counted", "What it amounts to", "Where the lines are", "What would change it"]


@pytest.fixture(scope="module")
def lines() -> list[str]:
    """The whole page about one account."""
    done = evenhand(*ASKED, "--all")
    assert done.returncode == EXIT_CODES["done"], done.stderr
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def explained() -> Any:
    """The same account for programs."""
    return told(*ASKED)


def moments(lines: list[str]) -> list[str]:
    """Of a page the lines about what happened."""
    return [line for line in lines if line.startswith("  20")]


def test_a_page_tells_the_path_in_order(lines: list[str]) -> None:
    """The page begins with the account and the decision, and its parts follow in the order things happened."""
    assert ACCOUNT in lines[0]
    assert [line for line in lines if line in PARTS] == PARTS
    days = [line[2:12] for line in moments(lines)]
    assert days == sorted(days)
    assert any("not hired" in line for line in lines)
    assert any("does not count" in line for line in lines)


def test_programs_read_the_same_sentences(lines: list[str], explained: Any) -> None:
    """As JSON each part is a list of the same sentences, and every moment is there with its time."""
    page = "\n".join(lines)
    assert explained["account_id"] == ACCOUNT
    for part in ("summary", "left_out", "amounts", "lines", "changes"):
        assert explained[part]
        assert all(sentence in page for sentence in explained[part])
    assert [f"  {moment['at'][:10]}  {moment['what']}" for moment in explained["path"]] == moments(lines)
    assert all(moment["at"].endswith("Z") for moment in explained["path"])


def test_a_long_history_is_told_from_its_end(lines: list[str]) -> None:
    """Unless all is asked for, only the latest moments stand on the page, below the count of those left out."""
    short = evenhand(*ASKED).stdout.splitlines()
    left_out = len(moments(lines)) - MOMENTS_OF_A_PAGE
    assert left_out > 0
    assert moments(short) == moments(lines)[left_out:]
    gap = f"  ({left_out:,} earlier moments are left out; `--all` tells them too)"
    assert short[short.index(PARTS[0]) + 1] == gap
    assert [line for line in short if line not in (gap, *moments(short))] == [
        line for line in lines if line not in moments(lines)
    ]


def test_an_account_that_is_not_there_is_refused_by_name() -> None:
    """A name that the market does not know ends with 6, is shown, and nothing is printed."""
    done = evenhand("explain", wiring.shipped("markets") / "worldbank", "nobody", "--policy", POLICY)
    assert done.returncode == EXIT_CODES["run"]
    assert "`nobody`" in done.stderr
    assert "hint" in done.stderr
    assert done.stdout == ""


def test_without_a_policy_the_shipped_one_is_meant(explained: Any) -> None:
    """A market and an account are enough to ask."""
    assert told("explain", wiring.shipped("markets") / "freelance", ACCOUNT, "--as-of", "2026-01-01") == explained
