"""Cases in a database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from itertools import groupby, islice
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, bindparam, insert, not_, select, tuple_, update

from evenhand.decisions.case.entry import CaseEntry, CaseHead, Moves
from evenhand.decisions.ledger import Entry
from evenhand.errors import Outdated, StoreRefused
from evenhand.stores import rules
from evenhand.stores.audit.chain import FIRST
from evenhand.stores.entries import Act, Linked, checked, has_personal_fields, ledger_of, linked, opened
from evenhand.stores.sql import outbox
from evenhand.stores.sql.database import Database
from evenhand.stores.sql.keys import keys_for_writing
from evenhand.stores.sql.tables import cases, entries, seals

BATCH = 1_000
"""Rows fetched at a time where a whole table is read."""

_HEAD = (
    cases.c.case_id,
    cases.c.account_id,
    cases.c.procedure,
    cases.c.step,
    cases.c.stage,
    cases.c.opened_at,
    cases.c.due_at,
    cases.c.precedence,
)
_ENTRY = (entries.c.case_id, entries.c.number, entries.c.at, entries.c.kind, entries.c.author, entries.c.body)


class SqlCases:
    """The part `Cases` of the port; what each method promises stands there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, case_id: str) -> Sequence[CaseEntry]:
        """Every entry of the case, in one statement."""
        wanted = (
            select(*_ENTRY, seals.c.key)
            .join(cases, cases.c.case_id == entries.c.case_id)
            .outerjoin(seals, seals.c.account_id == cases.c.account_id)
            .where(entries.c.case_id == case_id)
            .order_by(entries.c.number)
        )
        with self._database.asking() as connection:
            return [_entry(row) for row in connection.execute(wanted).mappings()]

    def append(self, moves: Moves, *, head: CaseHead) -> None:
        """One act on one case."""
        self.append_all([(moves, head)])

    def append_all(self, acts: Sequence[Act]) -> None:
        """Acts in the order of their cases, so that two batches wait for each other and never in a ring."""
        ordered = checked(acts)
        if ordered:
            self._database.write(lambda connection: _append(connection, ordered))

    def open_case(self, account_id: str, procedure: str) -> str | None:
        """By the unique partial index."""
        wanted = select(cases.c.case_id).where(
            cases.c.account_id == account_id, cases.c.procedure == procedure, not_(cases.c.closed)
        )
        with self._database.asking() as connection:
            return connection.scalar(wanted)

    def cases_of(self, account_id: str) -> Sequence[CaseHead]:
        """By the index on accounts."""
        return self._heads(
            select(*_HEAD).where(cases.c.account_id == account_id).order_by(cases.c.opened_at, cases.c.case_id)
        )

    def heads(self) -> Iterator[CaseHead]:
        """Fetched in batches."""
        wanted = select(*_HEAD).order_by(cases.c.case_id).execution_options(yield_per=BATCH)
        with self._database.reading() as connection:
            yield from map(_head, connection.execute(wanted).mappings())

    def due(self, now: datetime, limit: int) -> Sequence[str]:
        """By the index on what is due."""
        wanted = (
            select(cases.c.case_id).where(cases.c.due_at <= now).order_by(cases.c.due_at, cases.c.case_id).limit(limit)
        )
        with self._database.asking() as connection:
            return list(connection.scalars(wanted))

    def queue(self, *, stage: str, after: CaseHead | None, limit: int) -> Sequence[CaseHead]:
        """A stretch of the index of the queue, wherever it begins."""
        place = (cases.c.precedence, cases.c.opened_at, cases.c.case_id)
        wanted = select(*_HEAD).where(cases.c.stage == stage).order_by(*place).limit(limit)
        if after:
            wanted = wanted.where(tuple_(*place) > tuple_(-after.urgency, after.opened_at, after.case_id))
        return self._heads(wanted)

    def latest(self, procedure: str, kind: str, limit: int) -> Sequence[str]:
        """The index on kinds, read backwards until there are enough."""
        wanted = (
            select(entries.c.case_id)
            .join(cases, cases.c.case_id == entries.c.case_id)
            .where(entries.c.kind == kind, cases.c.procedure == procedure)
            .order_by(entries.c.sequence.desc())
            .execution_options(yield_per=BATCH)
        )
        with self._database.reading() as connection, closing(connection.scalars(wanted)) as names:
            return list(islice(_distinct(names), limit))

    def ledger(self, procedure: str) -> Iterator[Entry]:
        """A case at a time, fetched in batches; nothing sealed is opened for it."""
        wanted = (
            select(*_ENTRY)
            .join(cases, cases.c.case_id == entries.c.case_id)
            .where(cases.c.procedure == procedure)
            .order_by(entries.c.case_id, entries.c.number)
            .execution_options(yield_per=BATCH)
        )
        with self._database.reading() as connection:
            rows = connection.execute(wanted).mappings()
            for _, of_case in groupby(rows, lambda row: row["case_id"]):
                yield from ledger_of([_entry(row) for row in of_case])

    def _heads(self, wanted: Select[Any]) -> Sequence[CaseHead]:
        with self._database.asking() as connection:
            return [_head(row) for row in connection.execute(wanted).mappings()]


