"""Opening a case and proposing a step in it. Only advice and education follow by themselves (R22, S6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from evenhand.decisions.case.case import Case
from evenhand.decisions.case.clock import current
from evenhand.decisions.case.entry import ENGINE, CaseEntry, Moves
from evenhand.decisions.case.terms import Terms, Version, terms, version
from evenhand.decisions.case.writing import Part, refused, write
from evenhand.decisions.effects import declared
from evenhand.decisions.ledger import WARNING_LAPSES
from evenhand.decisions.reasons import stamp
from evenhand.policy.conditions.reasons import Json
from evenhand.policy.profiles import Profile
from evenhand.policy.types import Policy, Step
from evenhand.vocabulary import Procedure, rank, restricts

ITEM: Final = frozenset({"source", "at", "seen_by", "what"})
"""What an item of evidence of misconduct names; where contact was offered, also which side did, `offered_by` (R14)."""

NEVER_ALONE: Final = frozenset({"household", "network", None})
"""Grades of a suspected link that suffice for nothing by themselves (R15)."""


def open_case(
    case_id: str,
    account_id: str,
    procedure: Procedure,
    profile: Profile,
    now: datetime,
    *,
    regime: str,
    episode: int = 1,
    gamma: float | None = None,
) -> Moves:
    """The first entry of a case; its procedure and its clocks never change (R12).

    `regime` is the legal regime that applies (R16); `episode` and `gamma` are those of the account's standing.
    """
    body: dict[str, Json] = {
        "account_id": account_id,
        "procedure": procedure,
        "regime": regime,
        "episode": episode,
        "gamma": gamma,
        "clocks": asdict(profile.clocks),
        "urgent_grounds": list(profile.urgent_grounds),
    }
    entry = CaseEntry(case_id=case_id, number=1, at=now, kind="opened", author=ENGINE, body=body)
    return Moves(entries=(entry,))


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A step that the evidence allows, with all that it rests on.

    `evidence` is the account's row as JSON, `reason` the reason tree of `reasons.measure_record`, `items` the named
    evidence of misconduct. `urgent` names a listed ground for which nobody is heard first; a person still decides.
    """

    procedure: Procedure
    step: str
    terms: Terms
    policy: Version
    evidence: Mapping[str, Json]
    reason: Mapping[str, Json]
    sentence: str
    log_e: float | None = None
    entered_at: datetime | None = None
    items: Sequence[Mapping[str, Json]] = ()
    urgent: str | None = None


def rests_on(
    policy: Policy, step: Step, evidence: Mapping[str, Json], reason: Mapping[str, Json], sentence: str
) -> Proposal:
    """The proposal of a policy's step on this evidence."""
    log_e = evidence.get("log_e")
    entered_at = evidence.get("entered_at")
    return Proposal(
        procedure=policy.procedure,
        step=step.step,
        terms=terms(step),
        policy=version(policy),
        evidence=evidence,
        reason=reason,
        sentence=sentence,
        log_e=float(log_e) if isinstance(log_e, int | float) else None,
        entered_at=datetime.fromisoformat(entered_at.removesuffix("Z")) if isinstance(entered_at, str) else None,
    )


def propose(case: Case, proposal: Proposal, now: datetime, *, author: str = ENGINE) -> Moves:
    """Propose a step; nothing if this very step waits already, so that a second run proposes nothing twice (S1).

    Advice and education go out at once; before a restriction the member is asked first (R23). Raises `ActRefused`.
    """
    current(case, now)
    waiting = case.waiting
    if waiting is not None and (waiting.step, waiting.policy) == (proposal.step, proposal.policy):
        return Moves()
    _check_place(case, proposal, now)
    _check_proof(case, proposal)
    parts = [proposed(proposal, author)]
    if rank(proposal.step) < rank("warn"):
        of = case.last.number + 1
        parts.append(taken(of, "advised", ENGINE, "education" if proposal.step == "educate" else "advice", now))
    return write(case, now, *parts)


