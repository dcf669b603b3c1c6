"""The reckoning of `grid.py` as SQL, one row per account: the grid written out as columns, so that one pass does it.

The names are those of the formulas: `b1` to `b19` are sums of terms, `r0` to `r19` log likelihoods relative to 0.5.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from evenhand.evidence.activity.grid import ANCHOR, BOUND_EVIDENCE, GRID, LOG_GRID, SCALE, log_e_at

POINTS = range(1, len(GRID))
ABOVE = range(ANCHOR, len(GRID) - 1)


def terms_sql(odds: str, *further: str) -> str:
    """Statement for the table of terms of every distinct value in the relation `odds`, reckoned by the engine.

    `further` are columns beside those of the grid. Differs from `grid.terms` in at most the last integer unit, and only
    where a market weighs its proposals (M5).
    """
    columns = _list(f"round(ln(1 + {_double(GRID[k])} * odds) * {SCALE})::bigint as b{k}" for k in POINTS)
    share = f"round(odds / (1 + odds) * {SCALE})::bigint as share"
    return f"select {_list(['odds', columns, share, *further])} from {odds}"


def sums_sql(counted: str, *keys: str) -> str:
    """Statement that sums the terms of `counted` by `keys`: an account's state (`STATISTICS.md` section 4)."""
    by = ", ".join(keys)
    return f"""
        select {by}, count(*) as decided, count(*) filter (won) as wins, min(job) as first_job,
          sum(share)::bigint as share, {_list(f"sum(b{k})::bigint as b{k}" for k in POINTS)}
        from {counted} join terms using (odds) group by {by}"""


def summed() -> tuple[str, ...]:
    """Names of the sums that are an account's state, `first_job` aside."""
    return ("decided", "wins", "share", *(f"b{k}" for k in POINTS))


def scores_sql(sums: str, keys: Sequence[str], floors: Iterable[float]) -> str:
    """Statement for the e-values of every row of `sums` at `floors`, and the odds ratio with its bounds (E1, E2).

    `s<j>` is the log of the summed likelihoods of all points below the j-th, `t<j>` of all points above it; `m<j>` and
    `n<j>` are the largest among them.
    """
    kept = ", ".join((*keys, "decided", "wins", "first_job", "share"))
    wanted = sorted(GRID.index(floor) for floor in floors)
    below = sorted({*range(1, ANCHOR + 1), *wanted})
    tops = [f"greatest({_points(0, j)}) as m{j}" for j in below]
    tops += [f"greatest({_points(j + 1, len(GRID))}) as n{j}" for j in ABOVE]
    weights = [f"{_log_sum(0, j, f'm{j}')} as s{j}" for j in below]
    weights += [f"{_log_sum(j + 1, len(GRID), f'n{j}')} as t{j}" for j in ABOVE]
    values = [f"{round9(f's{j} - r{j} - {_log(j)}')} as {log_e_at(GRID[j])}" for j in wanted]
    return f"""
        select {kept}, {_list(values)},
          {_odds_ratio()} as odds_ratio, {_low()} as odds_ratio_low, {_high()} as odds_ratio_high
        from (select *, {_list(weights)}
        from (select *, {_list(tops)}
        from (select {kept}, {_relative(ANCHOR, POINTS)} from {sums})))"""


def evidence_sql(floor: float, floors: Iterable[float], *, shortlists: bool) -> str:
    """Statement that puts `facts`, `priorities` and both outcomes of `scores` into one row per account."""
    at_floor = log_e_at(floor)
    return f"""
        select f.*,
          coalesce(h.decided, 0) as decided, {_fair("h")} as fair_wins, coalesce(h.wins, 0) as wins,
          coalesce(s.decided, 0) as decided_shortlist, {_fair("s")} as fair_shortlists,
          coalesce(s.wins, 0) as shortlists, h.odds_ratio, h.odds_ratio_low, h.odds_ratio_high,
          {_or_zero("h", at_floor)} as log_e_hire,
          {_or_zero("s", at_floor) if shortlists else "null::double"} as log_e_shortlist,
          {_mean(at_floor, shortlists)} as log_e, p.review_priority,
          {_list(f"{_mean(log_e_at(x), shortlists)} as {log_e_at(x)}" for x in sorted(floors))},
          j.settled_at as entered_at, false as in_portfolio, false as group_held, []::varchar[] as held_groups
        from facts as f
        left join scores as h on h.account = f.account and not h.shortlist
        left join scores as s on s.account = f.account and s.shortlist
        left join settled as j on j.job = least(h.first_job, s.first_job)
        left join priorities as p on p.account = f.account"""


def below_sql(sums: str, shares: Sequence[float], floor: float) -> str:
    """Statement for `review.below` of every account of `sums` with counted hires."""
    parts = [f"{_double(share)} * exp(r{k} - top)" for k, share in enumerate(shares)]
    chance = round9(f"({' + '.join(parts[: GRID.index(floor)])}) / ({' + '.join(parts)})")
    return f"""
        select account, {chance} as review_priority
        from (select *, greatest({_points(0, len(GRID))}) as top
        from (select account, {_relative(ANCHOR, POINTS)} from {sums} where not shortlist))"""


