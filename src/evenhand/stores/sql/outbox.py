"""Messages and effects in a database: one way of leasing for both."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, exists, insert, or_, select, update

from evenhand.decisions.case.entry import CaseHead, EffectEvent, Message, Moves
from evenhand.decisions.case.kept import ClaimedEffect, ClaimedMessage, Outcome, SentMessage
from evenhand.errors import StoreRefused
from evenhand.policy.conditions.reasons import Json
from evenhand.stores.audit.chain import canonical
from evenhand.stores.entries import Act
from evenhand.stores.seal import seal, unseal
from evenhand.stores.sql.database import Database
from evenhand.stores.sql.keys import keys
from evenhand.stores.sql.tables import effects, messages


class SqlOutbox:
    """The part `Outbox` of the port; what each method promises stands there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim_messages(self, now: datetime, lease: timedelta, limit: int) -> Sequence[ClaimedMessage]:
        """Taken and opened in one transaction."""

        def claim(connection: Connection) -> Sequence[ClaimedMessage]:
            rows = _claim(connection, messages, messages.c.settled_at.is_(None), now, lease, limit)
            found = _messages(connection, rows)
            return [ClaimedMessage(message=m, attempt=row["attempts"]) for m, row in zip(found, rows, strict=True)]

        return self._database.write(claim)

    def put_off_message(self, message_id: str, attempt: int, until: datetime) -> bool:
        """By the number of the attempt, so that no late worker takes another's lease away."""
        return self._put_off(messages, message_id, attempt, until)

    def settle_message(self, message_id: str, now: datetime, outcome: Outcome) -> bool:
        """The first answer stays."""
        return self._settle(messages, message_id, {"settled_at": now, "outcome": outcome})

    def messages(self, case_id: str) -> Sequence[SentMessage]:
        """In the order in which they were added."""
        wanted = select(messages).where(messages.c.case_id == case_id).order_by(messages.c.sequence)
        with self._database.reading() as connection:
            rows = connection.execute(wanted).mappings().all()
            return [
                SentMessage(
                    message=message, attempts=row["attempts"], settled_at=row["settled_at"], outcome=row["outcome"]
                )
                for message, row in zip(_messages(connection, rows), rows, strict=True)
            ]

    def claim_effects(self, now: datetime, lease: timedelta, limit: int) -> Sequence[ClaimedEffect]:
        """What undoes another waits for it."""
        undone = effects.alias("undone")
        acknowledged = exists().where(undone.c.id == effects.c.undoes, undone.c.settled_at.is_not(None))
        waiting = (
            effects.c.settled_at.is_(None)
            & or_(effects.c.withdrawn_at.is_(None), effects.c.attempts > 0)
            & or_(effects.c.undoes.is_(None), acknowledged)
        )
        rows = self._database.write(lambda connection: _claim(connection, effects, waiting, now, lease, limit))
        return [
            ClaimedEffect(effect=_effect(row), attempt=row["attempts"], withdrawn=row["withdrawn_at"] is not None)
            for row in rows
        ]

    def put_off_effect(self, effect_id: str, attempt: int, until: datetime) -> bool:
        """As `put_off_message`."""
        return self._put_off(effects, effect_id, attempt, until)

    def acknowledge_effect(self, effect_id: str, now: datetime) -> bool:
        """The first answer stays."""
        return self._settle(effects, effect_id, {"settled_at": now})

    def _put_off(self, table: Table, item: str, attempt: int, until: datetime) -> bool:
        statement = (
            update(table)
            .where(table.c.id == item, table.c.attempts == attempt, table.c.settled_at.is_(None))
            .values(next_at=until)
        )
        return self._database.write(lambda connection: connection.execute(statement).rowcount == 1)

    def _settle(self, table: Table, item: str, values: Mapping[str, object]) -> bool:
        statement = update(table).where(table.c.id == item, table.c.settled_at.is_(None)).values(values)
        return self._database.write(lambda connection: connection.execute(statement).rowcount == 1)


def add(connection: Connection, acts: Sequence[Act], sealing: Mapping[str, bytes | None]) -> None:
    """Put on their way what these acts send and effect, and withdraw what they withdraw."""
    notices = [_message_row(m, moves, head, sealing) for moves, head in acts for m in moves.messages]
    if notices:
        connection.execute(insert(messages), notices)
    events = [_effect_row(e, moves, head) for moves, head in acts for e in moves.effects]
    if events:
        connection.execute(insert(effects), events)
    for moves, _ in acts:
        if moves.withdrawn:
            gone = update(effects).where(effects.c.id.in_(moves.withdrawn), effects.c.withdrawn_at.is_(None))
            connection.execute(gone.values(withdrawn_at=moves.entries[-1].at))


def _claim(
    connection: Connection, table: Table, waiting: ColumnElement[bool], now: datetime, lease: timedelta, limit: int
) -> Sequence[RowMapping]:
    """One statement: rows that another claims at this moment are passed over (SQLite has one writer and needs not)."""
    picked = (
        select(table.c.sequence)
        .where(waiting, table.c.next_at <= now)
        .order_by(table.c.next_at, table.c.sequence)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("picked")
    )
    statement = (
        update(table)
        .where(table.c.sequence == picked.c.sequence)
        .values(next_at=now + lease, attempts=table.c.attempts + 1)
        .returning(table)
    )
    return sorted(connection.execute(statement).mappings().all(), key=lambda row: int(row["sequence"]))


def _message_row(
    message: Message, moves: Moves, head: CaseHead, sealing: Mapping[str, bytes | None]
) -> dict[str, object]:
    key = sealing.get(message.recipient)
    if key is None:
        raise StoreRefused("a notice to an account that was erased", where=message.id, hint="nobody could read it")
    return {
        "id": message.id,
        "case_id": head.case_id,
        "recipient": message.recipient,
        "notice": seal(key, canonical(message.notice).encode(), message.id),
        "next_at": moves.entries[-1].at,
        "attempts": 0,
    }


def _effect_row(effect: EffectEvent, moves: Moves, head: CaseHead) -> dict[str, object]:
    return {
        "id": effect.id,
        "case_id": head.case_id,
        "account_id": effect.account_id,
        "name": effect.name,
        "value": json.dumps(effect.value),
        "undoes": effect.undoes,
        "next_at": moves.entries[-1].at,
        "attempts": 0,
    }


def _messages(connection: Connection, rows: Sequence[RowMapping]) -> list[Message]:
    """The messages of these rows; the notice of an erased account is empty."""
    sealing = keys(connection, {row["recipient"] for row in rows})
    return [
        Message(id=row["id"], recipient=row["recipient"], notice=_notice(row, sealing.get(row["recipient"])))
        for row in rows
    ]


def _notice(row: RowMapping, key: bytes | None) -> Mapping[str, Json]:
    notice: Mapping[str, Json] = json.loads(unseal(key, row["notice"], row["id"])) if key else {}
    return notice


def _effect(row: RowMapping) -> EffectEvent:
    value: Any = json.loads(row["value"])
    return EffectEvent(id=row["id"], account_id=row["account_id"], name=row["name"], value=value, undoes=row["undoes"])
