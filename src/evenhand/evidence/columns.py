"""What a column of evidence is: the words in which policies, reports and members' pages speak of an account."""

from __future__ import annotations

from dataclasses import dataclass

from evenhand.vocabulary import ColumnType


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of `evidence.parquet`.

    `doc` is the author's help, in one sentence with unit and window. `needs` names the tables (or
    `table.column`) without which the value is unknown. A `condition` column may stand in a policy.
    """

    name: str
    type: ColumnType
    doc: str
    needs: tuple[str, ...] = ()
    condition: bool = True
