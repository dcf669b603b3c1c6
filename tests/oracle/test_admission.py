"""Admission in DuckDB against its dull twin, on small markets with every kind of fault."""

from __future__ import annotations

import csv
import gzip
import json
import random
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from evenhand.engines.duckdb.database import DuckDBDatabase
from evenhand.engines.reference.admission import Admitted
from evenhand.engines.reference.admission import admit as admit_by_hand
from evenhand.engines.sql.admission import admit as admit_by_sql
from evenhand.engines.sql.admission.passage import Passage
from evenhand.engines.sql.database import Connection, Database
from evenhand.market.schema import TABLES
from evenhand.market.table import Column, Table
from evenhand.sources.files import FileSource

Row = dict[str, Any]
FORMATS = ("parquet", "typed", "csv", "csv.gz", "jsonl", "jsonl.gz", "folder")
ODD: dict[str, tuple[Any, ...]] = {
    "identifier": ("", None, "x" * 129, "é" * 128, "a 1", "A1", "nobody", 7, 7.0, True, " a1"),
    "text": ("", None, 'say "so"', "two\nlines", "comma, here", "émigré 👍", 5, "\\u0041", "'", "x" * 300),
    "time": (
        "",
        None,
        "soon",
        "2024-02-30",
        "1989-12-31T23:59:59Z",
        "2024-01-01",
        "2024-03-01T10:00:00+02:00",
        "2024-03-01 10:00:00.123456789-0530",
        "2024-03-01T10:00Z",
        "2024-03-01T24:00:00Z",
        "2024-03-01T10:00:00.5",
        "9999-12-31T23:59:59-05:00",
        "0001-01-01T00:00:00+05:00",
        "0000-01-01",
        "infinity",
        "epoch",
        "2024-3-1",
        "2024-03-01T10:00:60",
        "2024-03-01T10:00:00+24:00",
        1704067200,
        "٢٠٢٤-01-01",
    ),
    "number": ("", None, "1e3", "1,5", "NaN", "inf", "1e999", "0x10", "-0", "+.5", "5.", "1_000", 2.5, 3, "4.50", True),
    "whole": ("", None, "0", "3", "3.0", "3.5", "2147483648", -1, 7, "1e2", "first"),
    "boolean": ("", None, "true", "FALSE", "1", "0", "yes", "2", True, False, 1),
    "word": ("", None, "client", "CLIENT", "hired", "other", "hired ", 3),
    "weight": ("", None, "0", "-1", "0.0000004", "0.0000005", "1000000", "1000001", "0.3333335", 2, "nan", "heavy"),
}
LETTERS = {"accounts": "a", "jobs": "j", "contracts": "c"}


def fair_cell(rng: random.Random, table: Table, column: Column) -> Any:
    """A cell with nothing wrong in itself; references may still lead nowhere."""
    letter = LETTERS.get(column.references or (table.name if column.name in table.key else ""), "k")
    start = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=rng.randrange(2000))
    match column.type:
        case "identifier":
            return f"{letter}{rng.randrange(6)}"
        case "time":
            return (start + timedelta(days=100 * bool(column.not_before))).isoformat()
        case "number":
            return rng.choice(("1", "2.5", "5"))
        case "whole" | "weight":
            return rng.choice(("1", "2", "30"))
        case "boolean":
            return rng.choice(("true", "false"))
        case "word":
            return rng.choice(column.words)
        case "text":
            return "USD" if column.name == "currency" else rng.choice(("US", "fr", "words"))


def draw_rows(rng: random.Random, table: Table, dirt: float) -> list[Row]:
    """Rows of one table, some repeated, some in conflict, some cells odd, some columns absent throughout."""
    columns = [c for c in table.columns if c.required or rng.random() < 0.6]
    rows: list[Row] = []
    for place in range(rng.choice((0, 1, 3, 8, 12)) if dirt else 8):
        row = {column.name: fair_cell(rng, table, column) for column in columns}
        if table.key:
            row[table.key[0]] = f"{LETTERS.get(table.name, 'k')}{place}"
        if table.name == "feedback":
            row["contract_id"] = f"c{place % 6}"
        for column in columns:
            if rng.random() < dirt:
                row[column.name] = rng.choice(ODD[column.type])
            elif not column.required and rng.random() < 0.3:
                row[column.name] = None
        rows.append(row)
        if rng.random() < dirt:
            rows.append(dict(row))
        if rng.random() < dirt:
            column = rng.choice(columns)
            rows.append({**row, column.name: fair_cell(rng, table, column)})
    rng.shuffle(rows)
    return rows


