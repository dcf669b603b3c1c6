"""Admission as set-based SQL: one pass finds repeated keys, one keeps what is clean, and only the rest is judged.

Clean and dirty data meet the same statements; on clean data the ones that judge find nothing to do and are skipped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from evenhand.engines.sql.admission.findings import count_findings
from evenhand.engines.sql.admission.judge import Judge, shown
from evenhand.engines.sql.admission.passage import Passage
from evenhand.engines.sql.admission.relations import KEPT_APART, RELATIONS
from evenhand.engines.sql.database import Database, UnreadableError, text
from evenhand.errors import MarketRefused
from evenhand.evidence.statements import literal
from evenhand.market.admission import ABSENT, NEVER, Admission, TableCount
from evenhand.market.schema import TABLES
from evenhand.market.staging import StagedFile, StagedMarket, StagedTable, check_tables
from evenhand.market.table import Table

_SHELF = """
CREATE SCHEMA IF NOT EXISTS staged;
CREATE SCHEMA IF NOT EXISTS market;
CREATE TABLE market.quarantine(
    "table" VARCHAR, file VARCHAR, row BIGINT, "column" VARCHAR, value VARCHAR, reason VARCHAR);
CREATE TABLE staged.refused("table" VARCHAR, file_no INTEGER, row_no BIGINT);
CREATE TABLE staged.files("table" VARCHAR, file_no INTEGER, name VARCHAR);
CREATE TABLE market.strays(job INTEGER, submitted_at TIMESTAMP);
CREATE TABLE market.lost_contracts(job INTEGER, started_at TIMESTAMP);
"""


def admit(con: Database, staged: StagedMarket) -> Admission:
    """Build the relations of schema `market` from `staged`, on a connection where none exist yet.

    Every row is admitted or stands in `market.quarantine`. Raises `MarketRefused` where a required table is absent or a
    file is damaged inside.
    """
    check_tables(staged)
    con.execute(_SHELF)
    counts = {name: _admit_readable(con, table, staged.tables.get(name)) for name, table in TABLES.items()}
    first_at, latest_at = _span(con)
    return Admission(tables=counts, first_at=first_at, latest_at=latest_at, findings=count_findings(con))


def _admit_readable(con: Database, table: Table, staged: StagedTable | None) -> TableCount:
    try:
        with con.reading():
            return _admit_table(con, table, staged)
    except UnreadableError as error:
        raise MarketRefused(
            f"cannot be read: {str(error).splitlines()[0]}",
            where=", ".join(file.name for file in staged.files) if staged else table.name,
            hint="the file opens but breaks off or is damaged inside; export or copy it again",
        ) from error


def _admit_table(con: Database, table: Table, staged: StagedTable | None) -> TableCount:
    present = con.stage(table, staged)
    files = staged.files if staged else ()
    for number, file in enumerate(files):
        con.execute(f"INSERT INTO staged.files SELECT {text(table.name)}, {number}, {text(file.name)}")
    passage = Passage(con, table, present)
    admitted = passage.keep_clean()
    rows = sum(file.rows for file in files)
    if admitted < rows:
        admitted += Judge(passage).judge()
    _quarantine_lines(con, table, files)
    passage.finish()
    if table.name in KEPT_APART:
        _open_view(con, table, present)
    if staged is None:
        return ABSENT
    return TableCount(
        present=True,
        read=staged.read,
        admitted=admitted,
        reasons=_reasons(con, table),
        unknown_columns=staged.unknown_columns,
        missing_columns=staged.missing_columns,
    )


def _quarantine_lines(con: Database, table: Table, files: Iterable[StagedFile]) -> None:
    for file in files:
        if file.rejects is not None:
            lines = con.lines(file.rejects)
            con.execute(
                f"INSERT INTO market.quarantine SELECT {text(table.name)}, {text(file.name)}, line, NULL, "
                f"{shown('value')}, reason FROM {lines}"
            )
            if table.name == "contracts":
                con.execute(f"INSERT INTO market.lost_contracts SELECT NULL, NULL FROM {lines}")


def _reasons(con: Database, table: Table) -> dict[str, int]:
    own = f'FROM market.quarantine WHERE "table" = {text(table.name)}'
    return Counter(dict(con.execute(f"SELECT reason, count(*) {own} GROUP BY reason ORDER BY reason").fetchall()))


def _open_view(con: Database, table: Table, present: frozenset[str]) -> None:
    names = [f'"{name}"' for name in table.names if name in present or table.column(name).required]
    con.execute(
        f'CREATE VIEW market."{table.name}" AS SELECT {", ".join(names)} FROM staged."{table.name}" AS c '
        f'ANTI JOIN (SELECT file_no, row_no FROM staged.refused WHERE "table" = {text(table.name)}) AS r '
        "ON r.file_no = c.file_no AND r.row_no = c.row_no"
    )


def count_later(con: Database, as_of: datetime) -> Mapping[str, int]:
    """How many admitted rows of each table lie after `as_of`, by their own time."""
    counted = {}
    for name, relation in RELATIONS.items():
        if relation.events:
            later = f"count(*) FILTER ({relation.events[0]} > {literal(as_of)})"
            ((counted[name],),) = con.execute(f"SELECT {later} FROM {_place(name)}").fetchall()
    return counted


def _place(name: str) -> str:
    """Where the times of the admitted rows of a table stand."""
    return f"staged.kept_{name}" if name in KEPT_APART else f"market.{name}"


def _span(con: Database) -> tuple[datetime | None, datetime | None]:
    times: list[Sequence[datetime | None]] = []
    for name, relation in RELATIONS.items():
        if relation.events:
            real = [f"({event}) FILTER ({event} < TIMESTAMP '{NEVER}')" for event in relation.events]
            ends = ", ".join(f"min{event}, max{event}" for event in real)
            times.extend(con.execute(f"SELECT {ends} FROM {_place(name)}").fetchall())
    known = [time for row in times for time in row if time is not None]
    return (min(known), max(known)) if known else (None, None)
