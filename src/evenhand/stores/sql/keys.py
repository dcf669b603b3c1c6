"""The keys of accounts: made when something personal is first kept, destroyed when the account is erased."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from evenhand.stores.seal import new_key
from evenhand.stores.sql.tables import seals


def keys(connection: Connection, accounts: Collection[str]) -> Mapping[str, bytes | None]:
    """The keys of those accounts that have one, or had: None for an erased one."""
    if not accounts:
        return {}
    found = connection.execute(select(seals.c.account_id, seals.c.key).where(seals.c.account_id.in_(sorted(accounts))))
    return {row.account_id: row.key for row in found}


def keys_for_writing(connection: Connection, accounts: Collection[str]) -> Mapping[str, bytes | None]:
    """As `keys`, with a new key for each account that never had one; writers of the same account agree on one."""
    known = keys(connection, accounts)
    fresh = sorted(set(accounts) - set(known))
    if not fresh:
        return known
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(
        insert(seals).on_conflict_do_nothing(), [{"account_id": account, "key": new_key()} for account in fresh]
    )
    return {**known, **keys(connection, fresh)}


def destroy_key(connection: Connection, account_id: str, now: datetime) -> None:
    """Leave nothing of the account's key but the time at which it was destroyed."""
    keys_for_writing(connection, [account_id])
    connection.execute(
        update(seals).where(seals.c.account_id == account_id, seals.c.key.is_not(None)).values(key=None, erased_at=now)
    )
