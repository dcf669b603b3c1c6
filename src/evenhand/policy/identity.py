"""The content hash of a policy: what a decision names as the rule in force (R1).

Comments, white space, the order of keys and the spelling of conditions do not change it; every value does, defaults
filled from the profile included.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

from evenhand.evidence.activity.guards.rule import ATTRIBUTES
from evenhand.policy.types import Policy, Step


def canonical(policy: Policy) -> str:
    """The machine form: one line of JSON with sorted keys, from which two equal policies cannot differ."""
    guarantee = policy.guarantee
    form = {
        "name": policy.name,
        "version": policy.version,
        "published": policy.published.isoformat(),
        "binds": policy.binds.isoformat(),
        "profile": policy.profile.name,
        "procedure": policy.procedure,
        "guarantee": {"wrong_items": guarantee.wrong_items}
        if policy.rests_on_items
        else {
            "floor": guarantee.floor,
            "per_account": guarantee.per_account,
            "portfolio": guarantee.portfolio,
            "family": guarantee.family,
        },
        "exempt": {exemption.name: exemption.when.text for exemption in policy.exempt},
        "steps": [_step(step) for step in policy.steps],
        "cap_per_run": policy.cap_per_run,
        "settle_days": policy.settle_days,
        "evidence_from": policy.evidence_from.isoformat() if policy.evidence_from else None,
        "fair_share": {"control": policy.fair_share} if policy.fair_share else "equal",
        **_later(policy),
    }
    return json.dumps(form, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _later(policy: Policy) -> dict[str, list[str] | str | bool]:
    """Keys that came later, where a policy departs from what holds without them: older texts keep their hash."""
    attributes = sorted(policy.guards.attributes)
    return {
        **({"guards": attributes} if attributes != sorted(ATTRIBUTES) else {}),
        **({"exclude_jobs": policy.exclude_jobs.text} if policy.exclude_jobs else {}),
        **({"per_client": policy.per_client} if policy.per_client != "first" else {}),
        **({"restart_mixture": True} if policy.restart_mixture else {}),
        **({"field": policy.field} if policy.field != "everyone" else {}),
        **({"own_hosts": list(policy.own_hosts)} if policy.own_hosts else {}),
    }


def content_hash(policy: Policy) -> Policy:
    """The same policy with its `hash` filled: sha256 of `canonical`, in hex."""
    return replace(policy, hash=hashlib.sha256(canonical(policy).encode()).hexdigest())


def _step(step: Step) -> dict[str, str | int | bool | dict[str, int | bool | str] | None]:
    return {
        "step": step.step,
        "when": step.when.text,
        "after": step.after,
        "cure_days": step.cure_days,
        "days": step.days,
        "notice_days": step.notice_days,
        "review_days": step.review_days,
        "effects": dict(step.effects),
    }