def write(rng: random.Random, folder: Path, table: Table, rows: Sequence[Row], form: str) -> None:
    """One table in one form; a folder holds two files of different forms."""
    columns = list(rows[0]) if rows else [c.name for c in table.columns if c.required]
    if form == "folder":
        inside = folder / table.name
        inside.mkdir()
        cut = len(rows) // 2
        for name, part in (("1", rows[:cut]), ("2", rows[cut:])):
            write_file(rng, inside / name, table, columns, part, rng.choice(FORMATS[:-1]))
    else:
        write_file(rng, folder / table.name, table, columns, rows, form)


def write_file(
    rng: random.Random, stem: Path, table: Table, columns: list[str], rows: Sequence[Row], form: str
) -> None:
    """One file; text forms get broken lines between the rows."""
    if form in {"parquet", "typed"}:
        arrays = {name: _array(rng, table.column(name), [r[name] for r in rows], form) for name in columns}
        pq.write_table(pa.table(arrays), f"{stem}.parquet", row_group_size=5)
        return
    path = Path(f"{stem}.{form}")
    with gzip.open(path, "wb") if form.endswith(".gz") else path.open("wb") as file:
        if form.startswith("csv"):
            file.write((",".join(columns) + "\n").encode())
        for row in rows:
            if form.startswith("csv"):
                file.write(_csv_line(rng, [row[name] for name in columns]))
                file.write(rng.choice((b"", b"", b"", b"\n", b"one,two\n", b"\xff,\n", b'"open\n', b'a"b,"c"d\n')))
            else:
                optional = {column.name for column in table.columns if not column.required}
                given = {
                    n: cell for n, cell in row.items() if n not in optional or cell is not None or rng.random() < 0.5
                }
                file.write(json.dumps(given, ensure_ascii=rng.random() < 0.5).encode() + b"\n")
                file.write(
                    rng.choice((b"", b"", b"", b"\n", b"[1]\n", b"\xff\n", b'{"a":\n', b'{"text": "\\ud800"}\n'))
                )


def _csv_line(rng: random.Random, cells: Sequence[Any]) -> bytes:
    class Line(list[str]):
        def write(self, text: str) -> None:
            self.append(text)

    line = Line()
    quoting: Literal[0, 1] = csv.QUOTE_ALL if rng.random() < 0.3 else csv.QUOTE_MINIMAL
    end = rng.choice(("\n", "\r\n"))
    csv.writer(line, quoting=quoting, lineterminator=end).writerow("" if cell is None else cell for cell in cells)
    return "".join(line).encode()


def _array(rng: random.Random, column: Column, cells: Sequence[Any], form: str) -> pa.Array:
    if form == "typed":
        for kind in rng.sample(_types(column), len(_types(column))):
            try:
                return _typed(cells, kind)
            except (pa.ArrowException, ValueError, TypeError, KeyError, OverflowError):
                continue
    texts = [None if cell is None else str(cell).lower() if isinstance(cell, bool) else str(cell) for cell in cells]
    return pa.array(texts, rng.choice((pa.string(), pa.large_string(), pa.binary())))


def _types(column: Column) -> list[pa.DataType]:
    return {
        "identifier": [pa.int64(), pa.float64(), pa.decimal128(20, 0)],
        "time": [
            pa.timestamp("us"),
            pa.timestamp("ms", tz="UTC"),
            pa.timestamp("ns", tz="Europe/Paris"),
            pa.timestamp("s"),
            pa.date32(),
        ],
        "number": [pa.float64(), pa.float32(), pa.decimal128(12, 2), pa.int32(), pa.bool_()],
        "whole": [pa.int32(), pa.float64(), pa.uint8()],
        "boolean": [pa.bool_(), pa.int8(), pa.float64()],
        "weight": [pa.float64(), pa.int64()],
        "word": [pa.dictionary(pa.int8(), pa.string()), pa.int64()],
        "text": [pa.dictionary(pa.int8(), pa.string()), pa.int64()],
    }[column.type]


