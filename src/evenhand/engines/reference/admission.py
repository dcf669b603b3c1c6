"""Admission, slow and obvious: row by row in plain Python, the judge of every other engine's admission.

The rules are those of `evenhand.market.admission`, in their order.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pyarrow.parquet as pq

from evenhand.engines.reference.admission_cells import Cell, first_fault, read_rows
from evenhand.market.admission import ABSENT, NEVER, VALUE_CHARACTERS, Admission, Reason, TableCount, findings
from evenhand.market.schema import TABLES
from evenhand.market.staging import StagedMarket, StagedTable, check_tables
from evenhand.market.table import Table

Row = dict[str, Any]
"""One admitted row: every column of the schema, None where nothing is said. Weights are whole millionths."""
Refused = dict[str, Any]
"""One row of the quarantine: table, file, row, column, value, reason."""


@dataclass(frozen=True, kw_only=True)
class ReferenceMarket:
    """An admitted market with its own identifiers.

    `strays` are (`job_id`, `submitted_at` or None) of quarantined proposals on admitted jobs, exact repeats left out;
    `lost_contracts` are (`job_id`, `started_at` or None) of quarantined contracts, None for a job that is not admitted.
    """

    tables: Mapping[str, Sequence[Row]]
    strays: Sequence[tuple[str, datetime | None]]
    lost_contracts: Sequence[tuple[str | None, datetime | None]]


@dataclass(frozen=True, kw_only=True)
class Admitted:
    """All that admission yields: the counts, the rows, and what was refused."""

    admission: Admission
    market: ReferenceMarket
    quarantine: Sequence[Refused]


@dataclass(kw_only=True)
class _Read:
    """One row as it was read, on its way to a verdict."""

    file: str
    row: int
    cells: Mapping[str, Cell]
    column: str | None = None
    reason: Reason | None = None

    def refuse(self, column: str | None, reason: Reason) -> None:
        if self.reason is None:
            self.column, self.reason = column, reason

    def key(self, table: Table) -> tuple[object, ...] | None:
        """What makes the row the same as another; None if its key cannot be read."""
        if not table.key:
            return self.content(table)
        if any(first_fault(table, table.column(name), self.cells) for name in table.key):
            return None
        return tuple(self.cells[name].meaning for name in table.key)

    def content(self, table: Table) -> tuple[object, ...]:
        return tuple(self.cells[name].content for name in table.content)


@dataclass(kw_only=True)
class _State:
    """What is known so far: admitted rows by table, and the keys among them."""

    tables: dict[str, list[Row]] = field(default_factory=dict)
    keys: dict[str, set[str]] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)
    remembered: dict[str, list[tuple[str | None, datetime | None]]] = field(default_factory=dict)


def admit(staged: StagedMarket) -> Admitted:
    """Admit every row of `staged` or quarantine it; raises `MarketRefused` where a required table is absent."""
    check_tables(staged)
    state = _State()
    counts = {name: _admit_table(table, staged.tables.get(name), state) for name, table in TABLES.items()}
    times = list(_event_times(state.tables))
    admission = Admission(
        tables=counts,
        first_at=min(times, default=None),
        latest_at=max(times, default=None),
        findings=findings(_count_findings(state.tables)),
    )
    market = ReferenceMarket(
        tables=state.tables,
        strays=[(job, time) for job, time in state.remembered["proposals"] if job is not None],
        lost_contracts=state.remembered["contracts"],
    )
    return Admitted(admission=admission, market=market, quarantine=state.refused)


def count_later(market: ReferenceMarket, as_of: datetime) -> Mapping[str, int]:
    """How many rows of each table lie after `as_of`, by their own time."""
    return {
        name: sum(row[own] > as_of for row in market.tables[name])
        for name, table in TABLES.items()
        if (own := table.own_time) is not None
    }


def _admit_table(table: Table, staged: StagedTable | None, state: _State) -> TableCount:
    rows = [
        _Read(file=name, row=number, cells=cells)
        for name, number, cells in read_rows(table, staged.files if staged else ())
    ]
    _judge(table, rows, state)
    admitted = [_row(table, row) for row in rows if row.reason is None]
    state.tables[table.name] = admitted
    state.keys[table.name] = {row[table.key[0]] for row in admitted} if table.key else set()
    if table.name in {"proposals", "contracts"}:
        time = "submitted_at" if table.name == "proposals" else "started_at"
        state.remembered[table.name] = list(_remember(table, rows, time, state.keys["jobs"]))
    broken = list(_broken_lines(table, staged))
    if table.name == "contracts":
        state.remembered[table.name] += [(None, None)] * len(broken)
    refused = [*broken, *(_refused(table, row) for row in rows if row.reason is not None)]
    state.refused.extend(refused)
    if staged is None:
        return ABSENT
    return TableCount(
        present=True,
        read=staged.read,
        admitted=len(admitted),
        reasons=Counter(row["reason"] for row in refused),
        unknown_columns=staged.unknown_columns,
        missing_columns=staged.missing_columns,
    )


def _judge(table: Table, rows: Sequence[_Read], state: _State) -> None:
    groups: dict[tuple[object, ...], list[_Read]] = defaultdict(list)
    for row in rows:
        key = row.key(table)
        if key is not None:
            groups[key].append(row)
    of_key = table.key[0] if table.key else None
    conflicts = [group for group in groups.values() if len({row.content(table) for row in group}) > 1]
    conflicting = {id(row) for group in conflicts for row in group}
    for group in groups.values():
        if id(group[0]) not in conflicting:
            for row in group[1:]:
                row.refuse(of_key, Reason.REPEATED)
    for row in rows:
        for column in table.columns:
            fault = first_fault(table, column, row.cells)
            if fault is not None:
                row.refuse(column.name, fault)
        if id(row) in conflicting:
            row.refuse(of_key, Reason.CONFLICTING)
        for column in table.columns:
            reference = row.cells[column.name].meaning
            if column.references and reference is not None and reference not in state.keys[column.references]:
                row.refuse(column.name, Reason.UNKNOWN)


def _row(table: Table, row: _Read) -> Row:
    return {column.name: row.cells[column.name].kept(column) for column in table.columns}


def _remember(
    table: Table, rows: Sequence[_Read], time: str, jobs: set[str]
) -> Iterator[tuple[str | None, datetime | None]]:
    for row in rows:
        if row.reason in {None, Reason.REPEATED}:
            continue
        job, at = row.cells["job_id"].meaning, row.cells[time].meaning
        known = isinstance(job, str) and job in jobs
        faulty = first_fault(table, table.column(time), row.cells) is not None
        yield str(job) if known else None, at if isinstance(at, datetime) and not faulty else None


def _broken_lines(table: Table, staged: StagedTable | None) -> Iterator[Refused]:
    for file in staged.files if staged else ():
        for line in pq.read_table(file.rejects).to_pylist() if file.rejects else ():
            yield {
                "table": table.name,
                "file": file.name,
                "row": line["line"],
                "column": None,
                "value": line["value"],
                "reason": line["reason"],
            }


def _refused(table: Table, row: _Read) -> Refused:
    value = row.cells[row.column].look if row.column else None
    return {
        "table": table.name,
        "file": row.file,
        "row": row.row,
        "column": row.column,
        "value": value[:VALUE_CHARACTERS] if value else None,
        "reason": str(row.reason),
    }


def _event_times(tables: Mapping[str, Sequence[Row]]) -> Iterator[datetime]:
    for table in TABLES.values():
        events = [column.name for column in table.columns if column.type == "time" and column.event]
        for row in tables[table.name]:
            yield from (row[name] for name in events if row[name] is not None and row[name] < NEVER)


def _count_findings(tables: Mapping[str, Sequence[Row]]) -> dict[str, tuple[int, int]]:
    accounts = {row["account_id"]: row for row in tables["accounts"]}
    jobs = {row["job_id"]: row for row in tables["jobs"]}
    proposals, contracts = tables["proposals"], tables["contracts"]
    countries = [str(row["country"]) for row in accounts.values() if row["country"] is not None]
    known = [(row, accounts[row["account_id"]], jobs[row["job_id"]]) for row in proposals]
    placed = [(row, jobs[row["job_id"]]) for row in contracts if row["job_id"] is not None]
    month = timedelta(days=30)
    return {
        "proposals_before_registration": (
            sum(_before(row["submitted_at"], account["registered_at"]) for row, account, _ in known),
            len(proposals),
        ),
        "proposals_after_account_closed": (
            sum(_before(account["closed_at"], row["submitted_at"]) for row, account, _ in known),
            len(proposals),
        ),
        "proposals_before_posting": (
            sum(_before(row["submitted_at"], job["posted_at"]) for row, _, job in known),
            len(proposals),
        ),
        "contracts_without_job": (len(contracts) - len(placed), len(contracts)),
        "late_hires": (
            sum(_before(job["closed_at"], row["started_at"], by=month) for row, job in placed),
            len(contracts),
        ),
        "accounts_of_unknown_country": (
            sum(not (len(c) == 2 and c.isascii() and c.isalpha() and c.isupper()) for c in countries),
            len(countries),
        ),
    }


def _before(earlier: datetime | None, later: datetime | None, *, by: timedelta = timedelta(0)) -> bool:
    return earlier is not None and later is not None and later - earlier > by