def met_sql(floor: float, *, shortlists: bool) -> str:
    """Statement for the served steps since which the evidence went on: 1 fair win or more, log e above 0 (S4)."""
    return f"""
        select o.account, o.step from openings as o
        left join since_scores as h on h.account = o.account and h.step = o.step and not h.shortlist
        left join since_scores as s on s.account = o.account and s.step = o.step and s.shortlist
        where {_fair("h")} >= 1 and {_mean(log_e_at(floor), shortlists)} > 0"""


def path_sql(counted: str, floor: float) -> str:
    """Statement for how each counted unit moved the evidence: running log e of its outcome, and its factor."""
    point = GRID.index(floor)
    so_far = "over (partition by account, shortlist order by job)"
    sums = _list(f"(sum(b{k}) {so_far})::bigint as b{k}" for k in range(1, point + 1))
    log_e = round9(f"{_log_sum(0, point, 'top')} - {_log(point)}")
    return f"""
        select *, case when isinf(log_e) then 0.0 else exp(log_e - lag(log_e, 1, 0.0) {so_far}) end as factor
        from (select * exclude (top, {_points(0, point)}), {log_e} as log_e
        from (select *, greatest({_points(0, point)}) as top
        from (select * exclude (wins), {_relative(point, range(1, point))}
        from (
          select account, shortlist, job, c.client, submitted_at, settled_at, won, odds, share,
            sum(won::integer) {so_far} as wins, {sums}
          from {counted} as c join terms using (odds) join settled as j using (job)
        ))))"""


def calibration_sql(sums: str, keys: Sequence[str], *, below: int, log_null: int) -> str:
    """Statement for log e against a null off the grid, and the odds ratio, of every row of `sums`.

    The alternatives are the first `below` points; `at_null` is the sum of the null's terms and `log_null` its log, both
    in integer units.
    """
    kept = ", ".join((*keys, "decided", "wins", "share"))
    null = f"(wins * {log_null - LOG_GRID[ANCHOR]} + b{ANCHOR} - at_null)::double / {SCALE} as at_null"
    log_e = round9(f"{_log_sum(0, below, 'top')} - at_null - {_log(below)}")
    return f"""
        select {kept}, {log_e} as log_e, {_odds_ratio()} as odds_ratio
        from (select *, greatest({_points(0, below)}) as top
        from (select {kept}, {_relative(ANCHOR, POINTS)}, {null} from {sums}))"""


def round9(expression: str) -> str:
    """`grid.to_nine_digits` of `expression`."""
    return f"floor(({expression}) * 1e9 + 0.5) / 1e9"


def _relative(anchor: int, points: Iterable[int]) -> str:
    """Log likelihoods relative to the point `anchor`, from wins and sums: `grid.log_likelihoods`."""
    at_zero = f"case when wins = 0 then b{anchor}::double / {SCALE} else '-infinity'::double end as r0"
    above = (f"(wins * {LOG_GRID[k] - LOG_GRID[anchor]} + b{anchor} - b{k})::double / {SCALE} as r{k}" for k in points)
    return _list([at_zero, *above])


def _log_sum(start: int, stop: int, top: str) -> str:
    """`grid.log_sum` of the points from `start` up to before `stop`, the largest of which is `top`."""
    if stop - start == 1:
        return f"r{start}"
    return f"{top} + ln({' + '.join(f'exp(r{k} - {top})' for k in range(start, stop))})"


def _odds_ratio() -> str:
    top = f"greatest({_points(0, len(GRID))})"
    points = (f"when r{k} = {top} then {_double(GRID[k])}" for k in reversed(range(len(GRID))))
    return f"case when decided = 0 then null {' '.join(points)} end"


def _high() -> str:
    return f"case {' '.join(_bound(f's{min(k, ANCHOR)}', ANCHOR, k) for k in POINTS)} end"


def _low() -> str:
    bounds = (_bound(f"t{max(k, ANCHOR)}", len(GRID) - 1 - ANCHOR, k) for k in reversed(POINTS[:-1]))
    return f"case {' '.join(bounds)} end"


def _bound(weight: str, points: int, k: int) -> str:
    return f"when {weight} - {_log(points)} - r{k} >= {_double(BOUND_EVIDENCE)} then {_double(GRID[k])}"


def _fair(side: str) -> str:
    return f"coalesce({side}.share, 0)::double / {SCALE}"


def _or_zero(side: str, column: str) -> str:
    return f"coalesce({side}.{column}, 0.0)"


def _mean(column: str, shortlists: bool) -> str:
    """`grid.log_mean` of both outcomes where the market has both; nothing counted is e = 1."""
    a, b = _or_zero("h", column), _or_zero("s", column)
    top = f"greatest({a}, {b})"
    both = round9(f"{top} + ln(1 + exp(least({a}, {b}) - {top})) - {_log(2)}")
    return f"case when isinf({top}) then {top} else {both} end" if shortlists else a


def _points(start: int, stop: int) -> str:
    return _list(f"r{k}" for k in range(start, stop))


def _list(parts: Iterable[str]) -> str:
    return ", ".join(parts)


def _log(count: int) -> str:
    return _double(math.log(count))


def _double(value: float) -> str:
    """A literal that is a double and not a decimal, whose conversion would cost the last bit."""
    return repr(value) if "e" in repr(value) else f"{value!r}e0"
