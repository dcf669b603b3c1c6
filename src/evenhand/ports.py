"""All that Evenhand asks of the outside, on one page: a source of tables, an engine that reckons.

The clock is not here: every time is an argument, read once in `wiring`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from evenhand.decisions.ledger import Standing
from evenhand.decisions.portfolio import Candidate
from evenhand.decisions.rows import EvidenceRow
from evenhand.evidence.activity.question import Measured, Question
from evenhand.evidence.activity.units import CountedUnit, PassedOver
from evenhand.market.admission import Admission
from evenhand.market.staging import StagedMarket
from evenhand.policy.types import Policy


class Source(Protocol):
    """Where a market's tables come from."""

    def stage(self, scratch: Path) -> StagedMarket:
        """Bring every table into Parquet files an engine can read; text formats keep their line numbers.

        Bounded memory whatever the size. Raises `MarketRefused` where a file cannot be read at all.
        """
        ...


class Engine(Protocol):
    """One run over one market; a context manager that owns its scratch space.

    The calls come in this order: `admit`, `measure`, `candidates`, `decide`, then any of the readers and writers;
    `later` and `write_quarantine` need `admit` alone.
    """

    name: str

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def admit(self, market: StagedMarket) -> Admission:
        """Admit every row or quarantine it with a reason; admitted + quarantined = read."""
        ...

    def later(self, as_of: datetime) -> Mapping[str, int]:
        """How many admitted rows of each table lie after `as_of`, by `Table.own_time` (M1); none for tables without."""
        ...

    def measure(self, question: Question) -> Measured:
        """Reckon facts and activity evidence of every account seen at `question.as_of`."""
        ...

    def candidates(self, policy: Policy, standings: Mapping[str, Standing]) -> Sequence[Candidate]:
        """Accounts that a portfolio step would take if all were in the portfolio (S5)."""
        ...

    def decide(
        self, policy: Policy, standings: Mapping[str, Standing], portfolio: Collection[str], *, cap: int, withheld: bool
    ) -> None:
        """Fill `in_portfolio`, `exempt`, `reaches`, `measure`, `blocked_by` and `why` of every account.

        At most `cap` measures at `limit` or above, strongest evidence first (S8); none at all if `withheld`.
        """
        ...

    def measures(self) -> Iterator[EvidenceRow]:
        """Evidence rows of the accounts with a measure, sorted by account."""
        ...

    def account(self, account_id: str) -> EvidenceRow | None:
        """The row of one account, None if `as_of` does not see it."""
        ...

    def tally(self, column: str) -> Mapping[str, int]:
        """How many accounts have each value of a text column of the decisions (nulls left out)."""
        ...

    def units(self, accounts: Collection[str]) -> Mapping[str, Sequence[CountedUnit]]:
        """What counted for each of `accounts`, in the order in which it settled; one pass for all of them."""
        ...

    def passed_over(self, accounts: Collection[str]) -> Mapping[str, Sequence[PassedOver]]:
        """The proposals of each of `accounts` that did not count, each with its reason; one pass for all of them."""
        ...

    def write_evidence(self, path: Path) -> None:
        """Write `evidence.parquet`, sorted by account."""
        ...

    def write_counted(self, path: Path) -> None:
        """Write `counted.parquet`: a row per counted unit with fair share, outcome and factor."""
        ...

    def write_quarantine(self, path: Path) -> None:
        """Write `quarantine.parquet`: table, file, row, column, value, reason."""
        ...
