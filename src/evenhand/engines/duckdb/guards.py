"""Guarding groups on DuckDB: the SQL files of the guards in their order."""

from __future__ import annotations

import duckdb

from evenhand.engines.duckdb.terms import make_terms
from evenhand.evidence.activity.guards import statement
from evenhand.evidence.activity.guards.rule import GroupGuard, null_term, shown
from evenhand.evidence.activity.question import Question
from evenhand.evidence.statements import Value, statements


def guard(con: duckdb.DuckDBPyConnection, question: Question, values: dict[str, Value]) -> tuple[GroupGuard, ...]:
    """Fill `group_held` and `held_groups` of `evidence`; what is to be shown of each group comes back."""
    if not question.guards.attributes:
        return ()
    told = {**values, **statement.values(question.guards)}
    _run(con, "activity/guards/guards.sql", told)
    suspects = statement.suspects_sql(question.guards, question.log_es)
    con.execute(f"create or replace temp table guard_suspects as {suspects}")
    _run(con, "activity/guards/left_out.sql", told)
    make_terms(con, statement.ODDS, "guard_terms", {"at_null": (null_term, statement.null_column())})
    con.execute(f"create or replace temp table guard_sums as {statement.sums_sql()}")
    con.execute(f"create or replace temp table guard_scores as {statement.scores_sql()}")
    con.execute(
        "update evidence set group_held = true, held_groups = h.names from ("
        "select account, list(name order by name) as names "
        f"from ({statement.held_sql(question.guards)}) group by account) as h where h.account = evidence.account"
    )
    return shown(con.execute(statement.groups_sql()).fetchall(), question.guards)


def _run(con: duckdb.DuckDBPyConnection, path: str, values: dict[str, Value]) -> None:
    for text in statements(path, values):
        con.execute(text)
