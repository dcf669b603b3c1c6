"""The floor for speed (decision B1): the evidence statement, a uniqueness scan and an anti-join per key, nothing else.

`python -m benchmarks.floor MARKET` prints one line of JSON: seconds per part, and what counted, so that the whole
command can be held against it. The statement is the package's own, for both outcomes on the full grid.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Final

import duckdb

from benchmarks.generate import AS_OF
from evenhand.engines.duckdb.database import DuckDBDatabase
from evenhand.engines.sql.measure import run_activity, score
from evenhand.engines.sql.terms import make_terms
from evenhand.evidence.activity.question import Question

KEYS: Final = {"accounts": "account_id", "jobs": "job_id", "proposals": "proposal_id", "contracts": "contract_id"}
REFERENCES: Final = (
    ("jobs", "client_id", "accounts"),
    ("proposals", "account_id", "accounts"),
    ("proposals", "job_id", "jobs"),
    ("contracts", "account_id", "accounts"),
    ("contracts", "client_id", "accounts"),
    ("contracts", "job_id", "jobs"),
)


def floor(market: Path, *, threads: int, memory_gb: float) -> dict[str, float]:
    """Run the floor over the Parquet files of `market`; seconds per part, and the sums of what counted."""
    with tempfile.TemporaryDirectory(prefix="floor-") as scratch:
        con = duckdb.connect(
            f"{scratch}/floor.duckdb",
            config={"threads": threads, "memory_limit": f"{memory_gb}GB", "preserve_insertion_order": False},
        )
        began = time.perf_counter()
        con.execute(Path(__file__).with_name("plain_load.sql").read_text().format(market=market))
        loaded = time.perf_counter()
        _scan_keys(con, market)
        scanned = time.perf_counter()
        counts = _statement(con)
        done = time.perf_counter()
        con.close()
    return {"load": loaded - began, "keys": scanned - loaded, "statement": done - scanned, **counts}


def _scan_keys(con: duckdb.DuckDBPyConnection, market: Path) -> None:
    for table, key in KEYS.items():
        con.execute(
            f"select count(*) from (select 1 from '{market}/{table}.parquet' group by {key} having count(*) > 1)"
        ).fetchall()
    for table, column, target in REFERENCES:
        con.execute(
            f"select count(*) from '{market}/{table}.parquet' as t"
            f" anti join '{market}/{target}.parquet' as k on k.{KEYS[target]} = t.{column}"
        ).fetchall()


def _statement(con: duckdb.DuckDBPyConnection) -> dict[str, float]:
    as_of = duckdb.execute("select ?::timestamp", [AS_OF]).fetchall()[0][0]
    question = Question(as_of=as_of, floor=0.5, floors=frozenset({0.5, 1.0}))
    database = DuckDBDatabase(con)
    run_activity(database, question)
    make_terms(database, "odds", "terms")
    score(database, question)
    sums = con.execute("select shortlist, sum(decided), sum(wins) from scores group by shortlist order by shortlist")
    return {
        f"{name}_{'shortlist' if shortlist else 'hire'}": float(value)
        for shortlist, *values in sums.fetchall()
        for name, value in zip(("decided", "wins"), values, strict=True)
    }


def main() -> None:
    """Read the command line, run, print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("market", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory-gb", type=float, default=6)
    given = parser.parse_args()
    print(json.dumps(floor(given.market, threads=given.threads, memory_gb=given.memory_gb)))


if __name__ == "__main__":
    main()
