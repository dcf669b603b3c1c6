"""The behavioural stream in SQL: its files in their order, apart from the evidence of activity (R12)."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa

from evenhand.engines.sql.database import Connection, Database
from evenhand.engines.sql.statements import run
from evenhand.evidence.circumvention.stream import rule
from evenhand.evidence.circumvention.stream.statement import review_sql
from evenhand.evidence.statements import Value, literal


def write_review(con: Database, as_of: datetime, settle_days: int, path: Path, offers: Path | None) -> None:
    """Reckon the stream at `as_of` and write `review_circumvention.parquet`, a row per account, sorted."""
    values: dict[str, Value] = {
        "as_of": as_of,
        "settle_days": settle_days,
        "prior": rule.PRIOR,
        "least": rule.LEAST,
        "lowest": rule.LOWEST,
        "most": rule.MOST,
        "tiny": rule.TINY,
        "silent_since": as_of - timedelta(days=rule.SILENT_DAYS),
    }
    run(con, "seen.sql", values)
    con.execute(f"create or replace temp table seen_messages as {seen_messages_sql(con, as_of)}")
    run(con, "circumvention/stream/talks.sql", values)
    run(con, "circumvention/stream/quiet.sql", values)
    told = (
        f"select o.account_id, o.other_id, o.at as offered_at from {con.lines(offers)} as o" if offers else _NO_OFFERS
    )
    con.execute(f"create or replace temp view offers as {told}")
    run(con, "circumvention/stream/offers.sql", values)
    _make_terms(con)
    con.copy(review_sql(as_of), path)


_NO_OFFERS = "select '' as account_id, '' as other_id, timestamp '1970-01-01' as offered_at where false"


def seen_messages_sql(con: Connection, as_of: datetime) -> str:
    """Who wrote to whom, when, and, to whom a client wrote about a job of its own, which; never what."""
    names = {column[0] for column in con.execute("select * from market.messages limit 0").description or ()}
    job = "m.job_id" if "job_id" in names else "null::varchar"
    return f"""
        select s.account as sender, r.account as recipient, m.sent_at, j.job
        from (select m.sender_id, m.recipient_id, m.sent_at, {job} as job_id from market.messages as m) as m
        join seen_accounts as s on s.account_id = m.sender_id
        join seen_accounts as r on r.account_id = m.recipient_id
        left join market.jobs as j on j.job_id = m.job_id and j.client = s.account
        where m.sent_at <= {literal(as_of)}"""


def _make_terms(con: Connection) -> None:
    """The table `talk_terms`: a row for every rate there can be."""
    rates = range(rule.LOWEST, rule.MOST)
    columns = zip(*(rule.terms(rate) for rate in rates), strict=True)
    made = {"rate": pa.array(rates, pa.int32()), **{f"b{k}": pa.array(c, pa.int64()) for k, c in enumerate(columns)}}
    con.register("talk_terms_made", pa.table(made))
    con.execute("create or replace temp table talk_terms as select * from talk_terms_made")
    con.unregister("talk_terms_made")
