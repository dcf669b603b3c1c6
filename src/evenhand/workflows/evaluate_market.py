"""Evaluate a market under a policy and write what came of it; nothing follows from it by itself (R22)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from evenhand.decisions.ledger import Entry, Standing
from evenhand.decisions.reasons import measure_record, stamp
from evenhand.decisions.rows import Json
from evenhand.market.admission import Admission
from evenhand.market.staging import StagedMarket
from evenhand.policy.types import Policy
from evenhand.ports import Engine
from evenhand.vocabulary import NO_STEP
from evenhand.workflows.propose_measures import Progress, Proposal, propose_measures, unwatched


def evaluate_market(
    engine: Engine,
    market: StagedMarket,
    policy: Policy,
    folder: Path,
    *,
    as_of: datetime | None = None,
    entries: Iterable[Entry] = (),
    now: datetime | None = None,
    counted: bool = False,
    progress: Progress = unwatched,
) -> tuple[Proposal, Mapping[str, Json]]:
    """Evaluate and write `evidence.parquet`, `measures.jsonl`, `quarantine.parquet`, on request `counted.parquet`.

    What was proposed is returned with the summary, which lacks only the cost of the run. `now` is the time of a run
    that binds, None for a study. The same market, policy, ledger and time give the same bytes. Raises `MarketRefused`
    and `RunRefused`.
    """
    proposal = propose_measures(engine, market, policy, as_of=as_of, entries=entries, now=now, progress=progress)
    progress("write")
    engine.write_evidence(folder / "evidence.parquet")
    engine.write_quarantine(folder / "quarantine.parquet")
    _write_measures(engine, policy, proposal, folder / "measures.jsonl")
    if counted:
        progress("write what counted")
        engine.write_counted(folder / "counted.parquet")
    return proposal, summary(engine, policy, proposal, study=now is None)


def summary(engine: Engine, policy: Policy, proposal: Proposal, *, study: bool = True) -> Mapping[str, Json]:
    """The figures of `summary.json`, the cost of the run aside."""
    measured = proposal.measured
    steps = [NO_STEP, *(step.step for step in policy.steps)]
    reaches, measures = engine.tally("reaches"), engine.tally("measure")
    blocked = engine.tally("blocked_by")
    return {
        "evenhand": version("evenhand"),
        "engine": engine.name,
        "study": study,
        "evidence_from": stamp(policy.evidence_from) if policy.evidence_from else None,
        "as_of": stamp(proposal.as_of),
        "policy": f"{policy.name} {policy.version}",
        "policy_hash": policy.hash,
        "procedure": policy.procedure,
        "floor": policy.guarantee.floor,
        "per_account": policy.guarantee.per_account,
        "alpha": policy.guarantee.portfolio,
        "family": policy.guarantee.family,
        **_tables(proposal.admission),
        "accounts": measured.accounts,
        "undecidable": measured.undecidable,
        "reaches": {step: reaches.get(step, 0) for step in steps},
        "measures": {step: measures.get(step, 0) for step in steps},
        "blocked": dict(blocked),
        "in_portfolio": len(proposal.portfolio),
        "cap": proposal.cap,
        "over_the_cap": blocked.get("cap", 0),
        "withheld": proposal.withheld,
        "excluded_jobs": measured.excluded_jobs,
        "per_client": policy.per_client,
        "guards": [asdict(group) for group in measured.guards],
        "held_groups": [group.name for group in measured.guards if group.held],
        "records": {"views": measured.views, "shortlists": measured.shortlists},
        "hidden_wins": measured.hidden_wins,
        "late_hires": measured.late_hires,
        "blind_exemptions": blind_exemptions(policy, measured.blind),
        **({"fair_shares": asdict(measured.fair_shares)} if measured.fair_shares else {}),
    }


def blind_exemptions(policy: Policy, blind: Iterable[str]) -> dict[str, Json]:
    """Exemptions that protect nobody because the market lacks what they look at, with the facts they miss (E5)."""
    unknown = set(blind)
    return {e.name: [*sorted(missing)] for e in policy.exempt if (missing := e.when.columns & unknown)}


def _tables(admission: Admission) -> dict[str, Json]:
    tables = admission.tables.items()
    return {
        "read": {name: count.read for name, count in tables},
        "admitted": {name: count.admitted for name, count in tables},
        "quarantined": {name: count.quarantined for name, count in tables},
    }


def _write_measures(engine: Engine, policy: Policy, proposal: Proposal, path: Path) -> None:
    standings = proposal.history.standings
    with path.open("w", encoding="utf-8") as file:
        for row in engine.measures():
            standing = standings.get(str(row["account_id"]), Standing())
            record = measure_record(row, policy, standing, proposal.as_of)
            file.write(json.dumps(record, ensure_ascii=False, sort_keys=True) + "\n")
