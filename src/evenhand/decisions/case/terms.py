"""On what terms a step is taken: its clocks and effects, written into the case with the proposal.

A case is read without its policy at hand, years later too; a change of the policy changes nothing that is under way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from evenhand.decisions.case.body import mapping, read, text, whole
from evenhand.policy.conditions.reasons import Json
from evenhand.policy.types import Policy, Step


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The clocks of a step in days, None where it has none; `after` is the step that must have been served."""

    after: str | None
    cure_days: int | None
    notice_days: int
    days: int | None
    review_days: int | None
    effects: Mapping[str, Json]
    needs_portfolio: bool

    def as_body(self) -> dict[str, Json]:
        """The terms as JSON."""
        return {**asdict(self), "effects": dict(self.effects)}


def terms(step: Step) -> Terms:
    """The terms of a policy's step."""
    return Terms(
        after=step.after,
        cure_days=step.cure_days,
        notice_days=step.notice_days or 0,
        days=step.days,
        review_days=step.review_days,
        effects=dict(step.effects),
        needs_portfolio=step.needs_portfolio,
    )


def read_terms(body: Mapping[str, Json]) -> Terms:
    """The terms in the body of a proposal."""
    found = mapping(body, "terms")
    return Terms(
        after=text(found, "after"),
        cure_days=whole(found, "cure_days"),
        notice_days=read(found, "notice_days", int),
        days=whole(found, "days"),
        review_days=whole(found, "review_days"),
        effects=mapping(found, "effects"),
        needs_portfolio=read(found, "needs_portfolio", bool),
    )


@dataclass(frozen=True, kw_only=True)
class Version:
    """Which policy a proposal rests on: name, version, and the hash of its machine form (R1)."""

    name: str
    version: str
    hash: str

    def as_body(self) -> dict[str, Json]:
        """The version as JSON."""
        return asdict(self)


def version(policy: Policy) -> Version:
    """The version of a policy."""
    return Version(name=policy.name, version=policy.version, hash=policy.hash)


def read_version(body: Mapping[str, Json]) -> Version:
    """The version in the body of a proposal."""
    found = mapping(body, "policy")
    return Version(name=read(found, "name", str), version=read(found, "version", str), hash=read(found, "hash", str))
