"""The whole command on Spark in one process, beside DuckDB, on one made-up market; same answers checked first.

Run it in the environment that has PySpark (`make test-spark` makes it). The result goes to
`docs/benchmarks/spark.json` and, as a table, into `docs/benchmarks.md` between the two marks.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import platform
import sys
import tempfile
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Final

import duckdb

from benchmarks.evaluate import FAMILY, SEED, make
from benchmarks.generate import AS_OF, Size
from benchmarks.page import PAGE
from benchmarks.process import ROOT, Run, timed

RESULT: Final = ROOT / "docs" / "benchmarks" / "spark.json"
MARKS: Final = ("<!-- spark: begin -->", "<!-- spark: end -->")
SUBREAPER: Final = 36
"""`PR_SET_CHILD_SUBREAPER` of Linux: the Java machine, which outlives its parent, becomes our child and is counted."""


def run(engine: str, market: Path, policy: Path, out: Path) -> Run:
    """One evaluation in a process of its own, the Java machine included."""
    whole = [str(Path(sys.executable).with_name("evenhand")), "evaluate", str(market), "--engine", engine]
    whole += ["--policy", str(policy), "--as-of", AS_OF.isoformat(), "--out", str(out), "--json"]
    cost, _ = timed(whole)
    while True:
        try:
            _, _, used = os.wait4(-1, 0)
        except ChildProcessError:
            return cost
        rss_mb = max(cost.rss_mb, used.ru_maxrss * 1024 / 1e6)
        cost = Run(wall=cost.wall, cpu=cost.cpu + used.ru_utime + used.ru_stime, rss_mb=rss_mb)


def check_same(ours: Path, theirs: Path) -> int:
    """Number of rows of two `evidence.parquet`; refuses to go on where any cell differs."""
    rows: list[int] = []
    for a, b in ((ours, theirs), (theirs, ours)):
        count, other = (f"(select count(*) from read_parquet('{path}'))" for path in (a, b))
        only = f"(select count(*) from (from read_parquet('{a}') except all from read_parquet('{b}')))"
        rows, more = duckdb.execute(f"select [{count}, {other}], {only}").fetchall()[0]
        if more or rows[0] != rows[1]:
            raise RuntimeError(f"{more} of {rows} rows are in one answer only")
    return rows[0]


def table(result: dict[str, object], costs: dict[str, Run]) -> str:
    """The result as a table for the page."""
    spark, duck = costs["spark"], costs["duckdb"]
    caption = (
        f"{result['proposals']:,} proposals, {result['rows']:,} rows of evidence, equal in every cell; seed {SEED};"
        f" DuckDB {result['duckdb']}, PySpark {result['pyspark']}, {result['cores']} cores; one run each, load before"
        f" {result['load_before']}."
    )
    lines = [
        caption,
        "",
        "| | wall s | CPU s | peak memory GB |",
        "|---|---|---|---|",
        *(f"| {name} | {c.wall:.0f} | {c.cpu:.0f} | {c.rss_mb / 1000:.2f} |" for name, c in costs.items()),
        "",
        f"Spark over DuckDB: **{spark.wall / duck.wall:.0f}** (wall), {spark.cpu / duck.cpu:.0f} (CPU).",
    ]
    return "\n".join(lines)


def publish(result: dict[str, object], costs: dict[str, Run]) -> None:
    """Write the result to `RESULT` and its table into the page."""
    RESULT.write_text(json.dumps(result, indent=2) + "\n")
    before, _, rest = PAGE.read_text().partition(MARKS[0])
    _, _, after = rest.partition(MARKS[1])
    PAGE.write_text(f"{before}{MARKS[0]}\n{table(result, costs)}\n{MARKS[1]}{after}")


def main() -> None:
    """Make the market, evaluate it twice, compare the answers, publish the cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=100_000)
    parser.add_argument("--jobs", type=int, default=500_000)
    parser.add_argument("--proposals", type=int, default=10_000_000)
    parser.add_argument("--rehearse", action="store_true", help="print the table, change no file")
    given = parser.parse_args()
    size = Size(accounts=given.accounts, jobs=given.jobs, proposals=given.proposals, months=24)
    ctypes.CDLL(None).prctl(SUBREAPER, 1)
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        scratch = Path(name)
        proposals = make(scratch / "market", size)["proposals"]
        policy = scratch / "policy.yaml"
        shipped = (ROOT / "policies" / "activity.yaml").read_text()
        policy.write_text(shipped.replace("family: 20000", f"family: {FAMILY}"))
        load = round(os.getloadavg()[0], 1)
        costs = {engine: run(engine, scratch / "market", policy, scratch / engine) for engine in ("duckdb", "spark")}
        rows = check_same(*(scratch / engine / "evidence.parquet" for engine in costs))
    result: dict[str, object] = {
        "command": f"python -m benchmarks.spark --accounts {size.accounts} --jobs {size.jobs}"
        f" --proposals {size.proposals}",
        "seed": SEED,
        "proposals": proposals,
        "rows": rows,
        "evenhand": version("evenhand"),
        "duckdb": duckdb.__version__,
        "pyspark": version("pyspark"),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load_before": load,
        "cost": {engine: asdict(cost) for engine, cost in costs.items()},
    }
    if given.rehearse:
        print(table(result, costs))
    else:
        publish(result, costs)


if __name__ == "__main__":
    main()
