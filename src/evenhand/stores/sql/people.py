"""People in a database."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NoReturn

from sqlalchemy import Connection, delete, insert, select, update

from evenhand.decisions.case.kept import Person, Role
from evenhand.errors import StoreRefused
from evenhand.stores import passphrase as passphrases
from evenhand.stores.sql.database import Database
from evenhand.stores.sql.tables import people, roles


class SqlPeople:
    """The part `People` of the port; what each method promises stands there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_person(self, name: str, roles: Collection[Role], passphrase: str, now: datetime) -> None:
        """The hash is reckoned before the transaction begins: it takes long on purpose."""
        row = {"name": name, "passphrase": passphrases.hashed(passphrase), "added_at": now}

        def add(connection: Connection) -> None:
            if connection.scalar(select(people.c.name).where(people.c.name == name)):
                raise StoreRefused("the name is taken", where=name, hint="every person has a name of their own")
            connection.execute(insert(people), row)
            _write_roles(connection, name, roles)

        self._database.write(add)

    def set_roles(self, name: str, roles: Collection[Role]) -> None:
        """All at once."""

        def replace(connection: Connection) -> None:
            if not connection.scalar(select(people.c.name).where(people.c.name == name)):
                _nobody(name)
            _write_roles(connection, name, roles)

        self._database.write(replace)

    def disable_person(self, name: str, now: datetime) -> None:
        """The first time stays."""

        def disable(connection: Connection) -> None:
            if not connection.scalar(select(people.c.name).where(people.c.name == name)):
                _nobody(name)
            connection.execute(
                update(people).where(people.c.name == name, people.c.disabled_at.is_(None)).values(disabled_at=now)
            )

        self._database.write(disable)

    def authenticate(self, name: str, passphrase: str) -> Person:
        """The same refusal whatever is wrong, so that nobody learns who is on record."""
        with self._database.reading() as connection:
            kept = connection.scalar(select(people.c.passphrase).where(people.c.name == name))
            person = next(iter(_people(connection, name)), None)
        if not passphrases.matches(kept, passphrase) or person is None or person.disabled_at is not None:
            raise StoreRefused("no such person with this passphrase", where=name, hint="or they may act no longer")
        return person

    def people(self) -> Sequence[Person]:
        """With their roles."""
        with self._database.reading() as connection:
            return _people(connection)


def _people(connection: Connection, name: str | None = None) -> Sequence[Person]:
    wanted = select(people.c.name, people.c.added_at, people.c.disabled_at).order_by(people.c.name)
    if name is not None:
        wanted = wanted.where(people.c.name == name)
    held: dict[str, set[Any]] = {}
    for row in connection.execute(select(roles)):
        held.setdefault(row.name, set()).add(row.role)
    return [Person(**row, roles=frozenset(held.get(row["name"], ()))) for row in connection.execute(wanted).mappings()]


def _write_roles(connection: Connection, name: str, held: Collection[Role]) -> None:
    connection.execute(delete(roles).where(roles.c.name == name))
    if held:
        connection.execute(insert(roles), [{"name": name, "role": role} for role in sorted(set(held))])


def _nobody(name: str) -> NoReturn:
    raise StoreRefused("nobody of this name is on record", where=name, hint="add them first")
