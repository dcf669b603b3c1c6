"""Units of evidence per CPU-second beside the e-value package `ville`, in turns (`make bench-evidence`).

The same units, the same eleven points below the floor; the e-values of all accounts must agree before anything is
timed. `ville` has no test whose boundary differs from unit to unit, as fair odds do, so its own parts are used:
`evalues.combine` multiplies an account's likelihood ratios per point and takes their mean. The ratios are made beside
it with numpy, once for all units, and timed with it. Ours makes more: both confidence bounds and the odds ratio, from
integer sums.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping
from functools import partial
from importlib.metadata import version
from typing import Any, Final

import duckdb
import numpy as np
from numpy.typing import NDArray
from ville import evalues

from benchmarks.decisions import measured, publish
from benchmarks.p10 import SEED
from evenhand.engines.duckdb.database import DuckDBDatabase
from evenhand.engines.sql.terms import make_terms
from evenhand.evidence.activity.grid import ANCHOR, GRID
from evenhand.evidence.activity.statement import scores_sql, sums_sql

ACCOUNTS: Final = 20_000
FLOOR: Final = GRID[ANCHOR]
MARKS: Final = ("<!-- e-values: begin -->", "<!-- e-values: end -->")

Floats = NDArray[np.float64]


def units() -> duckdb.DuckDBPyConnection:
    """A database with the table `counted`: about 30 units for each account, in fields of 5 to 40, one win in 30."""
    con = duckdb.connect(config={"threads": 1})
    rng = np.random.default_rng(SEED)
    sizes = 1 + rng.geometric(1 / 30, ACCOUNTS)
    account = np.repeat(np.arange(ACCOUNTS), sizes)
    odds = 1 / (rng.integers(5, 41, account.size) - 1.0)
    won = rng.random(account.size) < 1 / 30
    con.execute(
        "create table counted as select account::integer as account, false as shortlist,"
        " row_number() over ()::integer as job, odds, won from ("
        "select unnest(?::bigint[]) as account, unnest(?::double[]) as odds, unnest(?::boolean[]) as won)",
        [account.tolist(), odds.tolist(), won.tolist()],
    )
    con.execute("create table odds as select distinct odds from counted")
    return con


def by_evenhand(con: duckdb.DuckDBPyConnection) -> Floats:
    """Log e-values by account as a run reckons them."""
    make_terms(DuckDBDatabase(con), "odds", "terms")
    con.execute(f"create or replace temp table sums as {sums_sql('counted', 'account', 'shortlist')}")
    con.execute(f"create or replace temp table scores as {scores_sql('sums', ('account', 'shortlist'), [FLOOR])}")
    found: Floats = con.execute("select * from scores order by account").fetchnumpy()["log_e_at_0_5"]
    return found


def by_ville(given: Mapping[str, Any]) -> Floats:
    """Log e-values by account from `ville`, an account after the other, its ratios from numpy."""
    points = np.array(GRID[:ANCHOR])[:, None]
    odds, won = given["odds"], given["won"]
    ratios = np.where(won, points / FLOOR, 1.0) * (1 + FLOOR * odds) / (1 + points * odds)
    starts = np.flatnonzero(np.diff(given["account"], prepend=-1))
    parts = np.split(ratios, starts[1:], axis=1)
    return np.log([evalues.combine(evalues.combine(part, method="product")) for part in parts])


def compare(rounds: int) -> dict[str, Any]:
    """Both in turns; units per CPU-second of every turn."""
    con = units()
    given = con.execute("select account, odds, won from counted order by account, job").fetchnumpy()
    if not np.allclose(by_evenhand(con), by_ville(given), rtol=0, atol=1e-6):
        raise RuntimeError("the two reckon different e-values")
    count = len(given["odds"])
    rates: dict[str, list[float]] = {"Evenhand, one statement": [], f"ville {version('ville')}, combine": []}
    turns = (partial(by_evenhand, con), partial(by_ville, given))
    for _ in range(rounds):
        for name, turn in zip(rates, turns, strict=True):
            began = time.process_time()
            turn()
            rates[name].append(round(count / (time.process_time() - began)))
    return {"accounts": ACCOUNTS, "units": count, "units_per_cpu_second": rates}


def table(result: Mapping[str, Any]) -> str:
    """The result as a table for the page."""
    caption = (
        f"{result['accounts']:,} accounts, {result['units']:,} units; seed {SEED}; Python {result['python']},"
        f" DuckDB {result['duckdb']}, one thread; {result['rounds']} rounds in turns;"
        f" load before {result['load_before']}."
    )
    lines = [caption, "", "| | units per CPU-second, best | range |", "|---|---|---|"]
    for name, rates in result["units_per_cpu_second"].items():
        lines.append(f"| {name} | {max(rates) / 1e6:.2f} M | {min(rates) / 1e6:.2f} M to {max(rates) / 1e6:.2f} M |")
    return "\n".join(lines)


def main() -> None:
    """Read the command line, compare, publish."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rehearse", action="store_true", help="print the table, change no file")
    given = parser.parse_args()
    result = measured(given.rounds, compare)
    if given.rehearse:
        print(table(result))
    else:
        publish(result, "e_values", MARKS, table(result))


if __name__ == "__main__":
    main()
