"""Publishing a policy: with its dry run, by an author, and by a second person where it falls on some more (R1, R19)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from evenhand.decisions.case.kept import PublishedPolicy
from evenhand.decisions.case.looking import FEWEST_WORDS
from evenhand.decisions.case.people import Person
from evenhand.errors import ActRefused, RunRefused
from evenhand.policy.dry_run import DryRun
from evenhand.policy.types import Policy
from evenhand.ports import Store

REVIEWERS: Final = frozenset({"author", "senior", "auditor"})
"""Roles of which one is needed to review a disparity."""


@dataclass(frozen=True, kw_only=True)
class Review:
    """A second person who looked at the disparities of a dry run, and why the policy may be published all the same."""

    person: Person
    reason: str


def publish_policy(
    store: Store, policy: Policy, dry_run: DryRun, author: Person, review: Review | None, now: datetime
) -> PublishedPolicy:
    """Publish a policy that holds to its claims; the same again changes nothing.

    Raises `ActRefused` for who may not, or where a disparity of the profile's `most_disparity` or more was not reviewed
    by somebody else; `RunRefused` for a dry run of another text, and for a text that was public on no day it names;
    `StoreRefused` where name and version are taken.
    """
    if "author" not in author.roles:
        raise ActRefused(f"`{author.name}` may not publish", where=policy.file, hint="it takes the role `author`")
    known = store.policy(policy.hash)
    if known is not None:
        return known
    if dry_run.policy_hash != policy.hash:
        raise RunRefused(
            "the dry run is of another policy", where=policy.file, hint="evaluate this very file, then publish it (R19)"
        )
    if now.date() > policy.published:
        raise RunRefused(
            f"`published: {policy.published}` is over, and nobody could read it here on that day",
            where=policy.where("published"),
            hint=f"write {now.date()} or later, and let it bind {policy.profile.public_days} days after",
        )
    published = PublishedPolicy(
        hash=policy.hash,
        name=policy.name,
        version=policy.version,
        procedure=policy.procedure,
        text=policy.text,
        dry_run=json.dumps(_figures(policy, dry_run, author, review), sort_keys=True, separators=(",", ":")),
        published_by=(author.name, *([review.person.name] if review else [])),
        published_at=now,
    )
    store.put_policy(published)
    return published


def _figures(policy: Policy, dry_run: DryRun, author: Person, review: Review | None) -> Mapping[str, object]:
    """The dry run as it is stored, with its disparities and who reviewed them."""
    found = [str(disparity) for disparity in dry_run.disparities(policy.profile.most_disparity)]
    if found and review is None:
        raise ActRefused(
            "it would hit some more than others:\n  " + "\n  ".join(found),
            where=policy.file,
            hint="a second person reviews that: `--reviewed-by PERSON --review REASON` (R19)",
        )
    if review is not None:
        _check(review, author, policy)
    told = {"by": review.person.name, "reason": review.reason} if review else None
    return {**dry_run.figures(), "disparities": found, "review": told}


def _check(review: Review, author: Person, policy: Policy) -> None:
    if review.person.name == author.name:
        raise ActRefused("the author reviews their own policy", where=policy.file, hint="it takes somebody else (R19)")
    if REVIEWERS.isdisjoint(review.person.roles):
        raise ActRefused(
            f"`{review.person.name}` may not review a policy",
            where=policy.file,
            hint="it takes the role " + " or ".join(f"`{role}`" for role in sorted(REVIEWERS)),
        )
    if len(review.reason.split()) < FEWEST_WORDS:
        raise ActRefused("the review gives no reason", where=policy.file, hint="say why, in three words or more")
