"""One made-up market, every method: whom each acts on, when, and who of them was innocent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import duckdb

from evenhand.evidence.activity.statement import sums_sql, terms_sql
from evenhand.lab.validate import monthly
from evenhand.lab.validate.methods import METHODS, Method

STATEMENTS: Final = Path(__file__).with_name("statements")

INNOCENTS: Final[Mapping[str, str]] = {
    "all": "true",
    "hard": "hard",
    "newcomers": "newcomer",
    "small_country": "small_country",
    "low_volume": "low_volume",
    "harmed": "harmed and fair_wins >= 15",
}
"""Groups of innocents, as conditions over `members`. `hard`: the quarter of the categories in which fewest
proposals win; `harmed`: demoted or discriminated members with fifteen fair wins or more."""

GUILTY: Final[Mapping[str, str]] = {
    "core_5_15": "core and fair_wins >= 5 and fair_wins <= 15",
    "core_15_30": "core and fair_wins > 15 and fair_wins <= 30",
    "core_30": "core and fair_wins > 30",
    "core_true_5_15": "core and true_fair_wins >= 5 and true_fair_wins <= 15",
    "core_true_15_30": "core and true_fair_wins > 15 and true_fair_wins <= 30",
    "core_true_30": "core and true_fair_wins > 30",
    "spammers": "conduct = 'spammer' and not innocent",
    "circumventers": "conduct = 'circumventer' and not innocent",
}
"""Groups of the guilty. `core`: odds below a fifth of a fair share all along, by the fair wins that the product counts
(`core_true`: by those of the truth)."""


@dataclass(frozen=True, kw_only=True)
class Market:
    """A made-up market: `tables` with the truth, `results` with the product's `evidence` and `counted`, its days."""

    tables: Path
    results: Path
    opened: datetime
    ended: datetime
    months: int


def judge(market: Market, floor: float, *, scratch: Path, threads: int, memory_gb: float) -> Mapping[str, Any]:
    """Follow every method through `market` and tell what it did, by name: how many it acted on, how many were innocent.

    Innocent are those whose true odds were at or above `floor` on the day. Each group is given as `[acted on, of]`.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": threads,
        "memory_limit": f"{memory_gb:g}GB",
        "temp_directory": str(scratch / "spill"),
    }
    with duckdb.connect(str(scratch / "judge.duckdb"), config=config) as con:
        _open(con, market, floor)
        for method in METHODS:
            _follow(con, method, floor, market.months)
        return _tally(con)


def _open(con: duckdb.DuckDBPyConnection, market: Market, floor: float) -> None:
    """Name the files, reckon every path."""
    for table in ("truth", "jobs", "proposals", "contracts"):
        folder = market.tables / table
        _view(con, table, folder / "*.parquet" if folder.is_dir() else folder.with_suffix(".parquet"))
    for result in ("evidence", "counted"):
        _view(con, result, market.results / f"{result}.parquet")
    (shortlists,) = con.execute("select count(log_e_shortlist) > 0 from evidence").fetchone() or (False,)
    for name, value in (
        ("floor", f"{floor!r}::double"),
        ("shortlists", str(bool(shortlists))),
        ("opened", f"date '{market.opened:%Y-%m-%d}'"),
        ("ended", f"date '{market.ended:%Y-%m-%d}'"),
        ("months", str(market.months)),
    ):
        con.execute(f"set variable {name} = {value}")
    _run(con, "paths")
    sums = sums_sql("monthly_units", "account", "month")
    _run(con, "month_sums", terms=terms_sql("(select distinct odds from monthly_units)"), sums=sums)


def _follow(con: duckdb.DuckDBPyConnection, method: Method, floor: float, months: int) -> None:
    if method.family == "npmle":
        monthly.npmle(con, method.name, floor, months, **method.values)
    elif method.family == "restart":
        monthly.restart(con, method.name, floor, months, **method.values)
    elif method.family == "e_bh":
        _e_bh(con, method)
    else:
        _run(con, method.family, method=f"'{method.name}'", **method.values)


def _e_bh(con: duckdb.DuckDBPyConnection, method: Method) -> None:
    """The largest set that its own size admits, day by day: sizes are lowered from above until they hold themselves."""
    _run(con, "e_bh", **method.values)
    before, size = -1, 0
    while size != before:
        _run(con, "e_bh_round", **method.values)
        before, (size,) = size, con.execute("select coalesce(sum(size), 0) from sizes").fetchone() or (0,)
    _run(con, "e_bh_end", method=f"'{method.name}'")


def _tally(con: duckdb.DuckDBPyConnection) -> Mapping[str, Any]:
    groups = ", ".join(
        [f"count_if(innocent and ({who})) as {name}" for name, who in INNOCENTS.items()]
        + [f"count_if(not innocent and ({who})) as {name}" for name, who in GUILTY.items()]
    )
    everybody = "(select *, theta >= getvariable('floor') as innocent from members)"
    (of,) = _rows(con, f"select {groups} from {everybody}")
    found = {row["method"]: row for row in _rows(con, _filled("tally", groups=groups))}
    return {method.name: _told(found.get(method.name, {}), of) for method in METHODS}


def _told(row: Mapping[str, Any], of: Mapping[str, int]) -> Mapping[str, Any]:
    return {
        "acted": row.get("acted", 0),
        "guilty": row.get("guilty", 0),
        "median_days": row.get("median_days"),
        "groups": {name: [row.get(name, 0), many] for name, many in of.items()},
    }


def _rows(con: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    found = con.execute(query)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _view(con: duckdb.DuckDBPyConnection, name: str, files: Path) -> None:
    path = str(files).replace("'", "''")
    con.execute(f"create view {name} as from read_parquet('{path}')")


def _run(con: duckdb.DuckDBPyConnection, statements: str, **values: str) -> None:
    con.execute(_filled(statements, **values))


def _filled(statements: str, **values: str) -> str:
    text = (STATEMENTS / f"{statements}.sql").read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text
