"""The words a condition may say about an account, taken from the declarations of the evidence."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from evenhand.evidence.account.columns import ACCOUNT_COLUMNS
from evenhand.evidence.activity.columns import ACTIVITY_COLUMNS, DECISION_COLUMNS, E_COLUMNS
from evenhand.evidence.activity.grid import GRID, log_e_at
from evenhand.evidence.circumvention.stream.columns import STREAM_COLUMNS
from evenhand.evidence.columns import Column
from evenhand.evidence.conduct.columns import CONDUCT_COLUMNS, WHERE_SHARED
from evenhand.vocabulary import Procedure

NodeType = Literal["boolean", "number", "text"]
"""Types of values inside a condition."""


@dataclass(frozen=True, kw_only=True)
class Name:
    """One word of a condition and the evidence column behind it.

    `is_e` marks an e-value: the column holds its natural log, and the word means exp(least(column, 700)).
    `floor` is set for `e_at(x)`.
    """

    text: str
    column: str
    type: NodeType
    is_e: bool = False
    floor: float | None = None


Names: TypeAlias = Mapping[str, Name]
"""The columns that a condition may name, by the word for each."""


def declared(columns: Iterable[Column]) -> dict[str, Name]:
    """The words for `columns`, those left out that no condition may name."""
    return {
        column.name: Name(text=column.name, column=column.name, type=column.type)
        for column in columns
        if column.condition and column.type != "list"
    }


NAMES: Final[Names] = {
    **declared((*ACCOUNT_COLUMNS, *ACTIVITY_COLUMNS, *DECISION_COLUMNS)),
    **{
        column.name: Name(text=column.name, column=f"log_{column.name}", type="number", is_e=True)
        for column in E_COLUMNS
    },
}
"""Every column a condition of a policy may name."""

CONDUCT: Final[Mapping[Procedure, Names]] = {
    procedure: declared((*ACCOUNT_COLUMNS, *columns)) for procedure, columns in CONDUCT_COLUMNS.items()
}
"""The same for the procedures that rest on items (R12: neither knows the evidence of another)."""

SUSPICION: Final[Names] = {c.name: Name(text=c.name, column=c.name, type="number") for c in STREAM_COLUMNS}
"""Columns that order the review alone. They are read so that a check can say why no condition may name them."""

SHARED: Final[Names] = {name: Name(text=name, column=name, type="number") for name in WHERE_SHARED}
"""What many share and nobody is linked by (R15), read for the same reason."""


def known(procedure: Procedure) -> Names:
    """What the reader of a policy knows, the checks' business included."""
    return {**CONDUCT.get(procedure, NAMES), **SUSPICION, **(SHARED if procedure == "linkage" else {})}


E_POINTS: Final[tuple[float, ...]] = GRID[1:]
"""The points at which `e_at` is known: those of the grid above 0."""


_JOB_FACTS: Final[Mapping[str, NodeType]] = {
    "client_id": "text",
    "category": "text",
    "experience": "text",
    "outcome": "text",
    "budget_usd": "number",
    "posted_on": "number",
    "closed_on": "number",
}

JOB_NAMES: Final[Names] = {name: Name(text=name, column=name, type=kind) for name, kind in _JOB_FACTS.items()}
"""Every fact of a job that the rule for leaving jobs out may name; a check refuses those that come after posting."""


def e_at(floor: float) -> Name:
    """The name `e_at(floor)`; `floor` is one of `E_POINTS`.

    >>> e_at(1.0).column
    'log_e_at_1'
    """
    return Name(text=f"e_at({floor:g})", column=log_e_at(floor), type="number", is_e=True, floor=floor)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint that names the known words, the nearest first if one is near.

    >>> did_you_mean("e_hired", ["e", "e_hire"])
    'did you mean `e_hire`? known: `e`, `e_hire`'
    """
    listed = sorted(known)
    near = difflib.get_close_matches(word.lower(), listed, n=1, cutoff=0.75)
    head = f"did you mean `{near[0]}`? " if near else ""
    return f"{head}known: {', '.join(f'`{name}`' for name in listed)}"
