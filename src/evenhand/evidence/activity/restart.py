"""The restart mixture: an account that was good once and is not now (`STATISTICS.md` section 2, decision E3).

E is the mean of e-processes that begin at different months of the account's own calendar: half on the whole record,
the rest evenly on what was submitted from month 1, 2, ... 23 on. A fixed mean of e-processes is one. The calendar
begins when the account's first counted decision settled, a month is 30 days, and a decision belongs to the month in
which it was submitted: both are known before any outcome that they sort.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from evenhand.evidence.activity.grid import log_e_at, to_nine_digits
from evenhand.evidence.activity.statement import round9, scores_sql, summed

LATEST: Final = 23
"""The last month from which a process begins."""

MONTH: Final = timedelta(days=30)

UNIT: Final = 10**15
"""Parts into which an e-value is cut relative to the largest of the mean, so that the mean is a sum of integers."""


def month(submitted_at: datetime, entered_at: datetime) -> int:
    """Month of a decision, 0 to `LATEST`, in the calendar that began at `entered_at`."""
    return min(max((submitted_at - entered_at) // MONTH, 0), LATEST)


def log_mixture(log_es: Sequence[float]) -> float:
    """Log of the mean of the e-values whose logs are given: of the whole record, then of months 1 to `LATEST` on.

    >>> log_mixture([0.0] * 24)
    0.0
    >>> log_mixture([-math.inf] * 24)
    -inf
    >>> round(math.exp(log_mixture([0.0] * 23 + [math.log(47.0)])), 6)
    2.0
    """
    top = max(log_es)
    if math.isinf(top):
        return top
    parts = [round(math.exp(value - top) * UNIT) for value in log_es]
    return to_nine_digits(top + math.log((LATEST * parts[0] + sum(parts[1:])) / (2 * LATEST * UNIT)))


def months_sql() -> str:
    """Statement for `counted` with the `month` of each decision."""
    days = MONTH.days * 86400
    return f"""
        select c.*, greatest(0, least({LATEST}, floor((epoch(c.submitted_at) - epoch(j.settled_at)) / {days})))::integer
          as month
        from counted as c
        join (select account, min(first_job) as job from sums group by account) as f on f.account = c.account
        join settled as j on j.job = f.job"""


def restarts_sql(month_sums: str) -> str:
    """Statement for the sums from each month on; `weight` counts the processes of the mean that have these sums.

    A process that begins in a month without decisions has the sums of the next month with some.
    """
    later = "over (partition by account, shortlist order by month desc rows unbounded preceding)"
    own = "(partition by account, shortlist order by month)"
    sums = ", ".join(f"(sum({name}) {later})::bigint as {name}" for name in summed())
    return f"""
        select account, shortlist, month, min(first_job) {later} as first_job, {sums},
          month - lag(month, 1, 0) over {own} + case when row_number() over {own} = 1 then {LATEST} else 0 end as weight
        from {month_sums}"""


def mixed_sql(floors: Iterable[float]) -> str:
    """Statement for `scores` with each e-value replaced by the mean; what has not begun yet stands at e = 1."""
    names = [log_e_at(floor) for floor in sorted(floors)]
    mine = "over (partition by account, shortlist)"
    waits = f"case when last_month < {LATEST} then 0.0 else '-infinity'::double end"
    tops = ", ".join(f"greatest(max({name}) {mine}, {waits}) as top_{name}" for name in names)
    means = ", ".join(f"{_mean(name)} as {name}" for name in names)
    kept = "s.account, s.shortlist, s.decided, s.wins, s.first_job, s.share"
    bounds = "s.odds_ratio, s.odds_ratio_low, s.odds_ratio_high"
    return f"""
        select {kept}, {", ".join(f"m.{name}" for name in names)}, {bounds}
        from whole_scores as s
        join (
          select account, shortlist, {means}
          from (select *, {tops}
          from (select *, max(month) {mine} as last_month from month_scores))
          group by account, shortlist
        ) as m on m.account = s.account and m.shortlist = s.shortlist"""


def month_scores_sql(floors: Iterable[float]) -> str:
    """Statement for the e-values from each month on."""
    return scores_sql("restart_sums", ("account", "shortlist", "month", "weight"), floors)


def _mean(name: str) -> str:
    """`log_mixture` of one column."""
    began = f"sum(weight * round(exp({name} - top_{name}) * {UNIT})::bigint)"
    waiting = f"({LATEST} - max(month)) * round(exp(- max(top_{name})) * {UNIT})::bigint"
    mean = round9(f"max(top_{name}) + ln(({began} + {waiting})::double / {2 * LATEST * UNIT}e0)")
    return f"case when isinf(max(top_{name})) then max(top_{name}) else {mean} end"
