"""What the policy promises to the innocent, in sentences that need no statistics."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evenhand.policy.types import Guarantee, Policy
from evenhand.reports.lines import lines
from evenhand.reports.words import counted, exactly
from evenhand.vocabulary import WITHOUT_NOTICE, restricts

_SHARES: Final = {1.0: "a full fair share", 0.5: "half of a fair share", 0.2: "a fifth of a fair share"}


def sentences(policy: Policy) -> tuple[str, ...]:
    """The promise, its bound for each kind of step, and what it rests on."""
    return tuple(_sentences(policy, policy.guarantee))


def _sentences(policy: Policy, promise: Guarantee) -> Iterator[str]:
    floor = _SHARES.get(promise.floor, f"{promise.floor:g} of a fair share")
    yield (
        f"Whoever has at least {floor} of chances at every opportunity counts as innocent; an innocent account ever "
        f"meets the evidence for a restriction ({_named(policy)}) with a probability of at most "
        f"{exactly(promise.per_account)}, however often it is looked at and whichever jobs it chose."
    )
    for line in lines(policy):
        if line.step in WITHOUT_NOTICE and line.e > 1:
            yield f"For {line.step} that probability is at most {exactly(1 / line.e)}."
    if promise.portfolio is not None and policy.needs_portfolio:
        named = ", ".join(step.step for step in policy.steps if step.needs_portfolio)
        family = f", with room for {counted(promise.family)} accounts a year" if promise.family else ""
        yield (
            f"Of all accounts that ever get {named}, at most {exactly(promise.portfolio)} are expected to be "
            f"innocent{family}."
        )
    if policy.per_client == "all":
        yield (
            "None of this holds here: the policy counts every job of a client (per_client: all), so that the taste "
            "of one client speaks many times."
        )
    yield (
        "The promise is about the record so far and rests on fair shares that are not stated too high; it says nothing "
        "about why somebody wins little."
    )


def _named(policy: Policy) -> str:
    return ", ".join(step.step for step in policy.steps if restricts(step.step)) or "none in this policy"
