"""Measuring on DuckDB: the SQL files of the evidence in their order, and the few values that lie between them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import duckdb
import pyarrow as pa

from evenhand.engines.duckdb.run import run
from evenhand.evidence.activity.fitted import FairShares, nothing_shown
from evenhand.evidence.activity.grid import ENOUGH, GRID, LARGEST_ODDS, fair_share, terms
from evenhand.evidence.activity.question import Measured, Question
from evenhand.evidence.activity.statement import evidence_sql, met_sql, scores_sql, sums_sql, terms_sql
from evenhand.evidence.statements import Piece, Value, literal
from evenhand.market.schema import EARLIEST

FEW_ODDS = 100_000
"""Up to so many distinct odds the terms are made by `grid.terms`, so that every engine adds the same integers (M5)."""


def measure(con: duckdb.DuckDBPyConnection, question: Question) -> tuple[Measured, dict[str, Value]]:
    """Fill the temporary tables from `seen_accounts` to `evidence` and `met`; the values written in come back too."""
    con.execute("create or replace temp table episodes (account integer, evidence_from timestamp)")
    _insert(con, "episodes", question.episodes.items())
    con.execute("create or replace temp table openings (account integer, step varchar, since timestamp)")
    _insert(con, "openings", [(o.account_id, o.step, o.since) for o in question.openings])
    values, shares = run_activity(con, question)
    make_terms(con)
    score(con, question)
    run(con, "account/account.sql", values)
    con.execute(
        f"create or replace temp table evidence as "
        f"{evidence_sql(question.floor, question.floors, shortlists=bool(values['shortlists']))}"
    )
    con.execute(f"create or replace temp table met as {met_sql(question.floor, shortlists=bool(values['shortlists']))}")
    return replace(_measured(con, question, values), fair_shares=shares), values


def run_activity(con: duckdb.DuckDBPyConnection, question: Question) -> tuple[dict[str, Value], FairShares | None]:
    """Run the statements up to `counted` and `odds`; returns the values written into them, and how a fit came out.

    Raises `RunRefused` where the field is a list that the market did not record.
    """
    values: dict[str, Value] = {
        "as_of": question.as_of,
        "settle_days": question.settle_days,
        "evidence_from": question.evidence_from or EARLIEST,
        "largest_odds": LARGEST_ODDS,
    }
    run(con, "seen.sql", values)
    if question.impressions and not con.execute("select 1 from seen_proposals where shown_rank > 0 limit 1").fetchall():
        raise nothing_shown()
    views, shortlists = (
        bool(
            con.execute(f"select 1 from seen_proposals where {column} <= {literal(question.as_of)} limit 1").fetchall()
        )
        for column in ("viewed_at", "interviewed_at")
    )
    values |= {"views": views, "shortlists": shortlists, **_field_values(question)}
    run(con, "activity/field.sql", values)
    shares = None
    if question.controls:
        from evenhand.engines.duckdb.fair_share import fit  # NumPy, which equal shares do without

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


def make_terms(con: duckdb.DuckDBPyConnection) -> None:
    """Make the table `terms` for the distinct values in `odds`."""
    count = _row(con, "select count(*) from odds")[0]
    if count > FEW_ODDS:
        con.execute(f"create or replace temp table terms as {terms_sql('odds')}")
        return
    odds = [row[0] for row in con.execute("select odds from odds").fetchall()]
    columns = list(zip(*(terms(value) for value in odds), strict=True)) or [()] * (len(GRID) - 1)
    table = pa.table(
        {
            "odds": pa.array(odds, pa.float64()),
            **{f"b{k}": pa.array(column, pa.int64()) for k, column in enumerate(columns, start=1)},
            "share": pa.array([fair_share(value) for value in odds], pa.int64()),
        }
    )
    con.register("terms_made", table)
    con.execute("create or replace temp table terms as select * from terms_made")
    con.unregister("terms_made")


def score(con: duckdb.DuckDBPyConnection, question: Question) -> None:
    """Sum and score what counted: per account, and per account since each served step."""
    con.execute(f"create or replace temp table sums as {sums_sql('counted', 'account', 'shortlist')}")
    con.execute(
        f"create or replace temp table scores as {scores_sql('sums', ('account', 'shortlist'), question.floors)}"
    )
    con.execute(
        "create or replace temp view since as "
        "select c.*, o.step from counted as c join openings as o on o.account = c.account and c.submitted_at > o.since"
    )
    con.execute(f"create or replace temp table since_sums as {sums_sql('since', 'account', 'step', 'shortlist')}")
    con.execute(
        f"create or replace temp table since_scores as "
        f"{scores_sql('since_sums', ('account', 'step', 'shortlist'), [question.floor])}"
    )


def _measured(con: duckdb.DuckDBPyConnection, question: Question, values: dict[str, Value]) -> Measured:
    first_run = question.first_run or question.as_of
    undecided = f"count(*) filter (fair_wins < {ENOUGH})"
    accounts, undecidable = _row(con, f"select count(*), {undecided} from evidence")
    year = f"greatest(0, floor(epoch(entered_at - {literal(first_run)}) / 31536000))::integer + 1"
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
    )


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Sequence[object]]) -> None:
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


def _row(con: duckdb.DuckDBPyConnection, sql: str) -> tuple[int, ...]:
    return tuple(con.execute(sql).fetchall()[0])
