"""The page on due process lists what the code knows: stages, roles, entries, effects."""

from __future__ import annotations

import re

from evenhand.decisions.case.entry import KINDS
from evenhand.decisions.case.head import URGENCY
from evenhand.decisions.effects import EFFECTS
from tests.house.checkout import ROOT

PAGE = (ROOT / "docs" / "process.md").read_text(encoding="utf-8")


def first_cells(title: str) -> set[str]:
    """The words in code style that open the rows of a section's table."""
    section = PAGE.partition(f"## {title}\n")[2].partition("\n#")[0]
    rows = re.findall(r"^\| (.*?) \|", section, re.MULTILINE)
    return {word for row in rows for word in re.findall(r"`([^`]+)`", row)}


def test_every_stage_entry_and_effect_has_a_row() -> None:
    """No more and no less than the code writes and knows; `second` shares the row of `review`."""
    assert first_cells("The way of a measure") | {"second"} == set(URGENCY)
    assert first_cells("What is written") == set(KINDS)
    assert first_cells("What a measure does") == set(EFFECTS)


def test_every_role_has_a_row() -> None:
    """The six roles of the house."""
    assert first_cells("Who may") == {"analyst", "reviewer", "senior", "author", "auditor", "admin"}
