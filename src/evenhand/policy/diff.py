"""What a new version of a policy changes, in sentences that a member can read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from evenhand.policy.conditions.condition import Condition
from evenhand.policy.conditions.nodes import Apply, Constant, Node, text
from evenhand.policy.types import Guarantee, Policy, Step

NOTHING: Final = "nothing differs"
"""What `diff` says of two policies with the same machine form."""

_SIGNS: Final = {">=": "at least", ">": "more than", "<=": "at most", "<": "less than"}


def diff(a: Policy, b: Policy) -> list[str]:
    """Sentences on what `b` changes in `a`, in the order of the file; `[NOTHING]` where their hashes are equal."""
    sentences = [
        *_head(a, b),
        *_guarantee(a.guarantee, b.guarantee),
        *_exemptions(a, b),
        *_steps(a, b),
        *_rest(a, b),
    ]
    return sentences or [NOTHING]


def _head(a: Policy, b: Policy) -> Iterator[str]:
    yield from _changed("the policy's name", a.name, b.name)
    yield from _changed("the version", a.version, b.version)
    yield from _changed("publication", a.published.isoformat(), b.published.isoformat())
    yield from _changed("the day from which it binds", a.binds.isoformat(), b.binds.isoformat())
    yield from _changed("the profile", a.profile.name, b.profile.name)
    yield from _changed("the procedure", a.procedure, b.procedure)


def _guarantee(a: Guarantee, b: Guarantee) -> Iterator[str]:
    if a.floor != b.floor:
        better = "more people count as innocent" if b.floor < a.floor else "fewer people count as innocent"
        yield f"the floor was {a.floor:g} of a fair share and is now {b.floor:g}: {better}"
    if a.per_account != b.per_account:
        yield (
            f"an innocent account's risk of a restriction was at most {a.per_account:g} and is now {b.per_account:g}: "
            f"{'a weaker' if b.per_account > a.per_account else 'a stronger'} promise"
        )
    yield from _changed("the bound on wrong actions of the portfolio", a.portfolio, b.portfolio)
    yield from _changed("the family of the portfolio", a.family, b.family)
    yield from _changed("the share of items that may be wrong", a.wrong_items, b.wrong_items)


def _exemptions(a: Policy, b: Policy) -> Iterator[str]:
    old = {exemption.name: exemption.when for exemption in a.exempt}
    new = {exemption.name: exemption.when for exemption in b.exempt}
    for name in sorted(old.keys() - new.keys()):
        yield f"`{name}` no longer exempts (`{old[name].text}`)"
    for name in sorted(new.keys() - old.keys()):
        yield f"`{name}` now exempts (`{new[name].text}`)"
    for name in sorted(old.keys() & new.keys()):
        if old[name] != new[name]:
            yield f"`{name}` exempted where `{old[name].text}`; it now exempts where `{new[name].text}`"


def _steps(a: Policy, b: Policy) -> Iterator[str]:
    for step in a.steps:
        if b.step(step.step) is None:
            yield f"`{step.step}` is gone"
    for step in b.steps:
        before = a.step(step.step)
        if before is None:
            yield f"`{step.step}` is new, where `{step.when.text}`"
        else:
            yield from _step(before, step)
    kept = [step.step for step in a.steps if b.step(step.step)]
    if kept != [step.step for step in b.steps if a.step(step.step)]:
        yield "the steps stand in another order"


def _step(a: Step, b: Step) -> Iterator[str]:
    if a.when != b.when:
        yield from _condition(a.step, a.when, b.when)
    yield from _changed(f"`{a.step}`: the step before it", a.after, b.after)
    yield from _changed(f"`{a.step}`: the time to change, in days,", a.cure_days, b.cure_days)
    yield from _changed(f"`{a.step}`: notice, in days,", a.notice_days, b.notice_days)
    yield from _changed(f"`{a.step}`: its length, in days,", a.days, b.days)
    yield from _changed(f"`{a.step}`: the time to a review, in days,", a.review_days, b.review_days)
    for key in sorted(a.effects.keys() | b.effects.keys()):
        yield from _changed(f"`{a.step}`: `{key}`", a.effects.get(key), b.effects.get(key))


def _condition(step: str, a: Condition, b: Condition) -> Iterator[str]:
    """Thresholds that moved one by one; where more than thresholds changed, the parts that came and went."""
    old, new = _parts(a.root), _parts(b.root)
    gone, come = [part for part in old if part not in new], [part for part in new if part not in old]
    for part in list(gone):
        moved = _moved(step, part, come)
        if moved is not None:
            gone.remove(part)
            come.remove(moved[0])
            yield moved[1]
    for part in gone:
        yield f"`{step}` no longer asks for `{text(part)}`: {_reach(easier=True)}"
    for part in come:
        yield f"`{step}` now also asks for `{text(part)}`: {_reach(easier=False)}"
    if set(old) == set(new):
        yield f"`{step}` asks for the same in another order: `{b.text}`"


def _parts(node: Node) -> tuple[Node, ...]:
    return node.children if isinstance(node, Apply) and node.operator == "and" else (node,)


def _limited(node: Node) -> tuple[str, str, float] | None:
    """What a part compares, how, and with which number; None for any other part."""
    match node:
        case Apply(operator=sign, children=(value, Constant(value=float() as limit))) if sign in _SIGNS:
            return text(value), sign, limit
        case _:
            return None


def _moved(step: str, part: Node, candidates: list[Node]) -> tuple[Node, str] | None:
    """The one of `candidates` that differs from `part` in its number alone, with the sentence on it."""
    old = _limited(part)
    for candidate in candidates:
        new = _limited(candidate)
        if old and new and old[:2] == new[:2]:
            value, sign, limit = new
            easier = (limit < old[2]) == (sign in {">=", ">"})
            return candidate, (
                f"`{step}` asked for {value} of {_SIGNS[sign]} {old[2]:,.6g}; "
                f"it now asks for {_SIGNS[sign]} {limit:,.6g}: {_reach(easier=easier)}"
            )
    return None


def _reach(*, easier: bool) -> str:
    return "easier to reach" if easier else "harder to reach"


def _changed(what: str, a: object, b: object) -> Iterator[str]:
    if a != b:
        yield f"{what} was {_shown(a)} and is now {_shown(b)}"


def _shown(value: object) -> str:
    return "not set" if value is None else str(value)


def _rest(a: Policy, b: Policy) -> Iterator[str]:
    yield from _changed("the cap per run", a.cap_per_run, b.cap_per_run)
    yield from _changed("the days after which a closed job settles", a.settle_days, b.settle_days)
    yield from _changed("the time from which evidence counts", a.evidence_from, b.evidence_from)
    yield from _changed("the fair share", _shares(a), _shares(b))
    yield from _changed("the field", a.field, b.field)
    yield from _changed("what groups are guarded by", _listed(a.guards.attributes), _listed(b.guards.attributes))
    excluded = [policy.exclude_jobs.text if policy.exclude_jobs else None for policy in (a, b)]
    yield from _changed("which jobs count for nobody", *excluded)
    yield from _changed("which jobs of a client count", a.per_client, b.per_client)
    yield from _changed("the restart mixture", a.restart_mixture, b.restart_mixture)
    yield from _changed("the marketplace's own hosts", _listed(a.own_hosts), _listed(b.own_hosts))


def _shares(policy: Policy) -> str:
    return f"fitted to {', '.join(policy.fair_share)}" if policy.fair_share else "equal"


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(words)) or "nothing"
