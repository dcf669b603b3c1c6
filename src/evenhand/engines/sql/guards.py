"""Guarding groups: the SQL files of the guards in their order."""

from __future__ import annotations

from evenhand.engines.sql.database import Connection
from evenhand.engines.sql.statements import run
from evenhand.engines.sql.terms import make_terms
from evenhand.evidence.activity.guards import statement
from evenhand.evidence.activity.guards.rule import GroupGuard, null_term, shown
from evenhand.evidence.activity.question import Question
from evenhand.evidence.statements import Value


def guard(con: Connection, question: Question, values: dict[str, Value]) -> tuple[GroupGuard, ...]:
    """Fill `group_held` and `held_groups` of `evidence`; what is to be shown of each group comes back."""
    if not question.guards.attributes:
        return ()
    told = {**values, **statement.values(question.guards)}
    run(con, "activity/guards/guards.sql", told)
    suspects = statement.suspects_sql(question.guards, question.log_es)
    con.execute(f"create or replace temp table guard_suspects as {suspects}")
    run(con, "activity/guards/left_out.sql", told)
    make_terms(con, statement.ODDS, "guard_terms", {"at_null": (null_term, statement.null_column())})
    con.execute(f"create or replace temp table guard_sums as {statement.sums_sql()}")
    con.execute(f"create or replace temp table guard_scores as {statement.scores_sql()}")
    con.execute(
        "create or replace temp table held as select account, list(name order by name) as names "
        f"from ({statement.held_sql(question.guards)}) as guarded group by account"
    )
    con.execute(
        "create or replace temp table evidence as select * exclude (names) replace "
        "(names is not null as group_held, coalesce(names, []::varchar[]) as held_groups) "
        "from (select e.*, h.names from evidence as e left join held as h on h.account = e.account) as guarded"
    )
    return shown(con.execute(statement.groups_sql()).fetchall(), question.guards)