def _typed(cells: Sequence[Any], kind: pa.DataType) -> pa.Array:
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        moments = [None if c in {None, ""} else datetime.fromisoformat(str(c)) for c in cells]
        plain = (
            [m if m is None or kind.tz else m.replace(tzinfo=None) for m in moments] if hasattr(kind, "tz") else moments
        )
        return pa.array(plain, kind)
    if pa.types.is_dictionary(kind):
        return pa.array([None if c is None else str(c) for c in cells], pa.string()).dictionary_encode()
    if kind == pa.bool_():
        return pa.array([None if c is None else {"true": True, "false": False}[str(c).lower()] for c in cells], kind)
    digits = [None if c is None else str(c).lstrip("ajck") for c in cells]
    return pa.array(digits).cast(kind)


def draw_market(seed: int, folder: Path, dirt: float) -> None:
    """A market of all ten tables, or some of the optional ones, each in a form of its own."""
    rng = random.Random(seed)  # noqa: S311 - a drawn market, no secret
    for table in TABLES.values():
        if table.required or rng.random() < 0.7:
            write(rng, folder, table, draw_rows(rng, table, dirt), rng.choice(FORMATS))


def fresh() -> DuckDBDatabase:
    """An empty DuckDB."""
    return DuckDBDatabase(duckdb.connect(config={"threads": 1}))


def quarantine_of(con: Connection) -> Counter[tuple[Any, ...]]:
    """The quarantine as DuckDB holds it, without the values' looks."""
    return Counter(con.execute('SELECT "table", file, row, "column", reason FROM market.quarantine').fetchall())


def rows_of(con: Connection) -> dict[str, Counter[tuple[Any, ...]]]:
    """The admitted rows as DuckDB holds them, with the market's own identifiers."""
    accounts, jobs = "market.accounts", "market.jobs"
    statements = {
        "accounts": f"SELECT account_id, role, registered_at, country, category, language, closed_at FROM {accounts}",
        "jobs": f"SELECT job_id, account_id, posted_at, j.closed_at, outcome, j.category, budget_usd, experience "
        f"FROM {jobs} AS j JOIN {accounts} ON account = client",
        "proposals": "SELECT job_id, account_id, submitted_at, withdrawn_at, viewed_at, interviewed_at, shown_rank, "
        f"weight FROM market.proposals JOIN {jobs} USING (job) JOIN {accounts} USING (account)",
        "contracts": "SELECT contract_id, job_id, a.account_id, k.account_id, started_at, ended_at, value_usd, "
        f"c.outcome FROM market.contracts AS c LEFT JOIN {jobs} USING (job) JOIN {accounts} AS a USING (account) "
        f"JOIN {accounts} AS k ON k.account = c.client",
        "payments": "SELECT contract_id, paid_at, amount_usd, hours "
        "FROM market.payments JOIN market.contracts USING (contract)",
        "breaks": f"SELECT account_id, from_at, until_at, kind FROM market.breaks JOIN {accounts} USING (account)",
        "strays": f"SELECT job_id, submitted_at FROM market.strays JOIN {jobs} USING (job)",
        "lost_contracts": f"SELECT job_id, started_at FROM market.lost_contracts LEFT JOIN {jobs} USING (job)",
    }
    return {name: Counter(con.execute(sql).fetchall()) for name, sql in statements.items()}


