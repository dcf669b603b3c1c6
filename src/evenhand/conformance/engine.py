"""What any engine must say of a market: the same as the reference, to the bit where weights are equal (M5)."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq

from evenhand.decisions.ledger import Entry
from evenhand.evidence.activity.question import Measured
from evenhand.evidence.activity.units import PassedOver
from evenhand.market.admission import Admission
from evenhand.market.staging import StagedMarket
from evenhand.policy.types import Policy
from evenhand.ports import Engine
from evenhand.workflows.evaluate_market import evaluate_market


@dataclass(frozen=True, kw_only=True)
class Observation:
    """Everything that one engine says of one market under one policy."""

    admission: Admission
    quarantine: Sequence[Mapping[str, object]]
    measured: Measured
    portfolio: Collection[str]
    columns: Sequence[tuple[str, str]]
    evidence: Sequence[Mapping[str, object]]
    counted: Sequence[Mapping[str, object]]
    measures: str
    passed_over: Mapping[str, Sequence[PassedOver]]
    tallies: Sequence[Mapping[str, int]]


def observe(
    engine: Engine,
    market: StagedMarket,
    policy: Policy,
    folder: Path,
    *,
    as_of: datetime | None = None,
    entries: Sequence[Entry] = (),
    asked: int | None = None,
) -> Observation:
    """Evaluate `market` on `engine`, writing into `folder`, and collect what it says.

    What did not count is asked for the first `asked` accounts, for all if None: each is a question of its own.
    """
    with engine:
        proposal, _ = evaluate_market(engine, market, policy, folder, as_of=as_of, entries=entries, counted=True)
        evidence = pq.read_table(folder / "evidence.parquet")
        accounts: list[str] = evidence.column("account_id").to_pylist()
        return Observation(
            admission=proposal.admission,
            quarantine=pq.read_table(folder / "quarantine.parquet").to_pylist(),
            measured=replace(proposal.measured, fair_shares=None),
            portfolio=proposal.portfolio,
            columns=[(field.name, str(field.type)) for field in evidence.schema],
            evidence=evidence.to_pylist(),
            counted=pq.read_table(folder / "counted.parquet").to_pylist(),
            measures=(folder / "measures.jsonl").read_text(encoding="utf-8"),
            passed_over=engine.passed_over(accounts[:asked]),
            tallies=[dict(engine.tally(column)) for column in ("reaches", "measure", "blocked_by")],
        )


def differences(observed: Observation, judge: Observation, *, within: float = 0.0) -> list[str]:
    """Names of the parts in which two observations differ; empty where the engines agree.

    Factors are quotients and are compared to nine digits. `within` is how far other floats may lie apart: 0 with equal
    weights, 1e-9 where an engine reckons fitted weights by itself.
    """
    a, b = asdict(observed), asdict(judge)
    return [name for name in a if not _same(a[name], b[name], within, name)]


def _same(a: object, b: object, within: float, name: str) -> bool:
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return a.keys() == b.keys() and all(_same(a[key], b[key], within, str(key)) for key in a)
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(_same(x, y, within, name) for x, y in zip(a, b, strict=True))
    if isinstance(a, float) and isinstance(b, float) and a != b:
        return math.isclose(a, b, rel_tol=1e-9 if name == "factor" else 0.0, abs_tol=within)
    return a == b
