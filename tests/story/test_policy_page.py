"""The page on policies names everything a policy may say, and nothing else."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from evenhand.evidence.account.columns import ACCOUNT_COLUMNS
from evenhand.policy import checks, profiles
from evenhand.policy.conditions.names import CONDUCT, E_POINTS, NAMES, declared
from evenhand.policy.conditions.tokens import FUNCTIONS
from evenhand.policy.parse import parse
from evenhand.vocabulary import LADDER

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "policy.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    """The text under a heading, up to the next heading."""
    return PAGE.partition(f"# {title}\n")[2].partition("\n#")[0]


def first_cells(text: str) -> set[str]:
    """The words in code style that open the rows of a section's tables."""
    rows = re.findall(r"^\| (.*?) \|", text, re.MULTILINE)
    return {word.partition("(")[0] for row in rows for word in re.findall(r"`([^`]+)`", row)}


def test_every_column_has_a_row() -> None:
    """The tables of evidence and facts list the columns that a condition may name, no more and no less."""
    assert first_cells(section("Evidence")) | first_cells(section("Facts")) == set(NAMES)


def test_every_count_of_misconduct_has_a_row() -> None:
    """The table of misconduct lists what conditions of the two procedures may name beside the facts of an account."""
    assert first_cells(section("Misconduct")) == set().union(*CONDUCT.values()) - set(declared(ACCOUNT_COLUMNS))


def test_every_function_has_a_row() -> None:
    """The table of functions lists those that a condition may call, and `e_at` its points."""
    assert first_cells(section("Conditions")) == set(FUNCTIONS)
    assert ", ".join(f"{point:g}" for point in E_POINTS) in section("Conditions")


def test_every_step_and_claim_has_a_row() -> None:
    """The ladder and the claims of the page are those of the code."""
    assert first_cells(section("Steps")) == set(LADDER)
    last = section("What a policy is held to")
    remarks = set(re.findall(r"`(\w+)`\s\(", last))
    assert first_cells(last) | remarks == set(checks.claims())


def test_every_key_has_a_row() -> None:
    """The table of the file lists the keys the reader knows."""
    shipped = parse((ROOT / "policies" / "activity.yaml").read_text(encoding="utf-8"))
    inside = {"text", "hash", "file", "marks"}
    assert first_cells(section("The file")) == {field.name for field in fields(shipped)} - inside


def test_the_clocks_are_those_of_the_profiles() -> None:
    """The numbers of the table of profiles are those of the profile files."""
    rows = re.findall(r"^\| (?:business )?days .*? \| (\d+) \| (\d+) \|$", section("Profiles"), re.MULTILINE)
    for column, name in enumerate(("strict", "minimal")):
        profile = profiles.load(name)
        clocks = [
            profile.public_days,
            profile.cure_days,
            profile.notice_days_without_fault,
            profile.notice_days_with_fault,
            *vars(profile.clocks).values(),
        ]
        assert [int(row[column]) for row in rows] == clocks
