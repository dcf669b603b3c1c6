"""Counting items of misconduct in SQL, apart from the evidence of activity (R12)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

import pyarrow as pa

from evenhand.engines.sql.database import Connection, Database, text
from evenhand.engines.sql.measure import fill
from evenhand.engines.sql.statements import run
from evenhand.engines.sql.stream import seen_messages_sql
from evenhand.evidence.account.columns import ACCOUNT_COLUMNS
from evenhand.evidence.activity.question import Measured
from evenhand.evidence.conduct.columns import CONDUCT_COLUMNS
from evenhand.evidence.conduct.item import COUNTS_DAYS, KINDS, STRIKE_DAYS, Item
from evenhand.evidence.conduct.question import ConductQuestion
from evenhand.evidence.statements import Piece, Value, literal
from evenhand.market.table import EARLIEST

TOLD: Final = ", ".join(f'"{name}"' for name in Item._fields)


def seen_messages(con: Connection, as_of: datetime) -> Iterable[pa.RecordBatch]:
    """Every message seen at `as_of`, oldest first, with when a contract between the two began."""
    run(con, "seen.sql", _seen(as_of))
    names = {column[0] for column in con.execute("select * from market.messages limit 0").description or ()}
    if "text" not in names:
        return ()
    thread = "m.thread_id" if "thread_id" in names else "null::varchar"
    return con.batches(f"""
        select m.message_id, m.sender_id, m.recipient_id, m.sent_at, m.text, {thread} as thread_id, c.contract_since
        from market.messages as m
        join seen_accounts as s on s.account_id = m.sender_id
        join seen_accounts as r on r.account_id = m.recipient_id
        left join (
          select one, other, min(started_at) as contract_since from (
            select account as one, client as other, started_at from seen_contracts
            union all select client, account, started_at from seen_contracts
          ) as both_ways group by one, other
        ) as c on c.one = s.account and c.other = r.account
        where m.sent_at <= {literal(as_of)} order by m.sent_at, m.message_id""")


def seen_profiles(con: Connection, as_of: datetime) -> Iterable[pa.RecordBatch]:
    """Every profile text that stands at `as_of`, as seen then."""
    run(con, "seen.sql", _seen(as_of))
    names = {column[0] for column in con.execute("select * from market.profiles limit 0").description or ()}
    if "text" not in names:
        return ()
    stands = f"coalesce(p.removed_at > {literal(as_of)}, true)" if "removed_at" in names else "true"
    return con.batches(f"""
        select p.text_id, p.account_id, {literal(as_of)} as published_at, p.text
        from market.profiles as p join seen_accounts as a on a.account_id = p.account_id
        where p.published_at <= {literal(as_of)} and {stands} order by p.text_id""")


def weigh(con: Database, found: Path, question: ConductQuestion) -> Measured:
    """Fill `items`, `evidence` and `met` from the market's incidents and what was found in it."""
    values: dict[str, Value] = {
        **_seen(question.as_of),
        "evidence_from": question.evidence_from or EARLIEST,
        "kinds": Piece(", ".join(map(text, KINDS[question.procedure]))),
        "period": COUNTS_DAYS,
        "strike": STRIKE_DAYS,
    }
    con.execute("create or replace temp table episodes (account integer, evidence_from timestamp)")
    fill(con, "episodes", question.episodes.items())
    con.execute("create or replace temp table reversals (account integer, reversed_at timestamp)")
    fill(con, "reversals", question.reversed.items())
    con.execute("create or replace temp table openings (account integer, step varchar, since timestamp)")
    fill(con, "openings", [(o.account_id, o.step, o.since) for o in question.openings])
    run(con, "seen.sql", values)
    con.execute(f"create or replace temp table seen_messages as {seen_messages_sql(con, question.as_of)}")
    run(con, "account/account.sql", values)
    con.execute(f"create or replace temp view found as select * from {con.lines(found)}")
    run(con, "conduct/items.sql", values)
    run(con, f"conduct/{question.procedure}.sql", values)
    con.execute(f"create or replace temp table evidence as {_evidence_sql(question)}")
    known = "count(*), count(*) filter (items = 0)"
    accounts, undecidable = con.execute(f"select {known} from evidence").fetchall()[0]
    return Measured(
        accounts=accounts,
        undecidable=undecidable,
        views=False,
        shortlists=False,
        hypotheses={},
        blind=(),
        hidden_wins=0.0,
        late_hires=0.0,
    )


def _seen(as_of: datetime) -> dict[str, Value]:
    return {"as_of": as_of}


def _evidence_sql(question: ConductQuestion) -> str:
    """Facts and counts of every account; who has no item has zeros."""
    facts = ", ".join(f"f.{column.name}" for column in ACCOUNT_COLUMNS)
    counts = ", ".join(
        f"coalesce(c.{column.name}, 0) as {column.name}" for column in CONDUCT_COLUMNS[question.procedure]
    )
    return f"""
        select f.account, f.account_id, f.as_of, f.closed_at, {facts}, {counts}, c.entered_at
        from facts as f left join counts as c on c.account = f.account"""


def items(con: Connection, accounts: Sequence[int]) -> Mapping[str, Sequence[Item]]:
    """The items of accounts by number, the latest first."""
    found = con.execute(f"select {TOLD} from items where account in {literal(tuple(accounts))} {_ORDER}").fetchall()
    told: dict[str, list[Item]] = {}
    for row in found:
        item = Item(*row)
        told.setdefault(item.account_id, []).append(item)
    return told


def write_items(con: Database, path: Path) -> None:
    """Write `items_<procedure>.parquet`."""
    con.copy(f"select {TOLD} from items {_ORDER}", path)


_ORDER: Final = 'order by account_id, "at" desc, kind, source, other_id, what'
