"""What became of the rows of a market: admitted, or quarantined with a reason; none is lost.

The rules, in the order in which a row meets them:

1. A line that is no row is refused as such.
2. Where all rows of one key say the same (but for `recorded_at`), all but the first are `repeated`.
3. The cells are read in the order of the schema; the first fault is the reason.
4. Rows that share a key but not their content are all `conflicting`; rows refused by rule 3 are compared too.
5. References are looked up in the order of the schema, among admitted rows only.

A key that cannot be read is no key: its row meets rules 3 and 5 only. In a table without a key the whole row is the
key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from evenhand.market.table import CellType

VALUE_CHARACTERS: Final = 200
"""How much of an offending value the quarantine keeps."""


class Reason(StrEnum):
    """Why a row was refused: a closed list, the same in every engine."""

    WRONG_FIELDS = "wrong number of fields"
    NOT_UTF8 = "not UTF-8"
    NOT_CSV = "not a line of CSV"
    NOT_OBJECT = "not a JSON object"
    TOO_LONG_LINE = "line too long"
    REPEATED = "repeated"
    MISSING = "missing"
    NOT_TEXT = "not text"
    TOO_LONG = "longer than 128 characters"
    NOT_TIME = "not a time"
    NOT_NUMBER = "not a number"
    NOT_WHOLE = "not a whole number"
    NOT_BOOLEAN = "not true or false"
    NOT_WORD = "not one of the known values"
    NOT_DOLLARS = "not in US dollars"
    BEFORE_1990 = "before 1990"
    ENDS_FIRST = "ends before it starts"
    OUT_OF_RANGE = "out of range"
    CONFLICTING = "conflicting"
    UNKNOWN = "unknown reference"


UNREADABLE: Final[Mapping[CellType, Reason]] = {
    "identifier": Reason.NOT_TEXT,
    "text": Reason.NOT_TEXT,
    "time": Reason.NOT_TIME,
    "number": Reason.NOT_NUMBER,
    "whole": Reason.NOT_WHOLE,
    "boolean": Reason.NOT_BOOLEAN,
    "word": Reason.NOT_WORD,
    "weight": Reason.NOT_NUMBER,
}
"""What is said of a cell that holds something, but not what its column is for."""


@dataclass(frozen=True, kw_only=True)
class TableCount:
    """What became of one table; `read` is `admitted` + `quarantined`, always.

    `reasons` counts the quarantined by reason. `missing_columns` are the optional ones no file of the table has.
    """

    present: bool
    read: int
    admitted: int
    reasons: Mapping[str, int]
    unknown_columns: tuple[str, ...] = ()
    missing_columns: tuple[str, ...] = ()

    @property
    def quarantined(self) -> int:
        """Rows refused, whatever the reason."""
        return sum(self.reasons.values())


ABSENT: Final = TableCount(present=False, read=0, admitted=0, reasons={})
"""What is counted of a table the market lacks."""


NEVER: Final = datetime(2100, 1, 1)
"""From here on a time is taken for a stand-in such as 9999-12-31: it does not tell how far a market reaches."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something admitted that a person should know: `count` of `among` rows. `name` is stable, `doc` is a sentence."""

    name: str
    count: int
    among: int
    doc: str

    @property
    def share(self) -> float:
        """`count` over `among`; 0 where there is nothing to count among."""
        return self.count / self.among if self.among else 0.0


FINDINGS: Final[Mapping[str, str]] = {
    "proposals_before_registration": "Proposals submitted before their account registered.",
    "proposals_after_account_closed": "Proposals submitted after their account was closed.",
    "proposals_before_posting": "Proposals submitted before their job was posted.",
    "contracts_without_job": "Contracts that name no job: wins that cannot be seen.",
    "late_hires": "Contracts that started more than 30 days after their job closed: not hires.",
    "accounts_of_unknown_country": "Accounts whose country is not two capital letters.",
}
"""What `check` says of admitted rows, by name; every engine counts all of them."""


@dataclass(frozen=True, kw_only=True)
class Admission:
    """What became of a market: a count per table (all ten), its span, and findings by name.

    `first_at` and `latest_at` are the earliest and latest event time among admitted rows, None in an empty market;
    the end of a declared break and `recorded_at` are no events, and a time from `NEVER` on stands for none.
    """

    tables: Mapping[str, TableCount]
    first_at: datetime | None
    latest_at: datetime | None
    findings: Mapping[str, Finding]


def findings(counts: Mapping[str, tuple[int, int]]) -> Mapping[str, Finding]:
    """Findings from (`count`, `among`) by name, in the order of `FINDINGS`; KeyError if one was not counted.

    >>> found = findings({name: (1, 4) for name in FINDINGS})
    >>> found["late_hires"].share
    0.25
    """
    return {
        name: Finding(name=name, count=counts[name][0], among=counts[name][1], doc=doc)
        for name, doc in FINDINGS.items()
    }
