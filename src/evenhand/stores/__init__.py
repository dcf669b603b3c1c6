"""Where cases are kept: SQLite by default, PostgreSQL for teams, memory for tests and rehearsals."""
