"""The statement of a whole market against one account's decision: the same codes and sentences, row by row."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime

import duckdb
import pyarrow as pa
import pytest

from evenhand.decisions.decide import decide
from evenhand.decisions.ledger import Standing
from evenhand.decisions.rows import Value
from evenhand.decisions.statement import decided_sql
from evenhand.policy.load import load
from evenhand.policy.types import Policy
from evenhand.vocabulary import NO_STEP, restricts
from evenhand.wiring import shipped

POLICY = load(shipped("policies") / "activity.yaml")
STEPS = ("advise", "warn", "limit", "pause")


def _row(rng: random.Random, account: int) -> dict[str, Value]:
    """An account near the lines of the shipped policy; a few share their log e, so that the cap has ties to break."""

    def maybe(value: Value) -> Value:
        return None if rng.random() < 0.1 else value

    log_e = rng.choice([-1.0, 2.9, 3.1, 4.7, 5.0, 7.1, rng.uniform(0, 12), float("-inf")])
    return {
        "account": account,
        "account_id": f"a{account:04}",
        "closed_at": datetime(2026, 1, 1) if rng.random() < 0.03 else None,
        "entered_at": datetime(2025, 1, 1),
        "account_age_days": maybe(rng.choice([10, 900, 900, 900])),
        "earned_usd_365d": maybe(rng.choice([0.0, 0.0, 0.0, 1500.0])),
        "hours_365d": maybe(0.0),
        "repeat_clients": rng.choice([0, 0, 0, 0, 2]),
        "running_contract_days": maybe(0),
        "days_since_pause": maybe(rng.choice([None, None, None, 3])),
        "on_break": maybe(rng.random() < 0.05),
        "wins": rng.choice([0, 0, 0, 1, 12]),
        "fair_wins": rng.choice([0.25, 4.96, 8.0, 24.0]),
        "decided": rng.randrange(400),
        "log_e": log_e,
        "log_e_hire": rng.choice([log_e, 2.0]),
        "log_e_at_1": rng.choice([log_e + 1, 800.0]),
        "odds_ratio_high": maybe(rng.choice([0.2, 0.35, 0.5])),
        "in_portfolio": rng.random() < 0.7,
        "group_held": rng.random() < 0.05,
    }


def _standing(rng: random.Random) -> Standing:
    return Standing(
        in_force=rng.choice([NO_STEP, NO_STEP, *STEPS]),
        pending=rng.choice([NO_STEP, NO_STEP, NO_STEP, *STEPS]),
        refused=frozenset(step for step in STEPS if rng.random() < 0.1),
    )


def _decided(
    rows: list[dict[str, Value]], standings: dict[int, Standing], met: dict[int, set[str]], policy: Policy, cap: int
) -> list[tuple[object, ...]]:
    """What the statement says: account, exempt, reaches, measure, blocked_by, why."""
    with duckdb.connect() as con:
        con.register("evidence", pa.table({name: [row[name] for row in rows] for name in rows[0]}))
        listed = list(standings.items())
        table = {
            "account": [account for account, _ in listed],
            "in_force": pa.array([s.in_force for _, s in listed], pa.string()),
            "pending": pa.array([s.pending for _, s in listed], pa.string()),
            "refused": pa.array([sorted(s.refused) for _, s in listed], pa.list_(pa.string())),
        }
        con.register("standings", pa.table(table))
        pairs = [(account, step) for account, steps in met.items() for step in sorted(steps)]
        con.register("met", pa.table({"account": [a for a, _ in pairs], "step": [s for _, s in pairs]}))
        columns = "account, exempt, reaches, measure, blocked_by, why"
        return con.execute(
            f"select {columns} from ({decided_sql(policy, cap=cap, withheld=False)}) order by account"
        ).fetchall()


@pytest.mark.parametrize(
    ("seed", "cap", "exempt"), [(1, 10_000, True), (2, 1, True), (3, 7, True), (4, 40, False), (5, 0, True)]
)
def test_a_market_is_decided_as_each_account(seed: int, cap: int, exempt: bool) -> None:
    """Whatever the evidence, the standing and the cap: exemptions, steps, bars and sentences agree, ties included."""
    rng = random.Random(seed)  # noqa: S311  # made-up rows, nothing secret
    policy = POLICY if exempt else replace(POLICY, exempt=())
    rows = [_row(rng, account) for account in range(1500)]
    standings = {row["account"]: _standing(rng) for row in rows if rng.random() < 0.5}
    met = {row["account"]: {step for step in STEPS if rng.random() < 0.6} for row in rows}
    decisions = {
        row["account"]: decide(row, policy, standings.get(row["account"], Standing()), met[row["account"]])
        for row in rows
    }
    restricted = [row for row in rows if restricts(decisions[row["account"]].measure)]
    restricted.sort(key=lambda row: (-float(str(row["log_e"])), row["account"]))
    for row in restricted[cap:]:
        account = row["account"]
        decisions[account] = decisions[account]._replace(measure=NO_STEP, blocked_by="cap")
    found = _decided(rows, standings, met, policy, cap)  # type: ignore[arg-type]  # numbers of accounts are whole
    assert found == [
        (account, list(d.exempt), d.reaches, d.measure, d.blocked_by, d.why) for account, d in decisions.items()
    ]
    assert {d.blocked_by for d in decisions.values()} >= {None, "closed", "vetoed", "held", "in_force", "pending"}
    assert (cap < len(restricted)) is any(d.blocked_by == "cap" for d in decisions.values())
