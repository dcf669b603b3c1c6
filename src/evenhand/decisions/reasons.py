"""The reason of a measure: every condition with its value, as it stands in `measures.jsonl` (R25, S10)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from evenhand.decisions.ledger import WARNING_LAPSES, Standing
from evenhand.decisions.rows import EvidenceRow, Json, Value
from evenhand.policy.types import Policy, Step


def measure_record(row: EvidenceRow, policy: Policy, standing: Standing, as_of: datetime) -> Mapping[str, Json]:
    """One line of `measures.jsonl` for a row whose `measure` is not `none` (S3)."""
    step = policy.step(str(row["measure"]))
    if step is None:
        raise ValueError(f"the policy has no step {row['measure']!r}")
    return {
        "account_id": str(row["account_id"]),
        "procedure": policy.procedure,
        "step": step.step,
        "as_of": stamp(as_of),
        "policy": f"{policy.name} {policy.version}",
        "policy_hash": policy.hash,
        "episode": standing.episode,
        "reason": _reason(row, policy, step, standing),
        "sentence": str(row["why"]),
        **({} if policy.rests_on_items else {"review_priority": _number(row["review_priority"])}),
        **_term(step, as_of),
    }


def _number(value: Value) -> float | None:
    return value if isinstance(value, float) else None


def stamp(time: datetime) -> str:
    """A time as all outputs write it: ISO 8601 in UTC.

    >>> stamp(datetime(2026, 1, 1))
    '2026-01-01T00:00:00Z'
    """
    return time.isoformat() + "Z"


def _reason(row: EvidenceRow, policy: Policy, step: Step, standing: Standing) -> dict[str, Json]:
    reason = step.when.reason(row)
    served = standing.served.get(step.after) if step.after else None
    return {
        "when": reason.as_dict(),
        "in_words": reason.sentence(),
        "exempt": {exemption.name: exemption.when.reason(row).as_dict() for exemption in policy.exempt},
        **({} if policy.rests_on_items else {"veto": _veto(row, policy), "group_held": row["group_held"] is True}),
        "after": {"step": step.after, "delivered_at": stamp(served)} if step.after and served else None,
    }


def _veto(row: EvidenceRow, policy: Policy) -> dict[str, Json]:
    """Wins at or above the floor would have barred the measure; here they are below it."""
    counts = {name: value for name in ("wins", "fair_wins") if isinstance(value := row[name], int | float)}
    return {**counts, "floor": policy.guarantee.floor, "outcome": False}


def _term(step: Step, as_of: datetime) -> dict[str, Json]:
    """When the step would end if it were imposed at once, or be looked at again (R30)."""
    effect = as_of + timedelta(days=step.notice_days or 0)
    if step.days is not None:
        return {"until": stamp(effect + timedelta(days=step.days))}
    if step.review_days is not None:
        return {"review_at": stamp(effect + timedelta(days=step.review_days))}
    cure = {} if step.cure_days is None else {"cure_until": stamp(as_of + timedelta(days=step.cure_days))}
    return {**cure, "until": stamp(as_of + WARNING_LAPSES)}
