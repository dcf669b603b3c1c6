"""The tables. They are made by the migrations; a test holds the two together on both databases."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    and_,
    not_,
    or_,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)

Big = BigInteger().with_variant(Integer(), "sqlite")
"""A number without end; SQLite counts in its plain integers alone."""

cases = Table(
    "cases",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("account_id", Text, nullable=False),
    Column("procedure", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("opened_at", DateTime, nullable=False),
    Column("due_at", DateTime),
    Column("precedence", BigInteger, nullable=False),
    Column("closed", Boolean, nullable=False),
    Column("entries", Integer, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)
"""A head per case: a cache beside its entries. `precedence` is the urgency with its sign turned, so that the queue is
read in one direction; `closed` says whether an entry has closed it, `entries` and `hash` are of the last one."""

Index(
    "uq_cases_open",
    cases.c.account_id,
    cases.c.procedure,
    unique=True,
    sqlite_where=not_(cases.c.closed),
    postgresql_where=not_(cases.c.closed),
)
Index("ix_cases_account", cases.c.account_id, cases.c.opened_at)
Index("ix_cases_procedure", cases.c.procedure, cases.c.case_id)
Index("ix_cases_queue", cases.c.stage, cases.c.precedence, cases.c.opened_at, cases.c.case_id)
Index(
    "ix_cases_due",
    cases.c.due_at,
    cases.c.case_id,
    sqlite_where=cases.c.due_at.is_not(None),
    postgresql_where=cases.c.due_at.is_not(None),
)

entries = Table(
    "entries",
    metadata,
    Column("sequence", Big, Identity(always=True), primary_key=True),
    Column("case_id", Text, ForeignKey("cases.case_id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", DateTime, nullable=False),
    Column("kind", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    UniqueConstraint("case_id", "number"),
    sqlite_autoincrement=True,
)
"""The log itself. `body` is text and not JSON of the database's own, because its bytes are hashed."""

Index("ix_entries_kind", entries.c.kind, entries.c.sequence)

messages = Table(
    "messages",
    metadata,
    Column("sequence", Big, Identity(always=True), primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("case_id", Text, ForeignKey("cases.case_id"), nullable=False, index=True),
    Column("recipient", Text, nullable=False, index=True),
    Column("notice", LargeBinary, nullable=False),
    Column("next_at", DateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("settled_at", DateTime),
    Column("outcome", Text),
)
"""The outbox. `next_at` is when somebody may take it: at once, when a lease runs out, or when it was put off to."""

effects = Table(
    "effects",
    metadata,
    Column("sequence", Big, Identity(always=True), primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("case_id", Text, ForeignKey("cases.case_id"), nullable=False, index=True),
    Column("account_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("undoes", Text, ForeignKey("effects.id"), unique=True),
    Column("next_at", DateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("settled_at", DateTime),
    Column("withdrawn_at", DateTime),
)
"""What the marketplace is to do; settled when it has acknowledged."""

for queue, waiting in (
    (messages, messages.c.settled_at.is_(None)),
    (
        effects,
        and_(effects.c.settled_at.is_(None), or_(effects.c.withdrawn_at.is_(None), effects.c.attempts > 0)),
    ),
):
    Index(f"ix_{queue.name}_waiting", queue.c.next_at, sqlite_where=waiting, postgresql_where=waiting)

people = Table(
    "people",
    metadata,
    Column("name", Text, primary_key=True),
    Column("passphrase", Text, nullable=False),
    Column("added_at", DateTime, nullable=False),
    Column("disabled_at", DateTime),
)

roles = Table(
    "roles",
    metadata,
    Column("name", Text, ForeignKey("people.name"), primary_key=True),
    Column("role", Text, primary_key=True),
)

seals = Table(
    "seals",
    metadata,
    Column("account_id", Text, primary_key=True),
    Column("key", LargeBinary),
    Column("erased_at", DateTime),
)
"""A key per account; none any more once it was erased."""

attachments = Table(
    "attachments",
    metadata,
    Column("account_id", Text, primary_key=True),
    Column("sha256", Text, primary_key=True),
    Column("media_type", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("added_at", DateTime, nullable=False),
)
"""Files, sealed under the key of their account."""

policies = Table(
    "policies",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("procedure", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("dry_run", Text, nullable=False),
    Column("published_by", Text, nullable=False),
    Column("published_at", DateTime, nullable=False),
    Column("number", Integer, nullable=False, unique=True),
    Column("link", LargeBinary, nullable=False),
    UniqueConstraint("name", "version"),
)
"""`number` is the place of a policy among all, `link` its hash together with that of the one before it."""

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", DateTime, nullable=False),
    Column("size", Big, nullable=False),
    Column("upto", Big, nullable=False),
    Column("root", Text, nullable=False),
    Column("policies", Integer, nullable=False),
    Column("policies_hash", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("signature", Text, nullable=False),
    Column("peaks", LargeBinary, nullable=False),
)
"""`peaks` are the roots of the tree's perfect subtrees, from which the next checkpoint grows it."""
