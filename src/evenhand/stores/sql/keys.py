"""The keys of accounts: made when something personal is first kept, destroyed when the account is erased."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, Select, select, update
from sqlalchemy.dialects import postgresql, sqlite

from evenhand.stores.seal import new_key
from evenhand.stores.sql.tables import seals


def keys(connection: Connection, accounts: Collection[str]) -> Mapping[str, bytes | None]:
    """The keys of those accounts that have one, or had: None for an erased one."""
    return _found(connection, _wanted(accounts)) if accounts else {}


def keys_for_writing(connection: Connection, accounts: Collection[str]) -> Mapping[str, bytes | None]:
    """As `keys`, with a new key for each account that never had one; writers of the same account agree on one.

    Whoever erases one of these accounts waits until this transaction is over, and the other way round.
    """
    if not accounts:
        return {}
    wanted = _wanted(accounts).with_for_update(read=True)
    known = _found(connection, wanted)
    fresh = sorted(set(accounts) - set(known))
    if not fresh:
        return known
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(
        insert(seals).on_conflict_do_nothing(), [{"account_id": account, "key": new_key()} for account in fresh]
    )
    return _found(connection, wanted)


def _wanted(accounts: Collection[str]) -> Select[str, bytes]:
    of = seals.c.account_id.in_(sorted(accounts))
    return select(seals.c.account_id, seals.c.key).where(of).order_by(seals.c.account_id)


def _found(connection: Connection, wanted: Select[str, bytes]) -> Mapping[str, bytes | None]:
    return dict(connection.execute(wanted).all())


def destroy_key(connection: Connection, account_id: str, now: datetime) -> None:
    """Leave nothing of the account's key but the time at which it was destroyed."""
    keys_for_writing(connection, [account_id])
    connection.execute(
        update(seals).where(seals.c.account_id == account_id, seals.c.key.is_not(None)).values(key=None, erased_at=now)
    )