def rows_by_hand(admitted: Admitted) -> dict[str, Counter[tuple[Any, ...]]]:
    """The same rows as the judge holds them."""
    columns = {
        "accounts": "account_id role registered_at country category language closed_at",
        "jobs": "job_id client_id posted_at closed_at outcome category budget_usd experience",
        "proposals": "job_id account_id submitted_at withdrawn_at viewed_at interviewed_at shown_rank weight",
        "contracts": "contract_id job_id account_id client_id started_at ended_at value_usd outcome",
        "payments": "contract_id paid_at amount_usd hours",
        "breaks": "account_id from until kind",
    }
    tables = admitted.market.tables
    rows = {t: Counter(tuple(row[name] for name in names.split()) for row in tables[t]) for t, names in columns.items()}
    return {
        **rows,
        "strays": Counter(admitted.market.strays),
        "lost_contracts": Counter(admitted.market.lost_contracts),
    }


def agree(con: Database, folder: Path, scratch: Path) -> None:
    """Raises AssertionError where admission in `con` and the judge differ, or a row is lost."""
    staged = FileSource(folder).stage(scratch)
    counted = admit_by_sql(con, staged)
    judged = admit_by_hand(staged)
    refused = Counter(
        tuple(row[name] for name in ("table", "file", "row", "column", "reason")) for row in judged.quarantine
    )
    assert quarantine_of(con) == refused
    assert rows_of(con) == rows_by_hand(judged)
    assert counted == judged.admission
    for count in counted.tables.values():
        assert count.read == count.admitted + count.quarantined
    for name in ("feedback", "messages", "identities", "devices"):
        view = con.execute(f"SELECT * FROM market.{name}")
        columns = [column for column, *_ in view.description or ()]
        by_hand = Counter(tuple(row[column] for column in columns) for row in judged.market.tables[name])
        assert Counter(view.fetchall()) == by_hand


SLOW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


@SLOW
@given(seed=st.integers(0, 10**9), dirt=st.sampled_from((0.0, 0.03, 0.15)))
@example(seed=1, dirt=0.5)
def test_engines_agree_on_dirty_markets(seed: int, dirt: float) -> None:
    """Whatever is wrong with a market, both engines admit the same rows and refuse the same for the same reasons."""
    with TemporaryDirectory() as folder, TemporaryDirectory() as scratch:
        draw_market(seed, Path(folder), dirt)
        agree(fresh(), Path(folder), Path(scratch))


@pytest.mark.parametrize("seed", range(6))
def test_colliding_hashes_change_nothing(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes only name candidates: with two hash values for all keys, the same rows are repeated or in conflict."""
    monkeypatch.setattr(Passage, "key_hash", property(lambda passage: f"hash({', '.join(passage.key)}) % 2"))
    for name in ("market", "scratch"):
        (tmp_path / name).mkdir()
    draw_market(seed, tmp_path / "market", 0.1)
    agree(fresh(), tmp_path / "market", tmp_path / "scratch")


@pytest.mark.parametrize("seed", range(4))
def test_surrogates_stand_in_order(seed: int, tmp_path: Path) -> None:
    """Accounts are numbered by the bytes of their identifier, jobs by when they close; an agency is one unit."""
    for name in ("market", "scratch"):
        (tmp_path / name).mkdir()
    draw_market(seed, tmp_path / "market", 0.03)
    staged = FileSource(tmp_path / "market").stage(tmp_path / "scratch")
    con = fresh()
    admit_by_sql(con, staged)
    tables = admit_by_hand(staged).market.tables
    names = sorted((row["account_id"] for row in tables["accounts"]), key=str.encode)
    assert con.execute("SELECT account_id FROM market.accounts ORDER BY account").fetchall() == [(n,) for n in names]
    jobs = sorted(
        tables["jobs"], key=lambda j: (j["closed_at"] or datetime(9999, 12, 31), j["posted_at"], j["job_id"].encode())
    )
    numbered = con.execute("SELECT job, job_id FROM market.jobs ORDER BY job").fetchall()
    assert numbered == list(enumerate((job["job_id"] for job in jobs), start=1))
    agency = {row["account_id"]: row["agency_id"] or row["account_id"] for row in tables["accounts"]}
    units = con.execute("SELECT account_id, unit FROM market.accounts").fetchall()
    places = {unit: place for place, unit in enumerate(sorted(set(agency.values()), key=str.encode), start=1)}
    assert {account: places[agency[account]] for account in names} == dict(units)
