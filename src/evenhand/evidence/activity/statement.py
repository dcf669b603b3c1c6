"""The reckoning of `grid.py` as SQL, one row per account: the grid written out as columns, so that one pass does it.

The names are those of the formulas: `b1` to `b19` are sums of terms, `r0` to `r19` log likelihoods relative to 0.5.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from evenhand.evidence.activity.grid import ANCHOR, BOUND_EVIDENCE, GRID, LOG_GRID, SCALE, log_e_at

POINTS = range(1, len(GRID))


def terms_sql(odds: str) -> str:
    """Statement for the table of terms of every distinct value in the relation `odds`, reckoned by the engine.

    Differs from `grid.terms` in at most the last integer unit, and only where a market weighs its proposals (M5).
    """
    columns = ", ".join(f"round(ln(1 + {_double(GRID[k])} * odds) * {SCALE})::bigint as b{k}" for k in POINTS)
    return f"select odds, {columns}, round(odds / (1 + odds) * {SCALE})::bigint as share from {odds}"


def sums_sql(counted: str, *keys: str) -> str:
    """Statement that sums the terms of the rows of `counted` by `keys`: an account's state (`STATISTICS.md` section 4)."""
    sums = ", ".join(f"sum(b{k})::bigint as b{k}" for k in POINTS)
    by = ", ".join(keys)
    return (
        f"select {by}, count(*) as decided, count(*) filter (won) as wins, sum(share)::bigint as share, "
        f"min(job) as first_job, {sums} from {counted} join terms using (odds) group by {by}"
    )


def scores_sql(sums: str, keys: Sequence[str], floors: Iterable[float]) -> str:
    """Statement for the e-values of every row of `sums` at `floors`, and the odds ratio with its bounds (E1, E2)."""
    kept = ", ".join((*keys, "decided", "wins", "share", "first_job"))
    relative = ", ".join(f"(wins * {LOG_GRID[k] - LOG_GRID[ANCHOR]} + b{ANCHOR} - b{k})::double / {SCALE} as r{k}" for k in POINTS)
    at_zero = f"case when wins = 0 then b{ANCHOR}::double / {SCALE} else '-infinity'::double end as r0"
    floor_points = sorted(GRID.index(floor) for floor in floors)
    below = sorted({*range(1, ANCHOR + 1), *floor_points})
    above = range(ANCHOR, len(GRID) - 1)
    tops = ", ".join(
        [f"greatest({_points(0, j)}) as m{j}" for j in below] + [f"greatest({_points(j + 1, len(GRID))}) as n{j}" for j in above]
    )
    weights = ", ".join(
        [f"{_log_sum(0, j, f'm{j}')} as s{j}" for j in below] + [f"{_log_sum(j + 1, len(GRID), f'n{j}')} as t{j}" for j in above]
    )
    values = ", ".join(f"{round9(f's{j} - r{j} - {_double(math.log(j))}')} as {log_e_at(GRID[j])}" for j in floor_points)
    return (
        f"select {kept}, {values}, {_odds_ratio()} as odds_ratio, {_high()} as odds_ratio_high, {_low()} as odds_ratio_low "
        f"from (select *, {weights} from (select *, {tops} from (select {kept}, {at_zero}, {relative} from {sums})))"
    )


def round9(expression: str) -> str:
    """`grid.to_nine_digits` of `expression`."""
    return f"floor(({expression}) * 1e9 + 0.5) / 1e9"


def log_mean_sql(a: str, b: str) -> str:
    """`grid.log_mean` of two columns."""
    return round9(f"greatest({a}, {b}) + ln(1 + exp(least({a}, {b}) - greatest({a}, {b}))) - {_double(math.log(2))}")


def _double(value: float) -> str:
    """A literal that is a double and not a decimal, whose conversion would cost the last bit."""
    return f"{value!r}e0"


def _points(start: int, stop: int) -> str:
    return ", ".join(f"r{k}" for k in range(start, stop))


def _log_sum(start: int, stop: int, top: str) -> str:
    """Log of the summed likelihoods of some points, the largest taken out first so that nothing overflows."""
    if stop - start == 1:
        return f"r{start}"
    return f"{top} + ln({' + '.join(f'exp(r{k} - {top})' for k in range(start, stop))})"


def _odds_ratio() -> str:
    top = f"greatest({_points(0, len(GRID))})"
    return f"case when decided = 0 then null {' '.join(f'when r{k} = {top} then {_double(GRID[k])}' for k in reversed(range(len(GRID))))} end"


