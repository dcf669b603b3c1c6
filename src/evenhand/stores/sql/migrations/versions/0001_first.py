"""The first tables, and the rules that the database itself holds."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

OPEN = sa.text("NOT closed")


def upgrade() -> None:
    """Create everything."""
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    _cases()
    _entries(big)
    _queues(big)
    _people()
    _documents()
    _checkpoints(big)
    for statement in _rules(op.get_bind().dialect.name):
        op.execute(sa.text(statement.replace(":", "\\:")))


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("procedure", sa.Text, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("opened_at", sa.DateTime, nullable=False),
        sa.Column("due_at", sa.DateTime),
        sa.Column("precedence", sa.BigInteger, nullable=False),
        sa.Column("closed", sa.Boolean, nullable=False),
        sa.Column("entries", sa.Integer, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_cases"),
    )
    _partial("uq_cases_open", "cases", ["account_id", "procedure"], OPEN, unique=True)
    op.create_index("ix_cases_account", "cases", ["account_id", "opened_at"])
    op.create_index("ix_cases_procedure", "cases", ["procedure", "case_id"])
    op.create_index("ix_cases_queue", "cases", ["stage", "precedence", "opened_at", "case_id"])
    _partial("ix_cases_due", "cases", ["due_at", "case_id"], sa.text("due_at IS NOT NULL"))


def _entries(big: sa.types.TypeEngine[int]) -> None:
    op.create_table(
        "entries",
        sa.Column("sequence", big, sa.Identity(always=True), nullable=False),
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_entries"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name="fk_entries_case_id"),
        sa.UniqueConstraint("case_id", "number", name="uq_entries_case_id_number"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_entries_kind", "entries", ["kind", "sequence"])


def _queues(big: sa.types.TypeEngine[int]) -> None:
    op.create_table(
        "messages",
        sa.Column("sequence", big, sa.Identity(always=True), nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("notice", sa.LargeBinary, nullable=False),
        sa.Column("next_at", sa.DateTime, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("settled_at", sa.DateTime),
        sa.Column("outcome", sa.Text),
        sa.PrimaryKeyConstraint("sequence", name="pk_messages"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name="fk_messages_case_id"),
        sa.UniqueConstraint("id", name="uq_messages_id"),
    )
    op.create_index("ix_messages_case_id", "messages", ["case_id"])
    op.create_index("ix_messages_recipient", "messages", ["recipient"])
    _partial("ix_messages_waiting", "messages", ["next_at"], sa.text("settled_at IS NULL"))
    op.create_table(
        "effects",
        sa.Column("sequence", big, sa.Identity(always=True), nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("undoes", sa.Text),
        sa.Column("next_at", sa.DateTime, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("settled_at", sa.DateTime),
        sa.Column("withdrawn_at", sa.DateTime),
        sa.PrimaryKeyConstraint("sequence", name="pk_effects"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name="fk_effects_case_id"),
        sa.UniqueConstraint("id", name="uq_effects_id"),
        sa.ForeignKeyConstraint(["undoes"], ["effects.id"], name="fk_effects_undoes"),
        sa.UniqueConstraint("undoes", name="uq_effects_undoes"),
    )
    op.create_index("ix_effects_case_id", "effects", ["case_id"])
    _partial(
        "ix_effects_waiting",
        "effects",
        ["next_at"],
        sa.text("settled_at IS NULL AND (withdrawn_at IS NULL OR attempts > 0)"),
    )


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("passphrase", sa.Text, nullable=False),
        sa.Column("added_at", sa.DateTime, nullable=False),
        sa.Column("disabled_at", sa.DateTime),
        sa.PrimaryKeyConstraint("name", name="pk_people"),
    )
    op.create_table(
        "roles",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", "role", name="pk_roles"),
        sa.ForeignKeyConstraint(["name"], ["people.name"], name="fk_roles_name"),
    )


def _documents() -> None:
    op.create_table(
        "seals",
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("key", sa.LargeBinary),
        sa.Column("erased_at", sa.DateTime),
        sa.PrimaryKeyConstraint("account_id", name="pk_seals"),
    )
    op.create_table(
        "attachments",
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("added_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "sha256", name="pk_attachments"),
    )
    op.create_table(
        "policies",
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("procedure", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("dry_run", sa.Text, nullable=False),
        sa.Column("published_by", sa.Text, nullable=False),
        sa.Column("published_at", sa.DateTime, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("link", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_policies"),
        sa.UniqueConstraint("number", name="uq_policies_number"),
        sa.UniqueConstraint("name", "version", name="uq_policies_name_version"),
    )


def _checkpoints(big: sa.types.TypeEngine[int]) -> None:
    op.create_table(
        "checkpoints",
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("size", big, nullable=False),
        sa.Column("upto", big, nullable=False),
        sa.Column("root", sa.Text, nullable=False),
        sa.Column("policies", sa.Integer, nullable=False),
        sa.Column("policies_hash", sa.Text, nullable=False),
        sa.Column("previous", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("signature", sa.Text, nullable=False),
        sa.Column("peaks", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_checkpoints"),
    )


def _partial(name: str, table: str, columns: list[str], where: sa.TextClause, *, unique: bool = False) -> None:
    op.create_index(name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where)


def _rules(dialect: str) -> list[str]:
    """The triggers of this revision; blank lines part the statements."""
    script = (Path(__file__).parent / f"0001_{dialect}.sql").read_text(encoding="utf-8")
    return [part for part in script.split("\n\n") if not all(line.startswith("--") for line in part.splitlines())]
