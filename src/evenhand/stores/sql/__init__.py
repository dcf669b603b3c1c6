"""The store in a database: SQLAlchemy Core, the same statements for SQLite and PostgreSQL."""
