"""The whole command against the floor of decision B1, in turns, on one made-up market (`make bench`).

Both run as processes of their own, so that start-up, CPU time and peak memory are taken the same way. The result goes
to `docs/benchmarks/evaluate.json` and, as a table, into `docs/benchmarks.md` between the two marks.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

import duckdb

from benchmarks.generate import AS_OF, REQUIRED, Size

ROOT: Final = Path(__file__).parents[1]
RESULT: Final = ROOT / "docs" / "benchmarks" / "evaluate.json"
PAGE: Final = ROOT / "docs" / "benchmarks.md"
MARKS: Final = ("<!-- evaluate: begin -->", "<!-- evaluate: end -->")
SEED: Final = 1
FAMILY: Final = 1_000_000
"""More members than any benchmark's market has: the shipped policy declares fewer and would refuse the run."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """What one process cost: wall and CPU in seconds, peak resident memory in units of 1e6 bytes."""

    wall: float
    cpu: float
    rss_mb: float


def timed(command: Sequence[str]) -> tuple[Run, str]:
    """Run `command` to its end; its cost and what it printed. Raises `RuntimeError` if it fails."""
    began = time.perf_counter()
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL, cwd=ROOT)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - began
        out.seek(0)
        text = out.read()
    if process.returncode != 0:
        raise RuntimeError(f"`{Path(command[0]).name}` ended with {process.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Run(wall=wall, cpu=used.ru_utime + used.ru_stime, rss_mb=used.ru_maxrss * unit / 1e6), text


def make(market: Path, size: Size) -> dict[str, int]:
    """Draw the market and count its rows.

    In a process of its own: on Linux a child's peak memory is never below its parent's, so this one must stay small.
    """
    wanted = [f"--{name}={value}" for name, value in asdict(size).items()]
    timed([sys.executable, "-m", "benchmarks.generate", str(market), f"--seed={SEED}", "--required-only", *wanted])
    return {
        table: duckdb.execute("select count(*) from read_parquet(?)", [f"{market}/{table}.parquet"]).fetchall()[0][0]
        for table in REQUIRED
    }


def compare(market: Path, scratch: Path, rounds: int) -> dict[str, object]:
    """Floor and whole command in turns (A B A B ...); every run, the medians, their ratios."""
    policy, out = scratch / "policy.yaml", scratch / "out"
    policy.write_text((ROOT / "policies" / "activity.yaml").read_text().replace("family: 20000", f"family: {FAMILY}"))
    floor = [sys.executable, "-m", "benchmarks.floor", str(market)]
    whole = [str(Path(sys.executable).with_name("evenhand")), "evaluate", str(market)]
    whole += ["--policy", str(policy), "--as-of", AS_OF.isoformat(), "--out", str(out), "--json"]
    runs: dict[str, list[Run]] = {"floor": [], "whole": []}
    parts: list[dict[str, float]] = []
    for _ in range(rounds):
        run, text = timed(floor)
        runs["floor"].append(run)
        parts.append(json.loads(text))
        run, _ = timed(whole)
        runs["whole"].append(run)
        check_same(parts[-1], out / "evidence.parquet")
        print(f"floor {runs['floor'][-1].wall:.1f} s, whole {run.wall:.1f} s", file=sys.stderr)
    medians = {name: _median(of) for name, of in runs.items()}
    load = statistics.median(part["load"] for part in parts)
    return {
        "runs": {name: [asdict(run) for run in of] for name, of in runs.items()},
        "parts_of_the_floor": {name: statistics.median(part[name] for part in parts) for name in parts[0]},
        "median": {name: asdict(run) for name, run in medians.items()},
        "ratio_wall": medians["whole"].wall / medians["floor"].wall,
        "ratio_cpu": medians["whole"].cpu / medians["floor"].cpu,
        "ratio_wall_without_load": medians["whole"].wall / (medians["floor"].wall - load),
    }


def check_same(part: dict[str, float], evidence: Path) -> None:
    """Refuse to compare two runs that did not count the same units."""
    row = duckdb.execute(
        "select sum(decided), sum(wins), sum(decided_shortlist), sum(shortlists) from read_parquet(?)", [str(evidence)]
    ).fetchall()[0]
    expected = [part.get(name, 0) for name in ("decided_hire", "wins_hire", "decided_shortlist", "wins_shortlist")]
    if list(row) != expected:
        raise RuntimeError(f"the floor counted {expected}, the whole command {list(row)}")


def _median(runs: Sequence[Run]) -> Run:
    return Run(
        wall=statistics.median(run.wall for run in runs),
        cpu=statistics.median(run.cpu for run in runs),
        rss_mb=max(run.rss_mb for run in runs),
    )


def table(result: dict[str, object]) -> str:
    """The result as a table for the page."""
    median, rows = result["median"], result["rows"]
    if not isinstance(median, dict) or not isinstance(rows, dict):
        raise TypeError("`result` is not one of `compare`")
    caption = (
        f"{rows['proposals']:,} proposals, {rows['jobs']:,} jobs, {rows['accounts']:,} accounts; seed {result['seed']};"
        f" DuckDB {result['duckdb']}, Python {result['python']}, {result['cores']} cores; median of"
        f" {result['rounds']} rounds, load before {result['load_before']}."
    )
    verdict = (
        f"Whole command over floor: **{result['ratio_wall']:.2f}** (wall), {result['ratio_cpu']:.2f} (CPU);"
        f" {result['ratio_wall_without_load']:.2f} if the floor is spared reading the files."
    )
    costs = [
        f"| {name} | {run['wall']:.1f} | {run['cpu']:.1f} | {run['rss_mb'] / 1000:.2f} |"
        for name, run in median.items()
    ]
    lines = [caption, "", "| | wall s | CPU s | peak memory GB |", "|---|---|---|---|", *costs, "", verdict]
    return "\n".join(lines)


def publish(result: dict[str, object]) -> None:
    """Write the result to `RESULT` and its table into `PAGE`."""
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=2) + "\n")
    before, _, rest = PAGE.read_text().partition(MARKS[0])
    _, _, after = rest.partition(MARKS[1])
    PAGE.write_text(f"{before}{MARKS[0]}\n{table(result)}\n{MARKS[1]}{after}")


def main() -> None:
    """Make the market, compare, publish."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=200_000)
    parser.add_argument("--jobs", type=int, default=1_000_000)
    parser.add_argument("--proposals", type=int, default=20_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rehearse", action="store_true", help="print the table, change no file")
    given = parser.parse_args()
    size = Size(accounts=given.accounts, jobs=given.jobs, proposals=given.proposals, months=24)
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        scratch = Path(name)
        rows = make(scratch / "market", size)
        load = round(os.getloadavg()[0], 1)
        result = {
            "command": f"python -m benchmarks.evaluate --accounts {size.accounts} --jobs {size.jobs}"
            f" --proposals {size.proposals} --rounds {given.rounds}",
            "seed": SEED,
            "rows": rows,
            "rounds": given.rounds,
            "evenhand": version("evenhand"),
            "duckdb": duckdb.__version__,
            "python": platform.python_version(),
            "cores": os.cpu_count(),
            "load_before": load,
            **compare(scratch / "market", scratch, given.rounds),
        }
    if given.rehearse:
        print(table(result))
    else:
        publish(result)


if __name__ == "__main__":
    main()