def _high() -> str:
    bounds = (
        f"when s{min(k, ANCHOR)} - {_double(math.log(ANCHOR))} - r{k} >= {_double(BOUND_EVIDENCE)} then {_double(GRID[k])}" for k in POINTS
    )
    return f"case {' '.join(bounds)} end"


def _low() -> str:
    count = len(GRID) - 1 - ANCHOR
    bounds = (
        f"when t{max(k, ANCHOR)} - {_double(math.log(count))} - r{k} >= {_double(BOUND_EVIDENCE)} then {_double(GRID[k])}"
        for k in reversed(range(1, len(GRID) - 1))
    )
    return f"case {' '.join(bounds)} end"


def evidence_sql(floor: float, floors: Iterable[float], *, shortlists: bool) -> str:
    """Statement that puts `facts` and the two outcomes of `scores` into one row per account (`STATISTICS.md` section 3)."""
    at_floor = log_e_at(floor)
    means = ", ".join(f"{_mean(log_e_at(x), shortlists)} as {log_e_at(x)}" for x in floors)
    return (
        f"select f.*, coalesce(h.decided, 0) as decided, {_fair('h')} as fair_wins, coalesce(h.wins, 0) as wins, "
        f"coalesce(s.decided, 0) as decided_shortlist, {_fair('s')} as fair_shortlists, coalesce(s.wins, 0) as shortlists, "
        f"h.odds_ratio, h.odds_ratio_low, h.odds_ratio_high, {_or_zero('h', at_floor)} as log_e_hire, "
        f"{_or_zero('s', at_floor) if shortlists else 'null::double'} as log_e_shortlist, {_mean(at_floor, shortlists)} as log_e, "
        f"{means}, j.settled_at as entered_at, "
        f"false as in_portfolio, false as group_held, []::varchar[] as held_groups "
        f"from facts as f left join scores as h on h.account = f.account and not h.shortlist "
        f"left join scores as s on s.account = f.account and s.shortlist "
        f"left join settled as j on j.job = least(h.first_job, s.first_job)"
    )


def met_sql(floor: float, *, shortlists: bool) -> str:
    """Statement for the served steps since which the evidence went on: 1 fair win or more, log e above 0 (S4)."""
    return (
        f"select o.account, o.step from openings as o "
        f"left join since_scores as h on h.account = o.account and h.step = o.step and not h.shortlist "
        f"left join since_scores as s on s.account = o.account and s.step = o.step and s.shortlist "
        f"where {_fair('h')} >= 1 and {_mean(log_e_at(floor), shortlists)} > 0"
    )


def path_sql(counted: str, floor: float) -> str:
    """Statement for how each counted unit moved the evidence: running log e of its outcome, and its factor."""
    point = GRID.index(floor)
    so_far = "over (partition by account, shortlist order by settled_at, job)"
    sums = ", ".join(f"(sum(b{k}) {so_far})::bigint as s{k}" for k in range(1, point + 1))
    relative = ", ".join(
        f"(wins * {LOG_GRID[k] - LOG_GRID[point]} + s{point} - s{k})::double / {SCALE} as r{k}" for k in range(1, point)
    )
    at_zero = f"case when wins = 0 then s{point}::double / {SCALE} else '-infinity'::double end as r0"
    total = _log_sum(0, point, "top")
    return (
        f"select *, exp(log_e - lag(log_e, 1, 0.0) {so_far}) as factor from ("
        f"select * exclude (top, {_points(0, point)}), {round9(f'{total} - {_double(math.log(point))}')} as log_e from ("
        f"select *, greatest({_points(0, point)}) as top from ("
        f"select account, shortlist, job, client, submitted_at, settled_at, won, odds, share, "
        f"{', '.join(filter(None, (at_zero, relative)))} from ("
        f"select *, sum(won::integer) {so_far} as wins, {sums} from {counted} "
        f"join terms using (odds) join (select job, settled_at from settled) using (job)))))"
    )


def _fair(side: str) -> str:
    return f"coalesce({side}.share, 0)::double / {SCALE}"


def _or_zero(side: str, column: str) -> str:
    return f"coalesce({side}.{column}, 0.0)"


def _mean(column: str, shortlists: bool) -> str:
    """The mean of both outcomes where the market has both; nothing counted is e = 1."""
    return log_mean_sql(_or_zero("h", column), _or_zero("s", column)) if shortlists else _or_zero("h", column)
