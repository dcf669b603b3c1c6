"""The reckoning of `rule.py` and `queue.py` as SQL: one row per account seen, both parties of a talk scored."""

from __future__ import annotations

import math
from datetime import datetime

from evenhand.evidence.activity.grid import SCALE
from evenhand.evidence.activity.statement import round9
from evenhand.evidence.circumvention.stream.queue import stands_out_sql
from evenhand.evidence.circumvention.stream.rule import GRID, LOG_RATIOS, PARTS
from evenhand.evidence.statements import literal

POINTS = range(len(GRID))


def review_sql(as_of: datetime) -> str:
    """Statement for the columns of the stream, sorted by account; reads the tables of this folder and `talk_terms`."""
    sums = ", ".join(f"sum(t.b{k})::bigint as b{k}" for k in POINTS)
    relative = ", ".join(f"(ended * {LOG_RATIOS[k]} + b{k})::double / {SCALE} as r{k}" for k in POINTS)
    top = f"greatest({', '.join(f'r{k}' for k in POINTS)})"
    summed = " + ".join(f"exp(r{k} - top)" for k in POINTS)
    log_e = round9(f"top + ln({summed}) - {math.log(len(GRID))!r}e0")
    return f"""
        select *, row_number() over (order by stands_out desc, log_e_bypass desc, account_id)::bigint as queue_place
        from (select *, case when {stands_out_sql()} then 1 else 0 end::bigint as stands_out
        from (
        select a.account_id, {literal(as_of)} as as_of, coalesce(s.chats, 0) as chats,
          coalesce(s.ended, 0) as ended_without_hire, coalesce(s.expected, 0)::double / {PARTS} as expected,
          coalesce(s.log_e, 0.0) as log_e_bypass, coalesce(q.parties, 0) as tiny_then_silent,
          coalesce(c.jobs, 0) as contact_then_cancelled, coalesce(f.others, 0) as offered_then_ended
        from seen_accounts as a
        left join (
          select account, chats, ended, expected, {log_e} as log_e
          from (select *, {top} as top
          from (select account, chats, ended, expected, {relative}
          from (
            select p.account, count(*) as chats, count(*) filter (p.ended) as ended,
              sum(p.rate)::bigint as expected, {sums}
            from ({_both("scored_talks", "rate, ended")}) as p join talk_terms as t on t.rate = p.rate
            group by p.account
          ) as summed) as weighed) as topped
        ) as s on s.account = a.account
        left join (
          select account, count(*) as parties from ({_both("tiny_pairs")}) as p group by account
        ) as q on q.account = a.account
        left join (
          select account, count(*) as jobs from ({_both("cancelled_talks")}) as p group by account
        ) as c on c.account = a.account
        left join followed_offers as f on f.account = a.account
        ) as told) as ordered
        order by account_id"""


def _both(pairs: str, further: str = "") -> str:
    """The rows of `pairs`, once for the account and once for the client."""
    more = f", {further}" if further else ""
    return f"select account{more} from {pairs} union all select client{more} from {pairs}"