def _distinct(names: Iterable[str]) -> Iterator[str]:
    seen = set[str]()
    for name in names:
        if name not in seen:
            seen.add(name)
            yield name


def _append(connection: Connection, acts: Sequence[Act]) -> None:
    """The heads first: the lock on a case's head orders its writers before any of them touches the log."""
    tails = _tails(connection, [head.case_id for _, head in acts])
    for moves, head in acts:
        _hold_to(tails.get(head.case_id), moves, head)
    sealing = {head.account_id for moves, head in acts if has_personal_fields(moves)}
    sealing |= {message.recipient for moves, _ in acts for message in moves.messages}
    keys = keys_for_writing(connection, sealing)
    kept: list[Linked] = []
    heads: list[dict[str, object]] = []
    for moves, head in acts:
        tail = tails.get(head.case_id)
        own = list(linked(moves, tail["hash"] if tail else FIRST, keys.get(head.account_id)))
        heads.append(_head_row(head, tail, own))
        kept += own
    _write_heads(connection, heads)
    connection.execute(insert(entries), [_entry_row(entry) for entry in kept])
    outbox.add(connection, acts, keys)


def _tails(connection: Connection, case_ids: Sequence[str]) -> Mapping[str, RowMapping]:
    """The heads of those cases that there are, locked in one order by all who write."""
    wanted = select(cases).where(cases.c.case_id.in_(case_ids)).order_by(cases.c.case_id).with_for_update()
    return {row["case_id"]: row for row in connection.execute(wanted).mappings()}


def _hold_to(tail: RowMapping | None, moves: Moves, head: CaseHead) -> None:
    """Refuse an act on a case that has grown, or that would become another."""
    if tail is None:
        return
    if moves.entries[0].number <= tail["entries"]:
        raise Outdated("the case has grown", where=head.case_id, hint="read the case again and act anew")
    if (tail["account_id"], tail["procedure"], tail["opened_at"]) != (head.account_id, head.procedure, head.opened_at):
        raise StoreRefused(rules.FIXED, where=head.case_id, hint="close it and open another")


def _write_heads(connection: Connection, rows: Sequence[dict[str, object]]) -> None:
    """Heads that there are first, so that one act may close a case and another open the next."""
    known = [row for row in rows if row["known"]]
    if known:
        changed = ("step", "stage", "due_at", "precedence", "closed", "entries", "hash")
        statement = update(cases).where(cases.c.case_id == bindparam("of_case"))
        connection.execute(
            statement.values({name: bindparam(f"new_{name}") for name in changed}),
            [{"of_case": row["case_id"], **{f"new_{name}": row[name] for name in changed}} for row in known],
        )
    new = [row for row in rows if not row["known"]]
    if new:
        connection.execute(insert(cases), new)


def _head_row(head: CaseHead, tail: RowMapping | None, own: Sequence[Linked]) -> dict[str, object]:
    return {
        "case_id": head.case_id,
        "account_id": head.account_id,
        "procedure": head.procedure,
        "step": head.step,
        "stage": head.stage,
        "opened_at": head.opened_at,
        "due_at": head.due_at,
        "precedence": -head.urgency,
        "known": tail is not None,
        "closed": (tail is not None and tail["closed"]) or any(k.entry.kind == rules.CLOSED for k in own),
        "entries": own[-1].entry.number,
        "hash": own[-1].hash,
    }


def _entry_row(kept: Linked) -> dict[str, object]:
    entry = kept.entry
    return {
        "case_id": entry.case_id,
        "number": entry.number,
        "at": entry.at,
        "kind": entry.kind,
        "author": entry.author,
        "body": kept.body,
        "hash": kept.hash,
    }


def _head(row: RowMapping) -> CaseHead:
    return CaseHead(**{name: row[name] for name in row if name != "precedence"}, urgency=-row["precedence"])


def _entry(row: RowMapping) -> CaseEntry:
    return opened(row["case_id"], row["number"], row["at"], row["kind"], row["author"], row["body"], row.get("key"))
