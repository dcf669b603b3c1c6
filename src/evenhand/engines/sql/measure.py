"""Measuring in SQL: the SQL files of the evidence in their order, and the few values that lie between them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pyarrow as pa

from evenhand.engines.sql.database import Connection
from evenhand.engines.sql.guards import guard
from evenhand.engines.sql.statements import run
from evenhand.engines.sql.terms import make_terms
from evenhand.evidence.activity import restart, review
from evenhand.evidence.activity.exclusion import excluded_sql
from evenhand.evidence.activity.fitted import FairShares, check_recorded
from evenhand.evidence.activity.grid import ENOUGH, LARGEST_ODDS
from evenhand.evidence.activity.question import Measured, Question
from evenhand.evidence.activity.statement import POINTS, below_sql, evidence_sql, met_sql, scores_sql, sums_sql
from evenhand.evidence.statements import Piece, Value, literal
from evenhand.market.table import EARLIEST


def measure(con: Connection, question: Question) -> tuple[Measured, dict[str, Value]]:
    """Fill the temporary tables from `seen_accounts` to `evidence` and `met`; the values written in come back too."""
    con.execute("create or replace temp table episodes (account integer, evidence_from timestamp)")
    fill(con, "episodes", question.episodes.items())
    con.execute("create or replace temp table openings (account integer, step varchar, since timestamp)")
    fill(con, "openings", [(o.account_id, o.step, o.since) for o in question.openings])
    values, shares = run_activity(con, question)
    make_terms(con, "odds", "terms")
    score(con, question)
    prioritise(con, question)
    run(con, "account/account.sql", values)
    con.execute(
        f"create or replace temp table evidence as "
        f"{evidence_sql(question.floor, question.floors, shortlists=bool(values['shortlists']))}"
    )
    con.execute(f"create or replace temp table met as {met_sql(question.floor, shortlists=bool(values['shortlists']))}")
    guards = guard(con, question, values)
    return replace(_measured(con, question, values), guards=guards, fair_shares=shares), values


def run_activity(con: Connection, question: Question) -> tuple[dict[str, Value], FairShares | None]:
    """Run the statements up to `counted` and `odds`; returns the values written into them, and how a fit came out.

    Raises `RunRefused` where the field is a list and the market does not record it, or not what was read of it.
    """
    values: dict[str, Value] = {
        "as_of": question.as_of,
        "settle_days": question.settle_days,
        "evidence_from": question.evidence_from or EARLIEST,
        "largest_odds": LARGEST_ODDS,
        "every_job": question.every_job,
    }
    run(con, "seen.sql", values)
    views, shortlists = (
        bool(
            con.execute(f"select 1 from seen_proposals where {column} <= {literal(question.as_of)} limit 1").fetchall()
        )
        for column in ("viewed_at", "interviewed_at")
    )
    if question.impressions:
        ranks = con.execute("select 1 from seen_proposals where shown_rank > 0 limit 1").fetchall()
        check_recorded(ranks=bool(ranks), views=views)
    values |= {"views": views, "shortlists": shortlists, **_field_values(question)}
    con.execute(f"create or replace temp table excluded_jobs as {excluded_sql(question.exclude_jobs)}")
    run(con, "activity/field.sql", values)
    shares = None
    if question.controls:
        from evenhand.engines.sql.fair_share import fit  # NumPy, which equal shares do without

        shares = fit(con, question.controls, values)
    else:
        run(con, "activity/contests.sql", values)
    run(con, "activity/counted.sql", values)
    return values, shares


def _field_values(question: Question) -> dict[str, Value]:
    """What `field.sql` and `contests.sql` are told: which proposals, under which name, and what they keep of them."""
    fitted = bool(question.controls)
    return {
        "impressions": question.impressions,
        "field": Piece("proposed" if fitted else "field"),
        "further": Piece(", p.shown_rank, p.bid_usd, p.invited" if fitted else ""),
        "own": Piece("own" if fitted else "weight"),
    }


def score(con: Connection, question: Question) -> None:
    """Sum and score what counted: per account, and per account since each served step."""
    con.execute(f"create or replace temp table sums as {sums_sql('counted', 'account', 'shortlist')}")
    scores = scores_sql("sums", ("account", "shortlist"), question.floors)
    con.execute(f"create or replace temp table {'whole_scores' if question.restart_mixture else 'scores'} as {scores}")
    if question.restart_mixture:
        mix(con, question)
    con.execute(
        "create or replace temp view since as "
        "select c.*, o.step from counted as c join openings as o on o.account = c.account and c.submitted_at > o.since"
    )
    con.execute(f"create or replace temp table since_sums as {sums_sql('since', 'account', 'step', 'shortlist')}")
    con.execute(
        f"create or replace temp table since_scores as "
        f"{scores_sql('since_sums', ('account', 'step', 'shortlist'), [question.floor])}"
    )


def prioritise(con: Connection, question: Question) -> None:
    """Make `priorities`: each account's chance of lying below the floor, from the spread of a sample."""
    columns = ", ".join(f"s.b{k}" for k in POINTS)
    found = con.execute(
        f"select s.wins, {columns} from sums as s join market.accounts as a on a.account = s.account "
        f"where not s.shortlist order by sha256(a.account_id) limit {review.SAMPLE}"
    ).fetchall()
    shares = review.spread([(wins, terms) for wins, *terms in found])
    con.execute(f"create or replace temp table priorities as {below_sql('sums', shares, question.floor)}")


