"""The reference engine's rows as the files that every engine writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from evenhand.decisions.rows import EvidenceRow
from evenhand.engines.reference.admission import Refused
from evenhand.evidence.account.columns import ACCOUNT_COLUMNS
from evenhand.evidence.activity.columns import ACTIVITY_COLUMNS
from evenhand.evidence.activity.grid import log_e_at
from evenhand.evidence.activity.question import Question
from evenhand.evidence.activity.units import CountedUnit
from evenhand.evidence.circumvention.stream.columns import STREAM_COLUMNS
from evenhand.evidence.conduct.columns import CONDUCT_COLUMNS
from evenhand.evidence.conduct.item import Item
from evenhand.vocabulary import Procedure

COUNTS = frozenset(
    {
        "account_age_days",
        "contracts_365d",
        "repeat_clients",
        "running_contract_days",
        "days_since_pause",
        "proposals",
        "hires",
        "decided",
        "wins",
        "decided_shortlist",
        "shortlists",
    }
)
"""Number columns that hold whole numbers."""

TIME = pa.timestamp("us")


def write_evidence(rows: Sequence[EvidenceRow], question: Question, path: Path) -> None:
    """Write `evidence.parquet`."""
    types = {"text": pa.string(), "boolean": pa.bool_(), "list": pa.list_(pa.string()), "number": pa.float64()}
    columns = (*ACCOUNT_COLUMNS, *ACTIVITY_COLUMNS)
    schema = pa.schema(
        [
            ("account_id", pa.string()),
            ("as_of", TIME),
            *((c.name, pa.int64() if c.name in COUNTS else types[c.type]) for c in columns),
            *((log_e_at(floor), pa.float64()) for floor in sorted(question.floors)),
            ("in_portfolio", pa.bool_()),
            ("group_held", pa.bool_()),
            *((name, pa.list_(pa.string())) for name in ("held_groups", "exempt")),
            *((name, pa.string()) for name in ("reaches", "measure", "blocked_by", "why")),
        ]
    )
    _write([{name: row[name] for name in schema.names} for row in rows], schema, path)


def write_conduct(rows: Sequence[EvidenceRow], procedure: Procedure, path: Path) -> None:
    """Write `evidence_<procedure>.parquet`."""
    texts = {"text": pa.string(), "boolean": pa.bool_(), "number": pa.float64()}
    whole = COUNTS | {column.name for column in CONDUCT_COLUMNS[procedure]}
    columns = (*ACCOUNT_COLUMNS, *CONDUCT_COLUMNS[procedure])
    schema = pa.schema(
        [
            ("account_id", pa.string()),
            ("as_of", TIME),
            *((c.name, pa.int64() if c.name in whole else texts[c.type]) for c in columns),
            ("exempt", pa.list_(pa.string())),
            *((name, pa.string()) for name in ("reaches", "measure", "blocked_by", "why")),
        ]
    )
    _write([{name: row[name] for name in schema.names} for row in rows], schema, path)


def write_items(items: Sequence[Item], path: Path) -> None:
    """Write `items_<procedure>.parquet`."""
    times = {"at", "period_until"}
    schema = pa.schema(
        [(name, TIME if name in times else pa.bool_() if name == "asked" else pa.string()) for name in Item._fields]
    )
    _write([item._asdict() for item in items], schema, path)


def write_counted(units: Sequence[tuple[str, CountedUnit]], path: Path) -> None:
    """Write `counted.parquet` from units with the account that each belongs to."""
    schema = pa.schema(
        [
            *((name, pa.string()) for name in ("account_id", "outcome", "job_id", "client_id")),
            ("submitted_at", TIME),
            ("settled_at", TIME),
            ("chosen", pa.bool_()),
            *((name, pa.float64()) for name in ("odds", "fair_share", "factor", "log_e")),
        ]
    )
    _write([{"account_id": account, **asdict(unit)} for account, unit in units], schema, path)


def write_review(rows: Sequence[EvidenceRow], path: Path) -> None:
    """Write `review_circumvention.parquet`."""
    floats = {"expected", "log_e_bypass"}
    columns = [(c.name, pa.float64() if c.name in floats else pa.int64()) for c in STREAM_COLUMNS]
    _write(rows, pa.schema([("account_id", pa.string()), ("as_of", TIME), *columns]), path)


def write_quarantine(rows: Sequence[Refused], path: Path) -> None:
    """Write `quarantine.parquet`."""
    texts = ("table", "file", "column", "value", "reason")
    schema = pa.schema(
        [
            (name, pa.string() if name in texts else pa.int64())
            for name in ("table", "file", "row", "column", "value", "reason")
        ]
    )
    _write(sorted(rows, key=lambda r: (r["table"], r["file"], r["row"])), schema, path)


def _write(rows: Sequence[Mapping[str, object]], schema: pa.Schema, path: Path) -> None:
    pq.write_table(pa.Table.from_pylist([dict(row) for row in rows], schema=schema), path, compression="zstd")
