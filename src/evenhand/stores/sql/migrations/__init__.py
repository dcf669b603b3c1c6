"""The migrations that the package carries, as Alembic wants them laid out."""
