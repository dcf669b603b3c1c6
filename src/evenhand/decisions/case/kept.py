"""What a store keeps beside the entries of cases, as records. Times are UTC without a zone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from evenhand.decisions.case.entry import EffectEvent, Message
from evenhand.policy.conditions.reasons import Json

Role = Literal["analyst", "reviewer", "senior", "author", "auditor", "admin"]
"""What a person may be trusted with (P2)."""

Outcome = Literal["accepted", "failed"]
"""How a message ended: taken by the receiver, or given up after the last attempt."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who acts in cases; a disabled person may no longer, but stays on record."""

    name: str
    roles: frozenset[Role]
    added_at: datetime
    disabled_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ClaimedMessage:
    """A message on lease to one worker; `attempt` counts from 1."""

    message: Message
    attempt: int


@dataclass(frozen=True, kw_only=True)
class ClaimedEffect:
    """An effect on lease to one worker; `attempt` counts from 1.

    `withdrawn`: it left before and was withdrawn since, so that nobody knows whether it was done.
    """

    effect: EffectEvent
    attempt: int
    withdrawn: bool = False


@dataclass(frozen=True, kw_only=True)
class Handed:
    """How handing something over went: with which proof, or why not.

    `delivered`: it arrived. `accepted`: a server took it, and it counts as delivered unless it comes back. `later`: try
    again. `failed`: it cannot arrive this way. `shown`: it was put before somebody, which proves nothing.
    """

    fate: Literal["delivered", "accepted", "later", "failed", "shown"]
    proof: Mapping[str, Json]


@dataclass(frozen=True, kw_only=True)
class SentMessage:
    """What became of a message: not settled yet where `settled_at` is None."""

    message: Message
    attempts: int
    settled_at: datetime | None
    outcome: Outcome | None


@dataclass(frozen=True, kw_only=True)
class PublishedPolicy:
    """A policy in force, word for word, with the dry run on which it was published (R1, R19); never changed.

    `hash` is that of its machine form (`policy.identity`), `dry_run` canonical JSON, `published_by` people's names.
    """

    hash: str
    name: str
    version: str
    procedure: str
    text: str
    dry_run: str
    published_by: tuple[str, ...]
    published_at: datetime


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file that somebody filed; `sha256` is the hash of `content` in hex."""

    sha256: str
    media_type: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """What was signed of the whole log: `size` entries, the last of them with global sequence `upto`.

    `root` is their Merkle root, `policies_hash` the hash that the last of the published `policies` was linked with,
    `previous` the sha256 of the checkpoint before (zeros for the first), `key` the public Ed25519 key, all in hex.
    """

    number: int
    at: datetime
    size: int
    upto: int
    root: str
    policies: int
    policies_hash: str
    previous: str
    key: str
    signature: str


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that does not hold; `case_id` and `number` name the entry, `sequence` its place in the whole log."""

    what: str
    case_id: str | None = None
    number: int | None = None
    sequence: int | None = None


@dataclass(frozen=True, kw_only=True)
class Audit:
    """What verifying found: how much was read, how many entries a signature covers, by which keys, and the faults."""

    entries: int
    cases: int
    checkpoints: int
    covered: int
    keys: frozenset[str]
    findings: tuple[Finding, ...]
