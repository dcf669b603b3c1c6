"""Which accounts the report tells the path of: one for each thing that can happen to somebody."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from evenhand.reports.relation import opened
from evenhand.vocabulary import Procedure

_KINDS: Final = (
    ("reached >= 0", "reached desc, log_e desc"),  # the strongest evidence
    ("reached >= 0 and given < 0", "reached desc, log_e desc"),  # the lines are reached and yet nothing follows
    ("given = 0", "log_e desc"),  # advice, which takes nothing away
    ("wins = 0 and reached < 0", "proposals desc"),  # the usual rules would act, the evidence does not
    ("wins > 0 and full_share and enough", "decided desc"),  # a full fair share is plausible
)


_ITEM_KINDS: Final = (
    ("given >= 0", "given desc, items desc"),  # the most that is proposed
    ("reached >= 0 and given < 0", "reached desc, items desc"),  # a line is reached and yet nothing follows
    ("given >= 0", "given, items"),  # the least that is proposed
)


def choose_examples(folder: Path, procedure: Procedure = "mismatch") -> Sequence[str]:
    """One account for each kind that a run has, named once, from its evidence; ties go by identifier."""
    with opened(folder, procedure) as con:
        found = [
            con.execute(f"select account_id from members where {which} order by {order}, account_id limit 1").fetchone()
            for which, order in (_KINDS if procedure == "mismatch" else _ITEM_KINDS)
        ]
    return list(dict.fromkeys(str(row[0]) for row in found if row is not None))