def mix(con: Connection, question: Question) -> None:
    """Make `scores` from `whole_scores` and what each month on says by itself."""
    con.execute(f"create or replace temp view months as {restart.months_sql()}")
    con.execute(f"create or replace temp table month_sums as {sums_sql('months', 'account', 'shortlist', 'month')}")
    con.execute(f"create or replace temp table restart_sums as {restart.restarts_sql('month_sums')}")
    con.execute(f"create or replace temp table month_scores as {restart.month_scores_sql(question.floors)}")
    con.execute(f"create or replace temp table scores as {restart.mixed_sql(question.floors)}")


def _measured(con: Connection, question: Question, values: dict[str, Value]) -> Measured:
    first_run = question.first_run or question.as_of
    undecided = f"count(*) filter (fair_wins < {ENOUGH})"
    accounts, undecidable = _row(con, f"select count(*), {undecided} from evidence")
    year = f"greatest(0, floor((epoch(entered_at) - epoch({literal(first_run)})) / 31536000))::integer + 1"
    hypotheses = con.execute(
        f"select {year}, count(*) from evidence where entered_at is not null group by all"
    ).fetchall()
    contracts, hidden = _row(con, "select contracts, hidden from hidden_wins")
    named, late = _row(
        con,
        f"select count(*), count(*) filter (c.started_at > j.closed_at + interval ({question.settle_days}) day) "
        f"from seen_contracts as c join market.jobs as j on j.job = c.job",
    )
    known = con.execute("select payments or contract_values, hours, contract_ends, breaks from known").fetchall()[0]
    facts = ("earned_usd_365d", "hours_365d", "running_contract_days", "on_break")
    return Measured(
        accounts=accounts,
        undecidable=undecidable,
        views=bool(values["views"]),
        shortlists=bool(values["shortlists"]),
        hypotheses=dict(hypotheses),
        blind=tuple(name for name, is_known in zip(facts, known, strict=True) if not is_known),
        hidden_wins=hidden / contracts if contracts else 0.0,
        late_hires=late / named if named else 0.0,
        excluded_jobs=_row(con, "select count(*) from excluded_jobs anti join unseen_jobs using (job)")[0],
    )


def fill(con: Connection, table: str, rows: Iterable[Sequence[object]]) -> None:
    """Fill `table`, whose first column is the number of the account that each row names; unknown ones are left out."""
    listed = [tuple(row) for row in rows]
    if not listed:
        return
    names = [f"v{k}" for k in range(len(listed[0]))]
    columns = [list(column) for column in zip(*listed, strict=True)]
    con.register("given", pa.table(dict(zip(names, columns, strict=True))))
    rest = ", ".join(f"g.{name}" for name in names[1:])
    con.execute(
        f"insert into {table} select a.account, {rest} from given as g join market.accounts as a on a.account_id = g.v0"
    )
    con.unregister("given")


def _row(con: Connection, sql: str) -> tuple[int, ...]:
    return tuple(con.execute(sql).fetchall()[0])
