"""Decisions per CPU-second beside peers, on the same accounts, in turns (`make bench-decisions`).

Runs in `.venv-bench`, where the peers are. Every engine must give the same answer for every account before anything is
timed. The result goes to `docs/benchmarks/decisions.json` and as a table into `docs/benchmarks.md`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from typing import Any, Final

import duckdb
import pyarrow as pa

from benchmarks.p10 import OUTCOMES, SEED, Account, accounts, hundred_rules, policy
from benchmarks.page import PAGE
from benchmarks.peers import PEERS
from benchmarks.process import ROOT
from evenhand import __version__
from evenhand.decisions.decide import decide
from evenhand.decisions.statement import decided_sql
from evenhand.policy.types import Policy

ACCOUNTS: Final = 10_000
SET_COPIES: Final = 200
"""The set-based engines judge so many copies of the accounts."""

FIELDS: Final = 12
OLD_ZEN: Final = ROOT / ".venv-bench" / "zen-0.37.1"
MARKS: Final = ("<!-- decisions: begin -->", "<!-- decisions: end -->")

Measured = dict[str, list[float]]
Engines = dict[str, Callable[[], tuple[int, float]]]


def timed(judge: Callable[[Any], object], rows: Sequence[Account]) -> tuple[int, float]:
    """How many decisions, in how many CPU-seconds; the answers are kept, as a caller would keep them."""
    began = time.process_time()
    kept = [judge(row) for row in rows]
    return len(kept), time.process_time() - began


def enough(judge: Callable[[Any], object], rows: Sequence[Account], seconds: float = 0.25) -> Sequence[Account]:
    """As many of the rows as take about so long."""
    count, spent = timed(judge, rows[:200])
    return rows[: max(200, min(len(rows), int(seconds / (spent / count + 1e-9))))]


def peers(rows: Sequence[Account], expected: Sequence[str]) -> Engines:
    """Every peer, checked on all accounts."""
    bare = [dict(list(row.items())[:FIELDS]) for row in rows]
    engines: Engines = {}
    for name, (package, make) in PEERS.items():
        judge = make()
        check(name, [judge(row) for row in bare], expected)
        few = enough(judge, bare)
        label = f"{name} ({package} {version(package)})" if package else name
        engines[label] = lambda judge=judge, few=few: timed(judge, few)  # type: ignore[misc]  # bound to this turn
    return engines


def ours(rows: Sequence[Account], expected: Sequence[str]) -> Engines:
    """Evenhand in the process: with the value of every condition, with the sentence, with all reasons nested."""
    p10, many = policy(), hundred_rules()
    check("Evenhand", [decide(row, p10).measure for row in rows], expected)
    ways: dict[str, Callable[[Any], object]] = {
        "**Evenhand, decision with its reasons as tuples**": lambda row: decide(row, p10),
        "Evenhand, the conditions alone, as tuples": p10.program.trace,
        "Evenhand, with the sentence as well": lambda row: decide(row, p10).why,
        "Evenhand, with all reasons rendered": lambda row: decide(row, p10).reasons(),
        "**Evenhand, 100 rules of 5 conditions, with reasons**": lambda row: decide(row, many),
    }
    chosen = {name: (judge, enough(judge, rows)) for name, judge in ways.items()}
    return {name: lambda judge=judge, few=few: timed(judge, few) for name, (judge, few) in chosen.items()}  # type: ignore[misc]  # bound to this turn


def sets(rows: Sequence[Account], expected: Sequence[str]) -> Engines:
    """Whole sets in DuckDB on one thread: a plain statement, and ours without and with everybody's sentence."""
    con = duckdb.connect(config={"threads": 1})
    con.register("given", pa.table({name: [row[name] for row in rows] for name in rows[0]}))
    con.execute(
        "create table evidence as select row_number() over ()::integer as account,"
        " g.* replace (null::timestamp as closed_at), null::timestamp as entered_at"
        f" from range({SET_COPIES}) as c(copy), given as g order by copy, account_id"
    )
    con.execute("create table standings (account integer, in_force varchar, pending varchar, refused varchar[])")
    con.execute("create table met (account integer, step varchar)")
    p10 = policy()
    decided = decided_sql(p10, cap=len(rows) * SET_COPIES, withheld=False)
    codes = "account, exempt, reaches, measure, blocked_by"
    statements = {
        "one plain DuckDB statement": _plain(p10),
        "**Evenhand, one statement: step, exemptions, what bars it**": f"select {codes} from ({decided})",
        "Evenhand, the same with everybody's sentence": f"select {codes}, why from ({decided})",
    }
    for name, sql in statements.items():
        found = dict(con.execute(f"select measure, count(*) // {SET_COPIES} from ({sql}) group by measure").fetchall())
        check(
            name, [step for step in OUTCOMES for _ in range(found.get(step, 0))], sorted(expected, key=OUTCOMES.index)
        )

    def run(sql: str) -> tuple[int, float]:
        columns = con.execute(f"describe {sql}").fetchall()
        used = ", ".join(
            f"count({name})" if kind != "VARCHAR" else f"sum(length({name}))" for name, kind, *_ in columns
        )
        began = time.process_time()
        con.execute(f"select {used} from ({sql})").fetchall()
        return len(rows) * SET_COPIES, time.process_time() - began

    return {name: lambda sql=sql: run(sql) for name, sql in statements.items()}  # type: ignore[misc]  # bound to this turn


