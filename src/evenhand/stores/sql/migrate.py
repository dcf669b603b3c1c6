"""Brings a database to the tables of this version, by the migrations that the package carries."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, select, text

from evenhand.errors import StoreRefused
from evenhand.stores.sql.database import SCHEMA, Database

LATEST: Final = "0001"
"""The revision that this version reads and writes."""

_LOCK: Final = 0x6576656E68616E64
"""PostgreSQL's advisory lock under which migrations run: the letters of `evenhand`."""


def migrate(database: Database) -> None:
    """Create the tables, or change those of an earlier version; nothing where they are as they should be.

    Raises `StoreRefused` for a database that a later version has written.
    """
    with database.reading() as connection:
        found = _revision(connection)
    if found == LATEST:
        return
    if found is not None and found > LATEST:
        raise StoreRefused(
            f"the store is at revision {found}, this version knows {LATEST}", hint="use the version that wrote it"
        )
    database.write(_upgrade)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("select version_num from alembic_version"))
    return found


def _upgrade(connection: Connection) -> None:
    """Under a lock, so that of several who open a new store one makes it and the others find it made."""
    from alembic import command
    from alembic.config import Config

    if connection.dialect.name == "postgresql":
        connection.execute(select(text(f"pg_advisory_xact_lock({_LOCK})")))
        connection.execute(text(f"create schema if not exists {SCHEMA}"))
    if _revision(connection) == LATEST:
        return
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
