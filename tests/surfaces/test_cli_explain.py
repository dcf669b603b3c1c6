"""`evenhand explain` from the outside: one account's path in the order things happened."""

from __future__ import annotations

from evenhand import wiring
from evenhand.surfaces.cli.failures import EXIT_CODES
from tests.surfaces.command import evenhand, told

MARKET = wiring.shipped("markets") / "freelance"
ASKED = ("--policy", wiring.shipped("policies") / "activity.yaml", "--as-of", "2026-01-01")
ACCOUNT = "freelancer-0002997"

PARTS = ["What happened", "What counted", "What it amounts to", "Where the lines are", "What would change it"]


def test_a_page_tells_the_path_in_order() -> None:
    """The page begins with the account and the decision, and its parts follow in the order things happened."""
    done = evenhand("explain", MARKET, ACCOUNT, *ASKED)
    assert done.returncode == EXIT_CODES["done"], done.stderr
    lines = done.stdout.splitlines()
    assert ACCOUNT in lines[0]
    assert [line for line in lines if line in PARTS] == PARTS
    days = [line[2:12] for line in lines if line.startswith("  20")]
    assert days == sorted(days)
    assert any("not hired" in line for line in lines)
    assert any("does not count" in line for line in lines)


def test_programs_read_the_same_sentences() -> None:
    """As JSON each part is a list of the same sentences, and every moment has its time."""
    explained = told("explain", MARKET, ACCOUNT, *ASKED)
    page = evenhand("explain", MARKET, ACCOUNT, *ASKED).stdout
    assert explained["account_id"] == ACCOUNT
    for part in ("summary", "left_out", "amounts", "lines", "changes"):
        assert explained[part]
        assert all(sentence in page for sentence in explained[part])
    assert all(moment["what"] in page and moment["at"].endswith("Z") for moment in explained["path"])


def test_an_account_that_is_not_there_is_refused_by_name() -> None:
    """A name that the market does not know ends with 6 and is shown."""
    done = evenhand("explain", MARKET, "nobody", *ASKED)
    assert done.returncode == EXIT_CODES["run"]
    assert "`nobody`" in done.stderr
