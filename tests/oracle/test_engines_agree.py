"""DuckDB equals the reference engine on random small markets: to the bit with equal weights (M5)."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenhand.decisions.ledger import Entry
from evenhand.engines.duckdb.engine import DuckDBEngine
from evenhand.engines.reference.engine import ReferenceEngine
from evenhand.policy.parse import parse
from evenhand.policy.types import Policy
from evenhand.ports import Engine
from evenhand.sources.files import FileSource
from evenhand.workflows.evaluate_market import evaluate_market
from tests.markets import KNOBS, START, Knobs, random_market, write_market

POLICY = """
name: low lines
version: test
published: 2024-01-01
binds: 2024-06-01
profile: minimal
guarantee: {floor: 0.5, per_account: 0.9, portfolio: 0.9, family: 20}
cap_per_run: 1
exempt:
  newcomer: account_age_days < 90
  earner: earned_usd_365d >= 1000 or hours_365d >= 40
  returner: days_since_pause < 20
  resting: on_break or running_contract_days >= 150 or repeat_clients >= 2
procedure: mismatch
steps:
  - {step: advise, when: "e_at(1.0) >= 1.05"}
  - {step: warn, when: "e >= 1.1", cure_days: 10}
  - {step: limit, when: "e >= 1.15 and e_hire >= 1.01", days: 20}
  - {step: pause, when: "e >= 1.2 and in_portfolio and coalesce(odds_ratio_high <= 8, true)", review_days: 90, after: warn}
"""


def policy(**changes: str) -> Policy:
    """The policy with low lines; `changes` are lines to add."""
    return parse(POLICY + "".join(f"{key}: {value}\n" for key, value in changes.items()), file="low.yaml")


def ledgers(accounts: int) -> st.SearchStrategy[list[Entry]]:
    """Random ledgers over freelancers."""
    entry = st.builds(
        Entry,
        account_id=st.integers(0, accounts).map(lambda n: f"f{n}"),
        procedure=st.just("mismatch"),
        step=st.sampled_from(["advise", "warn", "warn", "limit", "pause"]),
        kind=st.sampled_from(["warned", "warned", "imposed", "proposed", "refused", "expired", "reversed"]),
        at=st.integers(0, 400).map(lambda n: START + timedelta(days=n)),
        delivered_at=st.one_of(st.none(), st.integers(0, 60).map(lambda n: START + timedelta(days=n))),
        episode=st.sampled_from([1, 1, 2]),
    )
    return st.lists(entry, max_size=5)


def outputs(engine: Engine, market: Path, rules: Policy, entries: Sequence[Entry], scratch: Path) -> Mapping[str, object]:
    """Everything one engine says of a market."""
    with engine:
        out = scratch / engine.name
        out.mkdir()
        staged = FileSource(market).stage(scratch)
        as_of = START + timedelta(days=430)
        proposal, _ = evaluate_market(engine, staged, rules, out, as_of=as_of, entries=entries, counted=True)
        evidence = pq.read_table(out / "evidence.parquet")
        accounts = evidence.column("account_id").to_pylist()
        return {
            "schema": evidence.schema.names,
            "types": [str(kind) for kind in evidence.schema.types],
            "evidence": evidence.to_pylist(),
            "counted": pq.read_table(out / "counted.parquet").to_pylist(),
            "measures": (out / "measures.jsonl").read_text(),
            "portfolio": proposal.portfolio,
            "measured": proposal.measured,
            "passed_over": [engine.passed_over(account) for account in accounts],
            "tallies": [dict(engine.tally(column)) for column in ("reaches", "measure", "blocked_by")],
        }


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(knobs=KNOBS, data=st.data())
def test_duckdb_equals_the_reference(knobs: Knobs, data: st.DataObject) -> None:
    """Same accounts, counts, sums, e-BH set, measures, reasons for what does not count."""
    entries = data.draw(ledgers(knobs.accounts))
    start = data.draw(st.sampled_from([{}, {"evidence_from": "2025-01-20"}]))
    with tempfile.TemporaryDirectory() as folder:
        market = write_market(Path(folder) / "market", random_market(knobs))
        fast, slow = Path(folder) / "fast", Path(folder) / "slow"
        fast.mkdir()
        slow.mkdir()
        ours = outputs(DuckDBEngine(fast, threads=1, memory_gb=1), market, policy(**start), entries, fast)
        judge = outputs(ReferenceEngine(), market, policy(**start), entries, slow)
    for part in judge:
        if part != "counted":
            assert ours[part] == judge[part], part
    assert_same_units(ours["counted"], judge["counted"])


def assert_same_units(ours: object, judge: object) -> None:
    """Counted units agree; a factor is a quotient and may differ in its last digits."""
    assert isinstance(ours, list) and isinstance(judge, list)
    assert [without_factor(row) for row in ours] == [without_factor(row) for row in judge]
    assert all(math.isclose(a["factor"], b["factor"], rel_tol=1e-9) for a, b in zip(ours, judge, strict=True))


def without_factor(row: Mapping[str, object]) -> Mapping[str, object]:
    """A counted unit without its factor."""
    return {name: value for name, value in row.items() if name != "factor"}


def test_as_of_is_never_now() -> None:
    """The default time of a run is the latest time in the market (M6)."""
    knobs = Knobs(seed=1, accounts=3, jobs=6, views=True, shortlists=True, weights=False, agencies=False, faults=False, late_arrivals=False, extras=False, span=40)  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        market = write_market(Path(folder) / "market", random_market(knobs))
        with ReferenceEngine() as engine:
            proposal, _ = evaluate_market(engine, FileSource(market).stage(Path(folder)), policy(), Path(folder))
    assert proposal.as_of < datetime(2026, 12, 1)