def proposed(proposal: Proposal, author: str, heard_as: int | None = None) -> Part:
    """The entry of a proposal; one that was heard as part of another is not heard again."""
    asks = asked_first(proposal.procedure, proposal.step) and proposal.urgent is None and heard_as is None
    body: dict[str, Json] = {
        "step": proposal.step,
        "terms": proposal.terms.as_body(),
        "policy": proposal.policy.as_body(),
        "evidence": dict(proposal.evidence),
        "reasons": dict(proposal.reason),
        "sentence": proposal.sentence,
        "items": [dict(item) for item in proposal.items],
        "log_e": proposal.log_e,
        "entered_at": None if proposal.entered_at is None else stamp(proposal.entered_at),
        "urgent": proposal.urgent,
        "heard_as": heard_as,
        "notice": "hearing" if asks else None,
    }
    return Part(kind="proposed", author=author, body=body)


def asked_first(procedure: Procedure, step: str) -> bool:
    """Whether the member is asked before people decide: on a restriction, and on any suspicion of a linked account.

    R23, R15. Guidance asks nothing.
    """
    return restricts(step) or (procedure == "linkage" and rank(step) >= rank("warn"))


def taken(of: int, kind: str, author: str, notice: str, now: datetime) -> Part:
    """The entry by which advice or a warning is given; in force for a year (S4)."""
    return Part(kind=kind, author=author, body={"of": of, "until": stamp(now + WARNING_LAPSES), "notice": notice})


def _check_place(case: Case, proposal: Proposal, now: datetime) -> None:
    """Whether the step may be proposed in this case at all, and now."""
    step = proposal.step
    standing = case.standing(now)
    if case.closed_at is not None:
        raise refused(case, "the case is closed", "open a new one")
    if proposal.procedure != case.procedure:
        raise refused(
            case, f"this is a case of {case.procedure}, not of {proposal.procedure}", "close it and open another (R12)"
        )
    if case.procedure == "mismatch" and rank(step) > rank("pause"):
        raise refused(case, f"`{step}` is against misconduct, and this is nobody's fault", "at most `pause` (R13)")
    if case.waiting is not None:
        raise refused(case, f"`{case.waiting.step}` waits already", "decide on that first (S1)")
    if step in standing.refused:
        raise refused(case, f"`{step}` was refused in this episode", "it is not proposed again before the next (S4)")
    if rank(standing.in_force) >= rank(step):
        raise refused(case, f"`{standing.in_force}` is in force already", "there is nothing to add to it (S2)")
    check_ladder(case, step, proposal.terms, proposal.urgent, now)


def check_ladder(case: Case, step: str, on: Terms, urgent: str | None, now: datetime) -> None:
    """Raise `ActRefused` where the step before a restriction was not delivered and served (R18, R24)."""
    if restricts(step) and urgent is None and on.after not in case.standing(now).served:
        before = f"`{on.after}` was not delivered and served" if on.after else "no earlier step leads to it"
        raise refused(case, f"`{step}` is too early: {before}", "warn first, and let the time to change run")


def _check_proof(case: Case, proposal: Proposal) -> None:
    """What a proposal must carry: named evidence of misconduct, an end, effects that may be had, a listed urgency."""
    wanted_of = ITEM | ({"offered_by"} if case.procedure == "circumvention" else set())
    if case.procedure != "mismatch" and not (
        proposal.items and all(item.keys() >= wanted_of for item in proposal.items)
    ):
        wanted = ", ".join(f"`{name}`" for name in sorted(wanted_of))
        raise refused(case, "misconduct without named evidence", f"each item has {wanted} (R14)")
    seen = any(item.get("kind") == "used_by_another" for item in proposal.items)
    if case.procedure == "linkage" and not seen and {item.get("grade") for item in proposal.items} <= NEVER_ALONE:
        raise refused(case, "a shared household or network alone shows no linked account", "ask first (R15)")
    if restricts(proposal.step) and proposal.terms.days is None and proposal.terms.review_days is None:
        raise refused(case, f"`{proposal.step}` never ends", "give it `days` or `review_days` (R30)")
    if proposal.urgent is not None:
        check_urgent(case, proposal.urgent)
    declared(proposal.step, proposal.terms.effects, case.case_id)


def check_urgent(case: Case, ground: str) -> None:
    """Raise `ActRefused` unless there is fault and the ground is a listed one (R23)."""
    listed = ", ".join(f"`{name}`" for name in case.urgent_grounds)
    if case.procedure != "circumvention":
        raise refused(case, f"nothing is urgent in a case of {case.procedure}", "ask the member first (R13, R15)")
    if ground not in case.urgent_grounds:
        raise refused(case, f"`{ground}` is not a listed urgency", f"listed are {listed}")
