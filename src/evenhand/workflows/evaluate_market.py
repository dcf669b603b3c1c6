"""Evaluate a market under a policy and write what came of it; nothing follows from it by itself (R22)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from evenhand.decisions.ledger import Entry, Standing
from evenhand.decisions.reasons import measure_record, stamp
from evenhand.decisions.rows import Json
from evenhand.market.admission import Admission
from evenhand.market.staging import StagedMarket
from evenhand.policy.types import Policy
from evenhand.ports import Engine
from evenhand.vocabulary import NO_STEP, Procedure
from evenhand.workflows.find_items import Find
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
    find: Find | None = None,
    progress: Progress = unwatched,
) -> tuple[Proposal, Mapping[str, Json]]:
    """Evaluate and write `evidence.parquet`, `measures.jsonl`, `quarantine.parquet`, on request `counted.parquet`.

    Under a policy that rests on items it is `evidence_<procedure>.parquet` and `items_<procedure>.parquet` (S1), and
    nothing is counted; for circumvention also `review_circumvention.parquet`. Measures are added to those of another
    procedure.

    What was proposed is returned with the summary, which lacks only the cost of the run. `now` is the time of a run
    that binds, None for a study. The same market, policy, ledger and time give the same bytes. Raises `MarketRefused`
    and `RunRefused`.
    """
    proposal = propose_measures(
        engine, market, policy, as_of=as_of, entries=entries, now=now, find=find, progress=progress
    )
    progress("write")
    engine.write_evidence(folder / evidence_file(policy.procedure))
    engine.write_quarantine(folder / "quarantine.parquet")
    _write_measures(engine, policy, proposal, folder / "measures.jsonl")
    if policy.rests_on_items:
        engine.write_items(folder / f"items_{policy.procedure}.parquet")
        _write_review(engine, policy, proposal, folder / REVIEW)
    elif counted:
        progress("write what counted")
        engine.write_counted(folder / "counted.parquet")
    return proposal, summary(engine, policy, proposal, study=now is None)


REVIEW: Final = "review_circumvention.parquet"
"""Whom a reviewer of circumvention looks at first; it moves no step."""


def evidence_file(procedure: Procedure) -> str:
    """The file that holds the evidence of a procedure (S1).

    >>> evidence_file("mismatch"), evidence_file("linkage")
    ('evidence.parquet', 'evidence_linkage.parquet')
    """
    return "evidence.parquet" if procedure == "mismatch" else f"evidence_{procedure}.parquet"


def summary(engine: Engine, policy: Policy, proposal: Proposal, *, study: bool = True) -> Mapping[str, Json]:
    """The figures of `summary.json`, the cost of the run aside."""
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
        **_tables(proposal.admission),
        "accounts": proposal.measured.accounts,
        "undecidable": proposal.measured.undecidable,
        "reaches": {step: reaches.get(step, 0) for step in steps},
        "measures": {step: measures.get(step, 0) for step in steps},
        "blocked": dict(blocked),
        "cap": proposal.cap,
        "over_the_cap": blocked.get("cap", 0),
        **(_of_items(policy, proposal) if policy.rests_on_items else _of_wins(policy, proposal)),
    }


def _of_items(policy: Policy, proposal: Proposal) -> dict[str, Json]:
    unseen = proposal.found.unseen if proposal.found else None
    return {"wrong_items": policy.guarantee.wrong_items, "unseen": unseen}


def _of_wins(policy: Policy, proposal: Proposal) -> dict[str, Json]:
    measured = proposal.measured
    return {
        "floor": policy.guarantee.floor,
        "per_account": policy.guarantee.per_account,
        "alpha": policy.guarantee.portfolio,
        "family": policy.guarantee.family,
        "in_portfolio": len(proposal.portfolio),
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


def _write_review(engine: Engine, policy: Policy, proposal: Proposal, path: Path) -> None:
    if policy.procedure == "circumvention" and proposal.found:
        engine.write_review(proposal.as_of, path, settle_days=policy.settle_days, offers=proposal.found.path)


def _write_measures(engine: Engine, policy: Policy, proposal: Proposal, path: Path) -> None:
    standings = proposal.history.standings
    with path.open("a", encoding="utf-8") as file:
        for row in engine.measures():
            standing = standings.get(str(row["account_id"]), Standing())
            record = measure_record(row, policy, standing, proposal.as_of)
            file.write(json.dumps(record, ensure_ascii=False, sort_keys=True) + "\n")
