"""A made-up marketplace of any size, the same to the byte for the same seed (`python -m benchmarks.generate --help`).

Everything is drawn by DuckDB from hashes of (seed, key), never from a stateful generator, so the rows do not depend
on the number of threads. The statements stand in `benchmarks/generator/*.sql`, in the order of `STAGES`.
"""

from __future__ import annotations

import argparse
import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import duckdb

STAGES: Final = ("chance", "accounts", "jobs", "proposals", "contracts", "tables")
REQUIRED: Final = ("accounts", "jobs", "proposals", "contracts")
OPTIONAL: Final = ("payments", "feedback", "breaks")
AS_OF: Final = date(2026, 1, 1)
"""Every made-up market ends here; it begins the wanted number of months earlier."""
LOST: Final = 1.07


@dataclass(frozen=True, kw_only=True)
class Size:
    """What is wanted: members who may propose, jobs, about how many proposals, and months of history."""

    accounts: int
    jobs: int
    proposals: int
    months: int


def generate(
    out: Path, *, seed: int, size: Size, tables: tuple[str, ...] = REQUIRED + OPTIONAL, threads: int = 2
) -> dict[str, int]:
    """Write the market to the folder `out` and the truth beside it, and say how many rows each table has.

    The truth (`<out>.truth.parquet`: `account_id`, `odds_ratio`) is each member's weight in the client's choice against
    the mean of all proposals; whoever was read has somewhat better odds than that. The number of proposals is hit
    within about five per cent (fewer in small markets): `LOST` makes up for members drawn twice on one job and for
    the days beyond the end.
    """
    con = duckdb.connect(config={"threads": threads, "memory_limit": "6GB", "temp_directory": f"{out}.scratch"})
    days = round(size.months * 365 / 12)
    con.execute("set variable opened = ?::timestamp", [AS_OF - timedelta(days=days)])
    for name, value in {
        "seed": seed,
        "accounts": size.accounts,
        "jobs": size.jobs,
        "span": days * 86_400,
    }.items():
        con.execute(f"set variable {name} = {value}")
    for stage in STAGES:
        con.execute(Path(__file__).with_name("generator").joinpath(f"{stage}.sql").read_text())
        if stage == "jobs":
            con.execute(f"set variable scale = {_crowd_scale(con, size.proposals)}")
    out.mkdir(parents=True, exist_ok=True)
    counts = {table: _write(con, table, out / f"{table}.parquet") for table in tables}
    _write(con, "truth", out.with_name(f"{out.name}.truth.parquet"))
    con.close()
    shutil.rmtree(f"{out}.scratch", ignore_errors=True)
    return counts


def _crowd_scale(con: duckdb.DuckDBPyConnection, wanted: int) -> float:
    """The factor on every job's crowd at which fields of 6 to 60 add up to the wanted number (bisection)."""
    low, high = 0.1, 200.0
    for _ in range(30):
        scale = (low + high) / 2
        row = con.execute(f"select sum(least(60, greatest(6, round({scale} * crowd)))) from jobs").fetchone()
        low, high = (scale, high) if row is not None and row[0] < LOST * wanted else (low, scale)
    return round(high, 6)


def _write(con: duckdb.DuckDBPyConnection, table: str, path: Path) -> int:
    how = "format parquet, parquet_version v2, compression zstd"
    row = con.execute(f"copy (from out_{table}) to '{path}' ({how})").fetchone()
    return int(row[0]) if row is not None else 0


def main() -> None:
    """Read the command line, write the market, print the rows per table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--accounts", type=int, default=20_000)
    parser.add_argument("--jobs", type=int, default=50_000)
    parser.add_argument("--proposals", type=int, default=1_000_000)
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--required-only", action="store_true", help="leave out payments, feedback and breaks")
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    size = Size(accounts=given.accounts, jobs=given.jobs, proposals=given.proposals, months=given.months)
    tables = REQUIRED if given.required_only else REQUIRED + OPTIONAL
    for table, rows in generate(given.out, seed=given.seed, size=size, tables=tables, threads=given.threads).items():
        print(f"{table:10} {rows:>12,}")


if __name__ == "__main__":
    main()
