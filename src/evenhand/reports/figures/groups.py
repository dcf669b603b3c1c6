"""Guarded groups: whether each is chosen as often as the fair shares say, and which are held because it is not."""

from __future__ import annotations

import math
from typing import Final

from evenhand.decisions.explain import amount
from evenhand.reports.summary import Group, Summary
from evenhand.reports.tables import Table
from evenhand.reports.words import counted

MOST: Final = 40
"""So many groups are printed, strongest evidence first; all of them stand in `summary.json`."""


def groups(summary: Summary, window: str) -> Table:
    """A row per guarded group, those with the strongest evidence against their fair share first."""
    listed = sorted(summary.guards, key=lambda group: (-group.log_e, group.name))
    left = f"; {counted(len(listed) - MOST)} more stand in summary.json" if len(listed) > MOST else ""
    return Table(
        caption="Groups with members enough, each as one competitor on the first job with one hire of each client"
        f"{left}; {window}.",
        heads=("Group", "Members", "Jobs", "Fair wins", "Won", "Odds ratio", "e", "State"),
        rows=tuple(
            (
                group.name,
                group.members,
                group.jobs,
                f"{group.expected:,.1f}",
                group.won,
                "none yet" if group.odds_ratio is None else f"{group.odds_ratio:g}",
                amount(math.exp(min(group.log_e, 700.0))),
                _state(group),
            )
            for group in listed[:MOST]
        ),
    )


def _state(group: Group) -> str:
    """What follows for the group, and what may be said of it in public."""
    held = "held: no new step" if group.held else "in order"
    return f"{held}; disadvantaged" if group.disadvantaged else held
