"""What was done before: entries of the ledger, and the standing of every account as a fold over them (S3, S4).

Time is an argument. An entry later than `as_of` is not seen, and a delivery later than `as_of` has not happened.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from evenhand.policy.types import Policy
from evenhand.vocabulary import NO_STEP, rank

TAKEN: Final = frozenset({"advised", "warned", "imposed"})
"""Kinds by which a step is taken."""

ENDED: Final = frozenset({"eased", "lapsed", "expired", "reversed", "restored"})
"""Kinds by which a step that was taken ends."""

ANSWERS: Final = TAKEN | ENDED | {"refused"}
"""Kinds that answer a proposal."""

KINDS: Final = TAKEN | ENDED | {"proposed", "refused", "appealed", "upheld", "held"}
"""Every kind of entry; an appeal, its upholding and an interim hold are on record and change no standing here."""

WARNING_LAPSES: Final = timedelta(days=365)
"""A warning or advice without a sequel is in force this long (S4)."""

EPISODE_CLOSES: Final = timedelta(days=30)
"""An episode ends this long after its last measure or the last answer, unless a next step waits (S4)."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the ledger; times are UTC."""

    account_id: str
    procedure: str
    step: str
    kind: str
    at: datetime
    delivered_at: datetime | None = None
    until: datetime | None = None
    episode: int = 1
    gamma: float | None = None
    policy_hash: str = ""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where an account stands in one procedure.

    `served` maps each step of the episode whose term has run to the time of its delivery: what may open the next
    step. `evidence_from` is when the episode began, None for the first one. `gamma` is the episode's stored weight.
    """

    episode: int = 1
    evidence_from: datetime | None = None
    gamma: float | None = None
    in_force: str = NO_STEP
    pending: str = NO_STEP
    refused: frozenset[str] = frozenset()
    acted_in_portfolio: bool = False
    served: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class History:
    """The whole ledger of one procedure at `as_of`.

    `acted` counts the portfolio actions ever taken, those since expired or overturned included (Theorem 2).
    `first_run` is the earliest entry. `earlier_episodes` holds the start of every episode that is over,
    `reversed` when a measure against an account was last overturned.
    """

    standings: Mapping[str, Standing]
    acted: int
    first_run: datetime | None
    earlier_episodes: tuple[datetime, ...]
    reversed: Mapping[str, datetime] = field(default_factory=dict)


def fold(entries: Iterable[Entry], policy: Policy, as_of: datetime) -> History:
    """Standing of every account in the ledger under `policy` at `as_of`."""
    seen = sorted((e for e in entries if e.procedure == policy.procedure and e.at <= as_of), key=lambda e: e.at)
    by_account: dict[str, list[Entry]] = {}
    for entry in seen:
        by_account.setdefault(entry.account_id, []).append(entry)
    portfolio_steps = {step.step for step in policy.steps if step.needs_portfolio}
    standings = {account: standing(lines, policy, as_of) for account, lines in by_account.items()}
    return History(
        standings=standings,
        acted=len({(e.account_id, e.episode) for e in seen if _in_set(e, policy, portfolio_steps)}),
        first_run=seen[0].at if seen else None,
        earlier_episodes=tuple(
            start
            for account, lines in by_account.items()
            for start in _starts(lines, before=standings[account].episode)
        ),
        reversed={e.account_id: e.at for e in seen if e.kind == "reversed"},
    )


def standing(entries: Sequence[Entry], policy: Policy, as_of: datetime) -> Standing:
    """Standing of one account from its entries of one procedure, oldest first and none later than `as_of`."""
    number = max(e.episode for e in entries)
    episode = [e for e in entries if e.episode == number]
    over = _episode_end(episode, policy)
    if over is not None and over <= as_of:
        return Standing(episode=number + 1, evidence_from=over)
    previous = [e for e in entries if e.episode == number - 1]
    portfolio_steps = {step.step for step in policy.steps if step.needs_portfolio}
    return Standing(
        episode=number,
        evidence_from=_episode_start(episode, previous, policy) if number > 1 else None,
        gamma=next((e.gamma for e in episode if e.gamma is not None), None),
        in_force=max((e.step for e in episode if _in_force(e, episode, policy, as_of)), key=rank, default=NO_STEP),
        pending=_pending(episode),
        refused=frozenset(e.step for e in episode if e.kind == "refused"),
        acted_in_portfolio=any(_in_set(e, policy, portfolio_steps) for e in episode),
        served={e.step: e.delivered_at for e in episode if e.delivered_at and _served(e, episode, policy, as_of)},
    )


def _in_set(entry: Entry, policy: Policy, steps: set[str]) -> bool:
    """Whether an entry took what the set of this very policy admitted; a ledger without hashes is taken for its own.

    What another version imposed never passed a line of this one, so that counting it would admit too many (Theorem 2).
    """
    return entry.kind == "imposed" and entry.step in steps and entry.policy_hash in {"", policy.hash}


def _ends(entry: Entry, episode: Sequence[Entry]) -> list[Entry]:
    """The entries that end what `entry` took: those after it, up to a new proposal of the same step."""
    place = next(place for place, other in enumerate(episode) if other is entry)
    after = [e for e in episode[place + 1 :] if e.step == entry.step]
    again = next((place for place, e in enumerate(after) if e.kind == "proposed"), len(after))
    return [e for e in after[:again] if e.kind in ENDED]


def _end(entry: Entry, episode: Sequence[Entry], policy: Policy) -> datetime | None:
    """When what `entry` took ends or ended, None while that is open."""
    ended = [e.at for e in _ends(entry, episode)]
    if ended:
        return min(ended)
    if entry.kind in {"warned", "advised"} or entry.step in {"advise", "educate", "warn"}:
        return (entry.delivered_at or entry.at) + WARNING_LAPSES
    step = policy.step(entry.step)
    if entry.until or step is None or step.days is None:
        return entry.until
    noticed = (entry.delivered_at or entry.at) + timedelta(days=step.notice_days or 0)
    return max(entry.at, noticed) + timedelta(days=step.days)


def _in_force(entry: Entry, episode: Sequence[Entry], policy: Policy, as_of: datetime) -> bool:
    end = _end(entry, episode, policy)
    return entry.kind in TAKEN and (end is None or end > as_of)


def _served(entry: Entry, episode: Sequence[Entry], policy: Policy, as_of: datetime) -> bool:
    """Whether the term of a delivered step has run (R18): a cure period over, or a measure served to its end."""
    if entry.kind not in TAKEN or entry.delivered_at is None or entry.delivered_at > as_of:
        return False
    stopped = any(e.kind != "expired" for e in _ends(entry, episode))
    step = policy.step(entry.step)
    if stopped or step is None:
        return False
    if step.days is None and step.review_days is None:
        cured_at = entry.delivered_at + timedelta(days=step.cure_days or 0)
        return cured_at <= as_of < entry.delivered_at + WARNING_LAPSES
    end = _end(entry, episode, policy)
    return end is not None and end <= as_of


def _pending(episode: Sequence[Entry]) -> str:
    """The highest step that was proposed and not answered since."""
    open_steps: set[str] = set()
    for entry in episode:
        if entry.kind == "proposed":
            open_steps.add(entry.step)
        elif entry.kind in ANSWERS:
            open_steps.discard(entry.step)
    return max(open_steps, key=rank, default=NO_STEP)


def _episode_end(episode: Sequence[Entry], policy: Policy) -> datetime | None:
    """When the episode ended or will end, None while nothing foreseeable ends it. Advice alone is no measure."""
    reversals = [e.at for e in episode if e.kind == "reversed"]
    if reversals:
        return min(reversals)
    measures = [e for e in episode if e.kind in TAKEN and rank(e.step) >= rank("warn")]
    if not measures or _pending(episode) != NO_STEP:
        return None
    ends = [_end(e, episode, policy) for e in measures]
    known = [end for end in ends if end is not None]
    answers = [
        e.at for e in episode if e.kind in ANSWERS and e.step in {o.step for o in episode if o.kind == "proposed"}
    ]
    return max([*known, *answers]) + EPISODE_CLOSES if len(known) == len(ends) else None


def _episode_start(episode: Sequence[Entry], previous: Sequence[Entry], policy: Policy) -> datetime:
    """When a later episode began: as the one before it ended, or with its own first entry where that is not told."""
    ended = _episode_end(previous, policy) if previous else None
    return ended or min(e.at for e in episode)


def _starts(entries: Sequence[Entry], before: int) -> list[datetime]:
    """First entry of each episode with a number below `before`."""
    numbers = sorted({e.episode for e in entries if e.episode < before})
    return [min(e.at for e in entries if e.episode == number) for number in numbers]
