"""Why a proposal does not count, one question after the other: the judge of `passed_over.sql`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from evenhand.engines.reference.activity import Counted, Field, excluded
from evenhand.engines.reference.admission import Row
from evenhand.engines.reference.seen import Seen
from evenhand.evidence.activity.question import Question
from evenhand.evidence.activity.units import PassedOver
from evenhand.market.table import EARLIEST


def passed_over(
    seen: Seen,
    question: Question,
    account_id: str,
    hires: Sequence[Counted],
    fields: Mapping[str, Field],
    *,
    views: bool,
) -> list[PassedOver]:
    """The proposals of an account that do not count towards being hired, by time of submission.

    `fields` holds the field of each settled job that hired somebody, as the full model weighs it.
    """
    scored = {unit.job["job_id"] for unit in hires if unit.account_id == account_id}
    own = [p for p in seen.proposals if p["account_id"] == account_id]
    began = {p["job_id"]: min(o["submitted_at"] for o in own if o["job_id"] == p["job_id"]) for p in own}
    start = max(question.episodes.get(account_id, EARLIEST), question.evidence_from or EARLIEST)
    found = []
    for p in own:
        early = began[p["job_id"]] < start
        why = "before_start" if early else _why(seen, question, fields, p, views)
        found.append(PassedOver(job_id=p["job_id"], submitted_at=p["submitted_at"], why=why))
    left = [passed for passed in found if passed.job_id not in scored]
    return sorted(left, key=lambda passed: (passed.submitted_at, passed.job_id, passed.why))


def _why(seen: Seen, question: Question, fields: Mapping[str, Field], proposal: Row, views: bool) -> str:
    job = seen.jobs[proposal["job_id"]]
    if job["closed_at"] is None or job["closed_at"] > seen.as_of:
        return "job_open"
    if job["outcome"] in ("removed", "cancelled"):
        return "job_removed"
    if job["job_id"] in seen.voided:
        return "job_unreadable"
    if excluded(job, question):
        return "job_excluded"
    if job["closed_at"] + timedelta(days=question.settle_days) > seen.as_of:
        return "not_settled"
    field = fields.get(job["job_id"])
    return "nobody_hired" if field is None else _why_in(field, seen.unit(proposal["account_id"]), proposal, views)


def _why_in(field: Field, unit: str, proposal: Row, views: bool) -> str:
    """Why a proposal does not count on a job that hired somebody."""
    if unit not in field.chosen:
        if proposal["submitted_at"] >= field.first_at:
            return "after_first_hire"
        if not field.was_early(proposal):
            return "not_shown"
        if proposal["withdrawn_at"] is not None and proposal["withdrawn_at"] < field.first_at:
            return "withdrawn"
        if views and (proposal["viewed_at"] is None or proposal["viewed_at"] >= field.first_at):
            return "not_viewed"
    if not field.contested:
        return "all_hired"
    if field.hires(unit) == 0:
        return "late_hires_only"
    return "same_client" if field.tells(unit) else "share_too_large"
