"""The whole command against the floor of decision B1, in turns, on made-up markets of several sizes (`make bench`).

Both run as processes of their own, so that start-up, CPU time and peak memory are taken the same way. The results go
to `docs/benchmarks/evaluate.json`, as a chart beside it, and as a table into `docs/benchmarks.md` between two marks.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Final

import duckdb

from benchmarks.generate import AS_OF, REQUIRED, Size
from benchmarks.page import Comparison, publish, table
from benchmarks.process import ROOT, Run, timed, typical

SEED: Final = 1
PROPOSALS: Final = (1_000_000, 10_000_000, 20_000_000, 100_000_000)
ROUNDS: Final = 3
FEW_ROUNDS: Final = 2
LARGE: Final = 50_000_000
"""From so many proposals on a run takes minutes, and is repeated `FEW_ROUNDS` times."""
FAMILY: Final = 10_000_000
"""More members than any benchmark's market has: the shipped policy declares fewer and would refuse the run."""


def size_of(proposals: int) -> Size:
    """A market in which a member proposes a hundred times and a job draws twenty, over 24 months."""
    return Size(accounts=proposals // 100, jobs=proposals // 20, proposals=proposals, months=24)


def make(market: Path, size: Size) -> dict[str, int]:
    """Draw the market in a process of its own, and count its rows."""
    wanted = [f"--{name}={value}" for name, value in asdict(size).items()]
    timed([sys.executable, "-m", "benchmarks.generate", str(market), f"--seed={SEED}", "--required-only", *wanted])
    return {
        table: duckdb.execute("select count(*) from read_parquet(?)", [f"{market}/{table}.parquet"]).fetchall()[0][0]
        for table in REQUIRED
    }


def compare(size: Size, rounds: int) -> Comparison:
    """Floor and whole command in turns (A B A B ...) on one market of `size`."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        scratch = Path(name)
        market, policy, out = scratch / "market", scratch / "policy.yaml", scratch / "out"
        rows = make(market, size)
        shipped = (ROOT / "policies" / "activity.yaml").read_text()
        policy.write_text(shipped.replace("family: 20000", f"family: {FAMILY}"))
        floor = [sys.executable, "-m", "benchmarks.floor", str(market)]
        whole = [str(Path(sys.executable).with_name("evenhand")), "evaluate", str(market)]
        whole += ["--policy", str(policy), "--as-of", AS_OF.isoformat(), "--out", str(out), "--json"]
        floors: list[Run] = []
        wholes: list[Run] = []
        parts: list[dict[str, float]] = []
        for _ in range(rounds):
            run, text = timed(floor)
            floors.append(run)
            parts.append(json.loads(text))
            wholes.append(timed(whole)[0])
            check_same(parts[-1], out / "evidence.parquet")
            print(f"{rows['proposals']:,}: floor {run.wall:.1f} s, whole {wholes[-1].wall:.1f} s", file=sys.stderr)
    return Comparison(
        rows=rows,
        runs={"floor": floors, "whole": wholes},
        typical={"floor": typical(floors), "whole": typical(wholes)},
        parts_of_the_floor={name: statistics.median(part[name] for part in parts) for name in parts[0]},
    )


def check_same(part: dict[str, float], evidence: Path) -> None:
    """Refuse to compare two runs that did not count the same units."""
    row = duckdb.execute(
        "select sum(decided), sum(wins), sum(decided_shortlist), sum(shortlists) from read_parquet(?)", [str(evidence)]
    ).fetchall()[0]
    expected = [part.get(name, 0) for name in ("decided_hire", "wins_hire", "decided_shortlist", "wins_shortlist")]
    if list(row) != expected:
        raise RuntimeError(f"the floor counted {expected}, the whole command {list(row)}")


def main() -> None:
    """Compare at every size, publish."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--proposals", type=int, nargs="+", default=PROPOSALS, help="about how many, size by size")
    parser.add_argument("--rehearse", action="store_true", help="print the table, change no file")
    given = parser.parse_args()
    load = round(os.getloadavg()[0], 1)
    sizes = [
        compare(size_of(proposals), FEW_ROUNDS if proposals >= LARGE else ROUNDS)
        for proposals in sorted(given.proposals)
    ]
    circumstances = {
        "command": f"python -m benchmarks.evaluate --proposals {' '.join(map(str, sorted(given.proposals)))}",
        "seed": SEED,
        "evenhand": version("evenhand"),
        "duckdb": duckdb.__version__,
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load_before": load,
    }
    if given.rehearse:
        print(table(circumstances, sizes))
    else:
        publish(circumstances, sizes)


if __name__ == "__main__":
    main()
