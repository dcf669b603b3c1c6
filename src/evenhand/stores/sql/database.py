"""Connections and transactions: the one place that knows how each database begins, waits, retries and refuses."""

from __future__ import annotations

import os
import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import Any, Final, NoReturn, TypeVar

from sqlalchemy import URL, Connection, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, OperationalError

from evenhand.errors import Outdated, StoreRefused
from evenhand.stores.rules import OUTDATED

Result = TypeVar("Result")

SCHEMA: Final = "evenhand"
"""The schema of PostgreSQL in which everything lies, so that the database may be shared."""

WAIT_SECONDS: Final = 60
"""How long a writer waits for the lock of SQLite, or for a connection of the pool."""

ATTEMPTS: Final = 10
"""How often a transaction is tried that the database broke off for the sake of another."""

_BROKEN_OFF: Final = frozenset({"40001", "40P01"})
"""PostgreSQL: serialization failure, deadlock detected."""

_IMMEDIATE: Final = "begin_immediate"


class Database:
    """Short transactions on one database. Safe for threads; every process opens its own."""

    def __init__(self, url: str) -> None:
        self._url = _checked(url)
        sqlite = self._url.get_backend_name() == "sqlite"
        if sqlite:
            _make_private(str(self._url.database))
        self.engine = create_engine(
            self._url,
            connect_args={"timeout": WAIT_SECONDS} if sqlite else {"options": f"-csearch_path={SCHEMA}"},
            pool_size=8,
            max_overflow=56,
            pool_timeout=WAIT_SECONDS,
        )
        self.dialect = self.engine.dialect.name
        self._turn: AbstractContextManager[object] = threading.Lock() if sqlite else nullcontext()
        if sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads, all of it the same state of the database."""
        with self._translated(), self.engine.connect() as plain:
            connection = plain
            if self.dialect == "postgresql":
                connection = plain.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield connection

    @contextmanager
    def asking(self) -> Iterator[Connection]:
        """For one statement that only reads, which is a state of the database by itself: one way there and back."""
        with self._translated(), self.engine.connect() as plain:
            connection = plain
            if self.dialect == "postgresql":
                connection = plain.execution_options(isolation_level="AUTOCOMMIT")
            yield connection

    def write(self, work: Callable[[Connection], Result]) -> Result:
        """Run `work` in a transaction of its own, again where the database broke it off.

        Writers of this process to one file of SQLite wait in line: SQLite itself would have them sleep and try again.

        `work` must therefore do nothing that lasts but through its connection. Raises `Outdated` and `StoreRefused`
        for what the database refuses.
        """
        attempt = 1
        while True:
            try:
                with self._translated(), self._turn, self.engine.connect() as plain:
                    connection = plain.execution_options(**{_IMMEDIATE: True})
                    with connection.begin():
                        return work(connection)
            except DBAPIError as error:
                if attempt == ATTEMPTS or getattr(error.orig, "sqlstate", None) not in _BROKEN_OFF:
                    raise
                time.sleep(random.uniform(0, 0.005 * 2**attempt))  # noqa: S311  # a pause, no secret
                attempt += 1

    def overwrite_what_was_deleted(self, table: str) -> None:
        """Let no deleted bytes of a table linger in the database's files; backups are beyond its reach.

        SQLite overwrites what is deleted and has only to empty its write-ahead log; PostgreSQL rewrites the table.
        """
        with self._translated(), self.engine.connect() as plain:
            connection = plain.execution_options(isolation_level="AUTOCOMMIT")
            if self.dialect == "sqlite":
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            else:
                connection.exec_driver_sql(f"VACUUM (FULL) {table}")

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """The refusals of the database in our words; what may succeed on another try is let through."""
        try:
            yield
        except (IntegrityError, DataError) as error:
            _refuse(error)
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) in _BROKEN_OFF:
                raise
            where = self._url.set(query={}).render_as_string(hide_password=True)
            raise StoreRefused(
                _first_line(error), where=where, hint="is the database there, and not locked?"
            ) from error


def _checked(text: str) -> URL:
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        url = URL.create("none")
    if url.drivername == "sqlite" and url.database:
        return url
    if url.drivername in {"postgresql", "postgresql+psycopg"}:
        return url.set(drivername="postgresql+psycopg")
    raise StoreRefused(
        "not the address of a store",
        where=f"{url.drivername}://..." if url.drivername != "none" else "the address",  # it may hold a password
        hint="write `sqlite:///cases.db` or `postgresql://user@host/database`",
    )


def _make_private(file: str) -> None:
    """A new file is for its owner alone: it holds the keys of accounts. Its log takes over the rights."""
    with suppress(OSError):  # there already, or no place to be: whoever connects is told
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _prepare_sqlite(connection: Any, _: object) -> None:
    """WAL, so that readers do not wait; FULL, so that what was said to be kept survives the loss of power."""
    connection.isolation_level = None  # the driver begins nothing by itself; `_begin_sqlite` does
    _enter_wal(connection)
    for setting in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {setting}").close()


def _enter_wal(connection: Any) -> None:
    """SQLite waits for nobody while a new file changes its journal, so of several who open one we wait ourselves."""
    for left in reversed(range(WAIT_SECONDS * 100)):
        try:
            connection.execute("PRAGMA journal_mode=WAL").close()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or not left:
                raise
            time.sleep(random.uniform(0, 0.02))  # noqa: S311  # a pause, no secret
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes the lock at once: one that read first could not get it later without starting anew."""
    immediate = connection.get_execution_options().get(_IMMEDIATE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _refuse(error: DBAPIError) -> NoReturn:
    text = _first_line(error)
    taken = getattr(error.orig, "sqlstate", None) == "23505" or text.startswith("UNIQUE constraint failed")
    of_a_case = any(name in text for name in ("entries", "cases"))
    if text.startswith(OUTDATED) or (taken and of_a_case):
        raise Outdated("the case has grown, or another is open", hint="read the case again and act anew") from error
    raise StoreRefused(text, hint="nothing was kept") from error


def _first_line(error: DBAPIError) -> str:
    return str(error.orig).strip().partition("\n")[0]
