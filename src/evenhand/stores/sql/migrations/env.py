"""What Alembic runs: the migrations, in the transaction that it was handed."""

from alembic import context

from evenhand.stores.sql.tables import metadata

if hasattr(context, "config"):  # to whoever else imports this file, Alembic lends no context
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        render_as_batch=True,  # SQLite changes a table by copying it
    )
    context.run_migrations()
