"""What a run wrote, opened for questions: one in-memory database over the files, in bounded memory."""

from __future__ import annotations

import glob
from pathlib import Path
from typing import Final

import duckdb

from evenhand.evidence.activity.grid import ENOUGH
from evenhand.vocabulary import LADDER, NO_STEP, Procedure
from evenhand.workflows.evaluate_market import evidence_file

MEMORY: Final = "1GB"

_MILD: Final = f"('{NO_STEP}', 'advise', 'educate')"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _place(column: str) -> str:
    """SQL for the place of a step on the ladder, as `vocabulary.rank` has it."""
    arms = " ".join(f"when '{step}' then {place}" for place, step in enumerate(LADDER))
    return f"case {column} {arms} else -1 end"


def opened(folder: Path, procedure: Procedure = "mismatch") -> duckdb.DuckDBPyConnection:
    """Open the evidence of a procedure and `quarantine.parquet` of `folder` as the views below.

    - `evidence`, `quarantine`: the files as they are;
    - `members`: accounts with a proposal or with anything counted, which is whom a rule about proposals can touch. Its
      own columns: `counted` (anything counted, towards hires or shortlists), `reached` and `given` (places of `reaches`
      and `measure` on the ladder, -1 for none), `bites` (the evidence reaches a warning or more), `bitten` (a warning
      or more is proposed), `enough` (5 fair wins or more) and `full_share` (the confidence interval of the odds ratio
      contains 1; a bound that is null is open).

    Where items are the evidence, members are all accounts: `counted` and `enough` say that an item counts, and the view
    `items` holds them.
    """
    con = duckdb.connect(":memory:", config={"memory_limit": MEMORY})
    files = {"evidence": evidence_file(procedure), "quarantine": "quarantine.parquet"}
    if procedure != "mismatch":
        files["items"] = f"items_{procedure}.parquet"
    for name, file in files.items():
        con.execute(f"create view {name} as from read_parquet({_text(glob.escape(str(folder / file)))})")
    con.execute(_MEMBERS if procedure == "mismatch" else _EVERYBODY)
    return con


_OUTCOME: Final = f"""
            {_place("reaches")} as reached,
            {_place("measure")} as given,
            reaches not in {_MILD} as bites,
            measure not in {_MILD} as bitten"""

_EVERYBODY: Final = f"""
        create view members as select *, {_OUTCOME}, items > 0 as counted, items > 0 as enough from evidence
    """

_MEMBERS: Final = f"""
        create view members as
        select *,
            {_OUTCOME},
            decided > 0 or decided_shortlist > 0 as counted,
            fair_wins >= {ENOUGH} as enough,
            coalesce(odds_ratio_low, 0) <= 1 and coalesce(odds_ratio_high, 'infinity'::double) >= 1 as full_share
        from evidence
        where proposals > 0 or decided > 0 or decided_shortlist > 0 or reaches <> '{NO_STEP}'
    """
