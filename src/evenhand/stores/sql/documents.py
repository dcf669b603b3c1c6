"""Policies and files in a database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, or_, select, text

from evenhand.decisions.case.kept import Attachment, PublishedPolicy
from evenhand.stores.audit.chain import FIRST, Rule, link, rule
from evenhand.stores.documents import attachment_place, refuse_other_text, refuse_without_key
from evenhand.stores.seal import seal, unseal
from evenhand.stores.sql.database import Database
from evenhand.stores.sql.keys import keys, keys_for_writing
from evenhand.stores.sql.tables import attachments, policies


class SqlDocuments:
    """The part `Documents` of the port; what each method promises stands there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put_policy(self, policy: PublishedPolicy) -> None:
        """Known by its hash, or by name and version."""
        row = {**asdict(policy), "published_by": json.dumps(policy.published_by)}
        same = or_(
            policies.c.hash == policy.hash,
            (policies.c.name == policy.name) & (policies.c.version == policy.version),
        )

        def put(connection: Connection) -> None:
            if connection.dialect.name == "postgresql":
                connection.execute(text("lock table policies in exclusive mode"))
            known = connection.execute(select(policies).where(same)).mappings().first()
            if known is None:
                last = rules(connection)[-1:]
                number = last[0].number + 1 if last else 1
                linked = link(last[0].hash if last else FIRST, rule(number, policy, b"").text)
                connection.execute(insert(policies), {**row, "number": number, "link": linked})
            else:
                refuse_other_text(_policy(known), policy)

        self._database.write(put)

    def policy(self, policy_hash: str) -> PublishedPolicy | None:
        """By its hash."""
        with self._database.reading() as connection:
            row = connection.execute(select(policies).where(policies.c.hash == policy_hash)).mappings().first()
        return _policy(row) if row else None

    def policies(self) -> Sequence[PublishedPolicy]:
        """In the order in which they were put."""
        wanted = select(policies).order_by(policies.c.number)
        with self._database.reading() as connection:
            return [_policy(row) for row in connection.execute(wanted).mappings()]

    def attach(self, account_id: str, content: bytes, media_type: str, now: datetime) -> str:
        """Known by the hash of what it says, kept as ciphertext."""
        sha256 = hashlib.sha256(content).hexdigest()

        def keep(connection: Connection) -> str:
            if connection.scalar(_wanted(account_id, sha256, attachments.c.sha256)):
                return sha256
            key = keys_for_writing(connection, [account_id])[account_id] or refuse_without_key(account_id)
            connection.execute(
                insert(attachments),
                {
                    "account_id": account_id,
                    "sha256": sha256,
                    "media_type": media_type,
                    "content": seal(key, content, attachment_place(account_id, sha256)),
                    "added_at": now,
                },
            )
            return sha256

        return self._database.write(keep)

    def attachment(self, account_id: str, sha256: str) -> Attachment | None:
        """Opened with the key of the account."""
        with self._database.reading() as connection:
            row = connection.execute(
                _wanted(account_id, sha256, attachments.c.media_type, attachments.c.content)
            ).first()
            key = keys(connection, [account_id]).get(account_id)
        if row is None or key is None:
            return None
        content = unseal(key, row.content, attachment_place(account_id, sha256))
        return Attachment(sha256=sha256, media_type=row.media_type, content=content)


def rules(connection: Connection) -> Sequence[Rule]:
    """Every policy as it is kept, in the order in which they were put."""
    rows = connection.execute(select(policies).order_by(policies.c.number)).mappings()
    return [rule(row["number"], _policy(row), row["link"]) for row in rows]


def _wanted(account_id: str, sha256: str, *columns: Any) -> Any:
    return select(*columns).where(attachments.c.account_id == account_id, attachments.c.sha256 == sha256)


def _policy(row: RowMapping) -> PublishedPolicy:
    given = {name: row[name] for name in row if name not in {"number", "link"}}
    return PublishedPolicy(**{**given, "published_by": tuple(json.loads(row["published_by"]))})
