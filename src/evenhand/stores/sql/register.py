"""Checkpoints, verification, export and erasure in a database."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, text

from evenhand.decisions.case.kept import Audit, Checkpoint
from evenhand.errors import StoreRefused
from evenhand.stores.audit.chain import FIRST, Line, Rule, text_of
from evenhand.stores.audit.checkpoint import Signer
from evenhand.stores.audit.export import lines
from evenhand.stores.audit.merkle import Tree
from evenhand.stores.audit.verify import verify
from evenhand.stores.sql.database import Database
from evenhand.stores.sql.documents import rules
from evenhand.stores.sql.keys import destroy_key
from evenhand.stores.sql.tables import attachments, cases, checkpoints, entries, messages

BATCH: Final = 1_000
"""Rows fetched at a time where the whole log is read."""

HASH: Final = 32
"""Length of a hash in bytes."""


class SqlRegister:
    """The part `Register` of the port; what each method promises stands there."""

    def __init__(self, database: Database, signer: Signer | None) -> None:
        self._database = database
        self._signer = signer

    def checkpoint(self, now: datetime) -> Checkpoint:
        """Grows the tree by what came since the last one; two at a time wait for each other."""
        signer = self._signer
        if signer is None:
            raise StoreRefused("no signing key", hint="give the store the key that signs checkpoints")
        return self._database.write(lambda connection: _checkpoint(connection, signer, now))

    def checkpoints(self) -> Sequence[Checkpoint]:
        """By number."""
        with self._database.reading() as connection:
            return _checkpoints(connection)

    def verify(self, trusted: Collection[str] = ()) -> Audit:
        """One state of the database, read once in the order of the log; then the heads, which remember the tails."""
        with self._database.reading() as connection:
            verifier = verify(_log(connection), trusted)
            tails = select(cases.c.case_id, cases.c.entries, cases.c.hash).order_by(cases.c.case_id)
            for case_id, number, last in connection.execute(tails.execution_options(yield_per=BATCH)):
                verifier.tail(case_id, number, last)
            return verifier.audit()

    def export(self) -> Iterator[str]:
        """One state of the database, fetched in batches."""
        with self._database.reading() as connection:
            yield from lines(_log(connection))

    def erase(self, account_id: str, now: datetime) -> None:
        """The key's bytes leave the files too: SQLite overwrites them, PostgreSQL once the table is vacuumed."""

        def destroy(connection: Connection) -> None:
            destroy_key(connection, account_id, now)
            connection.execute(delete(attachments).where(attachments.c.account_id == account_id))
            unsettled = select(messages.c.id).where(messages.c.recipient == account_id, messages.c.settled_at.is_(None))
            waiting = connection.scalars(unsettled.limit(1)).first()
            if waiting:
                raise StoreRefused("a message to the account is unsettled", where=waiting, hint="send or give it up")

        self._database.write(destroy)
        self._database.overwrite_what_was_deleted("seals")


def _checkpoint(connection: Connection, signer: Signer, now: datetime) -> Checkpoint:
    if connection.dialect.name == "postgresql":
        connection.execute(text("lock table checkpoints in exclusive mode"))
    last = connection.execute(select(checkpoints).order_by(checkpoints.c.number.desc()).limit(1)).mappings().first()
    before = _as_checkpoint(last) if last else None
    upto, published = _settled_sequence(connection), rules(connection)
    if before and (before.upto, before.policies) == (upto, len(published)):
        return before
    peaks: bytes = last["peaks"] if last else b""
    tree = Tree(before.size if before else 0, [peaks[n : n + HASH] for n in range(0, len(peaks), HASH)])
    if before and tree.root().hex() != before.root:
        raise StoreRefused("the last checkpoint was changed", where=str(before.number), hint="verify the log")
    new = select(entries.c.hash).where(entries.c.sequence <= upto).order_by(entries.c.sequence)
    if before:
        new = new.where(entries.c.sequence > before.upto)
    for kept in connection.scalars(new.execution_options(yield_per=BATCH)):
        tree.add(kept)
    signed = (len(published), published[-1].hash if published else FIRST)
    made = signer.checkpoint(before=before, at=now, size=tree.size, upto=upto, root=tree.root(), policies=signed)
    connection.execute(insert(checkpoints), {**vars(made), "peaks": b"".join(tree.peaks)})
    return made


def _settled_sequence(connection: Connection) -> int:
    """The largest sequence below which no transaction under way will add an entry.

    PostgreSQL gives out sequences before it commits. The lock waits for every writer that has one; giving up the
    savepoint gives up the lock, so that writers wait no longer than that.
    """
    latest = select(func.coalesce(func.max(entries.c.sequence), 0))
    if connection.dialect.name != "postgresql":
        return connection.scalar(latest) or 0
    with connection.begin_nested() as savepoint:
        connection.execute(text("lock table entries in share mode"))
        upto = connection.scalar(latest) or 0
        savepoint.rollback()
    return upto


def _log(connection: Connection) -> Iterator[Line | Rule | Checkpoint]:
    """Every policy; then every entry in its sequence, each checkpoint behind the last entry that it covers."""
    yield from rules(connection)
    signed = iter(_checkpoints(connection))
    following = next(signed, None)
    wanted = select(entries).order_by(entries.c.sequence).execution_options(yield_per=BATCH)
    for row in connection.execute(wanted).mappings():
        while following and following.upto < row["sequence"]:
            yield following
            following = next(signed, None)
        yield Line(
            sequence=row["sequence"],
            case_id=row["case_id"],
            number=row["number"],
            text=text_of(row["case_id"], row["number"], row["at"], row["kind"], row["author"], row["body"]),
            hash=row["hash"],
        )
    while following:
        yield following
        following = next(signed, None)


def _checkpoints(connection: Connection) -> Sequence[Checkpoint]:
    wanted = select(checkpoints).order_by(checkpoints.c.number)
    return [_as_checkpoint(row) for row in connection.execute(wanted).mappings()]


def _as_checkpoint(row: RowMapping) -> Checkpoint:
    return Checkpoint(**{name: row[name] for name in row if name != "peaks"})