def _plain(p10: Policy) -> str:
    steps = " ".join(f"when {step.when.sql} then '{step.step}'" for step in reversed(p10.steps))
    exempt = " or ".join(exemption.when.sql for exemption in p10.exempt)
    return f"select account, case when {exempt} then 'none' {steps} else 'none' end as measure from evidence"


def old_zen() -> Engines:
    """The release of zen that its users found faster, in a process of its own."""

    def run() -> tuple[int, float]:
        command = [sys.executable, "-m", "benchmarks.decisions", "--only", "zen, decision table"]
        surroundings = {**os.environ, "PYTHONPATH": f"{OLD_ZEN}{os.pathsep}{ROOT / 'src'}"}
        done = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=True)
        count, seconds = json.loads(done.stdout)
        return count, seconds

    return {"zen, decision table (zen-engine 0.37.1)": run}


def only(name: str) -> None:
    """One peer's turn by itself; prints count and CPU-seconds."""
    rows = accounts(ACCOUNTS)
    p10 = policy()
    bare = [dict(list(row.items())[:FIELDS]) for row in rows]
    judge = PEERS[name][1]()
    check(name, [judge(row) for row in bare], [decide(row, p10).measure for row in rows])
    print(json.dumps(timed(judge, enough(judge, bare))))


def check(name: str, answers: Sequence[str], expected: Sequence[str]) -> None:
    """Refuse to time an engine that answers otherwise."""
    if list(answers) != list(expected):
        raise RuntimeError(f"{name} answers {Counter(answers)}, expected {Counter(expected)}")


def compare(rounds: int) -> dict[str, Any]:
    """All engines in turns; decisions per CPU-second of every turn."""
    rows = accounts(ACCOUNTS)
    p10 = policy()
    expected = [decide(row, p10).measure for row in rows]
    engines = {**ours(rows, expected), **peers(rows, expected), **old_zen(), **sets(rows, expected)}
    rates: Measured = {name: [] for name in engines}
    for _ in range(rounds):
        for name, turn in engines.items():
            count, seconds = turn()
            rates[name].append(round(count / seconds))
    return {"outcomes": dict(Counter(expected)), "decisions_per_cpu_second": rates}


def table(result: Mapping[str, Any]) -> str:
    """The result as a table for the page, the fastest first."""
    rates: Measured = result["decisions_per_cpu_second"]
    base = max(rates["**Evenhand, decision with its reasons as tuples**"])
    found = ", ".join(f"{result['outcomes'].get(step, 0)} {step}" for step in OUTCOMES)
    caption = (
        f"{ACCOUNTS:,} accounts ({found}); seed {SEED}; Python {result['python']}, DuckDB {result['duckdb']};"
        f" {result['rounds']} rounds in turns; load before {result['load_before']}, after {result['load_after']}."
    )
    lines = [caption, "", "| | decisions per CPU-second, best | range | ours / it |", "|---|---|---|---|"]
    for name, of in sorted(rates.items(), key=lambda item: -max(item[1])):
        lines.append(f"| {name} | {_short(max(of))} | {_short(min(of))} to {_short(max(of))} | {base / max(of):.2g} |")
    return "\n".join(lines)


def _short(rate: float) -> str:
    return f"{rate / 1e6:.2f} M" if rate >= 1e6 else f"{rate / 1e3:.1f} k" if rate >= 1e4 else f"{rate:,.0f}"


def publish(result: Mapping[str, Any], name: str, marks: tuple[str, str], text: str) -> None:
    """Write the raw result to `docs/benchmarks/<name>.json` and its table between its marks on the page."""
    PAGE.with_name("benchmarks").joinpath(f"{name}.json").write_text(json.dumps(result, indent=2) + "\n")
    before, _, rest = PAGE.read_text().partition(marks[0])
    _, _, after = rest.partition(marks[1])
    PAGE.write_text(f"{before}{marks[0]}\n{text}\n{marks[1]}{after}")


def measured(rounds: int, compare: Callable[[int], dict[str, Any]]) -> dict[str, Any]:
    """What `compare` finds, beside the versions and the load of the machine."""
    before = round(os.getloadavg()[0], 1)
    found = compare(rounds)
    machine = {"python": platform.python_version(), "duckdb": duckdb.__version__, "cores": os.cpu_count()}
    load = {"load_before": before, "load_after": round(os.getloadavg()[0], 1)}
    return {"rounds": rounds, "seed": SEED, "evenhand": __version__, **machine, **load, **found}


def main() -> None:
    """Read the command line, compare, publish."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=PEERS, help="time one peer and print its count and CPU-seconds")
    parser.add_argument("--rehearse", action="store_true", help="print the table, change no file")
    given = parser.parse_args()
    if given.only:
        only(given.only)
        return
    result = measured(given.rounds, compare)
    if given.rehearse:
        print(table(result))
    else:
        publish(result, "decisions", MARKS, table(result))


if __name__ == "__main__":
    main()
