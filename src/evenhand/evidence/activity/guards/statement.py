"""The reckoning of `rule.py` as SQL: groups as a whole (unit 0), and without single units (`left_out.sql`)."""

from __future__ import annotations

import math
from collections.abc import Iterable

from evenhand.evidence.activity.grid import SCALE
from evenhand.evidence.activity.guards.rule import LOG_NULL, NULL, Guards
from evenhand.evidence.activity.guards.rule import POINTS as BELOW
from evenhand.evidence.activity.statement import POINTS, calibration_sql

ODDS = "(select odds from guard_tally union select odds from guard_changes)"
"""Every distinct fair odds of a group for which terms are needed."""


def values(guards: Guards) -> dict[str, int | bool]:
    """What the files of this folder want to be told."""
    wanted = {f"by_{attribute}": attribute in guards.attributes for attribute in ("country", "category", "language")}
    return {
        **wanted,
        "by_tenure": "tenure" in guards.attributes,
        "least_others": guards.least_others,
        "most_units": guards.most_units,
        "most_jobs": guards.most_jobs,
    }


def suspects_sql(guards: Guards, log_es: Iterable[str]) -> str:
    """Statement for the units with an account of which one of the columns `log_es` says `suspect` or more."""
    line = f"{math.log(guards.suspect)!r}e0"
    reached = " or ".join(f"e.{column} >= {line}" for column in log_es)
    return f"select distinct a.unit from evidence as e join seen_accounts as a on a.account = e.account where {reached}"


def sums_sql() -> str:
    """Statement for the sums of every group, and of every group without each suspect unit that contributes to it.

    Sums over a whole market outgrow 64 bits, so they are decimals without a fraction.
    """
    columns = ("wins", "share", *(f"b{k}" for k in POINTS), "at_null")
    terms = {name: f"t.units * cast(o.{name} as decimal(38, 0))" for name in columns[1:]}
    counts = {name: f"cast(t.{of} as decimal(38, 0))" for name, of in (("decided", "units"), ("wins", "wins"))}
    added = ", ".join(f"coalesce(sum({one}), 0) as {name}" for name, one in (counts | terms).items())
    both = ", ".join(f"w.{name} + c.{name} as {name}" for name in ("decided", *columns))
    return f"""
        with whole as (
          select g.grp, {added} from guard_groups as g left join guard_tally as t on t.grp = g.grp
          left join guard_terms as o on o.odds = t.odds group by g.grp
        ), changed as (
          select t.unit, t.grp, {added}
          from guard_changes as t join guard_terms as o on o.odds = t.odds group by t.unit, t.grp
        )
        select 0 as unit, w.grp, w.decided, {", ".join(f"w.{name}" for name in columns)} from whole as w
        union all
        select c.unit, c.grp, {both} from changed as c join whole as w on w.grp = c.grp"""


def scores_sql() -> str:
    """Statement for `log_e` and `odds_ratio` of every row of `guard_sums`."""
    return calibration_sql("guard_sums", ("unit", "grp"), below=BELOW, log_null=LOG_NULL)


def null_column() -> str:
    """The term of the null itself, as SQL over `odds`: `rule.null_term`."""
    return f"round(ln(1 + {NULL!r}e0 * odds) * {SCALE})::bigint as at_null"


def groups_sql() -> str:
    """Statement for what is shown of each group, sorted by name."""
    return f"""
        select g.name, g.members, s.decided::bigint, s.share::double / {SCALE}, s.wins::bigint, s.odds_ratio, s.log_e
        from guard_scores as s join guard_groups as g on g.grp = s.grp where s.unit = 0 order by g.name"""


def held_sql(guards: Guards) -> str:
    """Statement for every account with each group that is held for it: without its own unit where that is reckoned."""
    fires = f"{math.log(guards.line)!r}e0"
    return f"""
        select a.account, g.name
        from (
          select unit, country as grp from guard_accounts union select unit, category from guard_accounts
          union select unit, language from guard_accounts union select unit, tenure from guard_accounts
        ) as m
        join guard_groups as g on g.grp = m.grp
        join guard_scores as w on w.grp = g.grp and w.unit = 0
        left join guard_scores as o on o.grp = g.grp and o.unit = m.unit
        join seen_accounts as a on a.unit = m.unit
        where coalesce(o.log_e, w.log_e) >= {fires}"""
