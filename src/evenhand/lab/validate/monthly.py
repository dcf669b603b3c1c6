"""Methods that look once a month: empirical Bayes on the grid, and the restart mixture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import duckdb

from evenhand.evidence.activity.grid import ANCHOR, GRID, LOG_GRID, SCALE, log_e_at
from evenhand.evidence.activity.statement import scores_sql

POINTS: Final = range(1, len(GRID))
SUMMED: Final = ("decided", "wins", "share", *(f"b{k}" for k in POINTS))
"""Columns of `month_sums` that add up over months."""

WARM_UP: Final = 6
"""Months before the first estimate of what accounts are like."""

EM_ROUNDS: Final = 20
"""Rounds of expectation and maximisation a month, begun from the estimate of the month before."""


def npmle(con: duckdb.DuckDBPyConnection, method: str, floor: float, months: int, level: str) -> None:
    """Act on the largest set whose mean probability of innocence is at most `level`, at the end of every month.

    The prior is the non-parametric maximum likelihood estimate on the grid (Kiefer and Wolfowitz 1956; EM as in Laird
    1978) over all accounts with evidence; it says who is probably what only as far as accounts are like one another.
    """
    summed = ", ".join(f"sum({column})::bigint as {column}" for column in SUMMED)
    weights: Sequence[float] = [1 / len(GRID)] * len(GRID)
    con.execute(
        "create or replace temp table state as select account, " + ", ".join(SUMMED) + " from month_sums limit 0"
    )
    for month in range(1, months + 1):
        so_far = f"select account, {', '.join(SUMMED)} from month_sums where month = {month}"
        con.execute(
            f"create or replace temp table state as select account, {summed} "
            f"from (from state union all {so_far}) group by account"
        )
        if month > WARM_UP:
            con.execute(f"create or replace temp table likelihoods as {_likelihoods_sql('state')}")
            weights = _fitted(con, weights)
            con.execute(_posterior_sql(method, floor, month, weights, level))


def restart(con: duckdb.DuckDBPyConnection, method: str, floor: float, months: int, e: str) -> None:
    """Act when the mixture over restarts reaches `e`: half of it begins at the start, half anew with one of the months.

    Each account's stretches of months are scored by the product's own statement (`STATISTICS.md` section 2).
    """
    past = ", ".join(f"(sum(coalesce(s.{c}, 0)) over so_far)::bigint as {c}" for c in SUMMED)
    stretch = ", ".join(f"a.{c} - coalesce(b.{c}, 0) as {c}" for c in SUMMED)
    con.execute(f"""
        create or replace temp table dense as
        select account, month, {past}
        from (
            -- even without a win nobody else can get there
            select account, unnest(range(1, {months + 1})) as month
            from month_sums group by account having sum(b{GRID.index(floor)}) >= ln({e}) * {SCALE}
        ) as d left join month_sums as s using (account, month)
        window so_far as (partition by account order by month)""")
    con.execute(f"""
        create or replace temp view stretches as
        select a.account, a.month as looked, n.month as began, 0 as first_job, {stretch}
        from dense as a
        join (select unnest(range(1, {months + 1})) as month) as n on n.month <= a.month
        left join dense as b on b.account = a.account and b.month = n.month - 1""")
    share = f"case when began = 1 then 0.5 else {0.5 / max(1, months - 1)} end"
    con.execute(f"""
        insert into acted
        select '{method}', account, end_of(min(looked)), any_value(first_day)
        from (
            select account, looked
            from ({scores_sql("stretches", ("account", "looked", "began"), [floor])})
            group by account, looked
            having sum({share} * exp(least({log_e_at(floor)}, 700)))
                + {0.5 / max(1, months - 1)} * ({months} - looked) >= {e}
        ) join ({_FIRST_DAYS}) using (account)
        group by account""")


_FIRST_DAYS = "select account, min(day) as first_day from evidence_path group by account"


def _likelihoods_sql(state: str) -> str:
    """Likelihoods per account of `state`, a column `l<k>` for each grid point, the largest of them 1."""
    zero = f"case when wins = 0 then b{ANCHOR} / {SCALE}::double else '-infinity'::double end as r0"
    above = (f"(wins * {LOG_GRID[k] - LOG_GRID[ANCHOR]} + b{ANCHOR} - b{k}) / {SCALE}::double as r{k}" for k in POINTS)
    every = range(len(GRID))
    return f"""
        select account, {", ".join(f"exp(r{k} - top) as l{k}" for k in every)}
        from (select *, greatest({", ".join(f"r{k}" for k in every)}) as top
        from (select account, {", ".join([zero, *above])} from {state} where decided > 0))"""


def _fitted(con: duckdb.DuckDBPyConnection, weights: Sequence[float]) -> Sequence[float]:
    """The weights of the grid points after some rounds of EM; summed in whole 1e-12, so that no order matters."""
    for _ in range(EM_ROUNDS):
        shares = ", ".join(f"sum(round(1e12 * {w!r} * l{k} / m)::bigint)::double" for k, w in enumerate(weights))
        found = con.execute(f"select {shares} from (select *, {_mixed(weights)} as m from likelihoods)").fetchone()
        sums = [value or 0.0 for value in found or ()]
        if not any(sums):
            return weights
        weights = [value / sum(sums) for value in sums]
    return weights


def _posterior_sql(method: str, floor: float, month: int, weights: Sequence[float], level: str) -> str:
    """Statement that acts on the accounts least likely innocent, as long as the mean of that stays below `level`."""
    innocent = f"round(1e12 * ({_mixed(weights, GRID.index(floor))}) / ({_mixed(weights)}))::bigint"
    return f"""
        insert into acted
        select '{method}', account, end_of({month}), first_day
        from (
            select account, sum(innocent) over by_chance <= {level} * 1e12 * row_number() over by_chance as may
            from (select account, {innocent} as innocent from likelihoods)
            window by_chance as (order by innocent, account)
        ) join ({_FIRST_DAYS}) using (account)
        where may and account not in (select account from acted where method = '{method}')"""


def _mixed(weights: Sequence[float], since: int = 0) -> str:
    """The likelihood of an account, mixed over the grid points from number `since` on."""
    return " + ".join(f"{weights[k]!r} * l{k}" for k in range(since, len(GRID)))
