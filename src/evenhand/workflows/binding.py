"""Whether a run may bind anybody: under the published policy in force, on all there is to see (S9)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from evenhand.decisions.reasons import stamp
from evenhand.errors import RunRefused
from evenhand.evidence.account.columns import ACCOUNT_COLUMNS
from evenhand.policy.parse import parse
from evenhand.policy.types import Policy
from evenhand.ports import Store
from evenhand.workflows.evaluate_market import blind_exemptions
from evenhand.workflows.propose_measures import Proposal

STALE: Final = timedelta(days=7)
"""How old the latest row of a market may be for a run to bind: an old export is a look back as well (S9)."""


def in_force(store: Store, procedure: str, now: datetime) -> Policy | None:
    """The policy that binds in a procedure: of those published, the one that began to bind last.

    Of two that bind from the same day, the later publication corrects the earlier one.
    """
    published = [parse(p.text, file=f"{p.name} {p.version}") for p in store.policies() if p.procedure == procedure]
    return max((p for p in reversed(published) if p.binds <= now.date()), key=lambda p: p.binds, default=None)


def check_binding(store: Store, policy: Policy, now: datetime) -> None:
    """Raise `RunRefused` unless the policy is published here, in force, and judges nobody by the past (S9)."""
    if store.policy(policy.hash) is None:
        raise RunRefused(
            "the policy is not published in this store",
            where=policy.file,
            hint="`evenhand policy publish` it, or evaluate without `--store` as a study",
        )
    if now.date() < policy.binds:
        raise RunRefused(f"the policy binds from {policy.binds}", where=policy.where("binds"), hint="wait until then")
    binding = in_force(store, policy.procedure, now)
    if binding is not None and binding.hash != policy.hash:
        raise RunRefused(
            f"`{binding.name}` {binding.version} binds since {binding.binds}",
            where=policy.file,
            hint="evaluate under that one",
        )
    _check_published(policy)


def _check_published(policy: Policy) -> None:
    begin = policy.evidence_from
    if policy.profile.needs_evidence_after_publication and (begin is None or begin.date() < policy.published):
        raise RunRefused(
            f"evidence from before publication counts, and profile `{policy.profile.name}` judges nobody by it (R1)",
            where=policy.where("evidence_from"),
            hint=f"publish a version with `evidence_from: {policy.published}` or later",
        )


def check_run(policy: Policy, proposal: Proposal, now: datetime) -> None:
    """Raise `RunRefused` for a run that looks at the past, or whose exemptions are blind (S9, E5).

    A past date recomputed on newer data is a study and authorises nothing.
    """
    latest = proposal.admission.latest_at
    if latest is not None and proposal.as_of < min(latest, now):
        raise RunRefused(
            f"the market goes on until {stamp(latest)}, and a look back authorises nothing",
            where="--as-of",
            hint="leave `--as-of` out, or evaluate without `--store` as a study",
        )
    if now - proposal.as_of > STALE:
        raise RunRefused(
            f"the market ends at {stamp(proposal.as_of)}, and nobody is judged by what was so long ago",
            where="MARKET",
            hint=f"bring one of the last {STALE.days} days, or evaluate without `--store` as a study",
        )
    blind = blind_exemptions(policy, proposal.measured.blind)
    if blind and policy.profile.refuses_blind:
        facts = {fact for missing in blind.values() if isinstance(missing, list) for fact in missing}
        needed = sorted({need for column in ACCOUNT_COLUMNS if column.name in facts for need in column.needs})
        exempting = ", ".join(f"`{name}`" for name in sorted(blind))
        raise RunRefused(
            f"{exempting} would exempt nobody: the market lacks {', '.join(needed)}",
            where=policy.where("exempt"),
            hint=f"bring what it lacks; profile `{policy.profile.name}` does not run without (E5)",
        )
