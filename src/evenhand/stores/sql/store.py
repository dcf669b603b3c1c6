"""The store in a database: its parts, and how it is opened."""

from __future__ import annotations

from evenhand.stores.audit.checkpoint import Signer
from evenhand.stores.sql.cases import SqlCases
from evenhand.stores.sql.database import Database
from evenhand.stores.sql.documents import SqlDocuments
from evenhand.stores.sql.migrate import migrate
from evenhand.stores.sql.outbox import SqlOutbox
from evenhand.stores.sql.people import SqlPeople
from evenhand.stores.sql.register import SqlRegister


class SqlStore(SqlCases, SqlOutbox, SqlPeople, SqlDocuments, SqlRegister):
    """A store in SQLite or PostgreSQL; use it from any number of threads, and open it anew in each process."""

    def __init__(self, database: Database, signer: Signer | None) -> None:
        SqlRegister.__init__(self, database, signer)

    def close(self) -> None:
        """Let go of every connection."""
        self._database.close()


def open_store(url: str, *, signer: Signer | None = None) -> SqlStore:
    """The store at `sqlite:///FILE` or `postgresql://USER@HOST/DATABASE`, made or brought up to date where it is not.

    `signer` signs checkpoints; a store without one keeps and verifies, and signs nothing. Raises `StoreRefused` where
    the database cannot be reached, or was written by a later version.
    """
    database = Database(url)
    try:
        migrate(database)
    except BaseException:
        database.close()
        raise
    return SqlStore(database, signer)
