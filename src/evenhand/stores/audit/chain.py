"""The chain of one case, and that of the policies: each is hashed together with the hash of the one before it (P3).

    hash(0) = 32 zero bytes
    hash(n) = sha256(hash(n-1) || text(n))

The text of an entry, or of a published policy, is its canonical JSON in UTF-8. Sealed fields stand in it as ciphertext,
so that it stays the same when the key is destroyed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from evenhand.decisions.case.kept import PublishedPolicy
from evenhand.policy.conditions.reasons import Json

FIRST: Final = bytes(32)
"""What the first entry of a case is linked to."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One entry as it is kept: `sequence` is its place in the whole log, `text` what was hashed, `hash` the result."""

    sequence: int
    case_id: str
    number: int
    text: str
    hash: bytes


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One published policy as it is kept: `number` is its place, `text` what was hashed, `hash` the result."""

    number: int
    name: str
    text: str
    hash: bytes


def rule(number: int, policy: PublishedPolicy, linked: bytes) -> Rule:
    """A policy with the hash that it is kept with."""
    text = canonical(
        {**vars(policy), "published_by": [*policy.published_by], "published_at": policy.published_at.isoformat()}
    )
    return Rule(number=number, name=f"{policy.name} {policy.version}", text=text, hash=linked)


def canonical(value: Mapping[str, Json]) -> str:
    """JSON in the one spelling that is hashed: keys sorted, no white space, nothing escaped that need not be.

    Raises `ValueError` for a number that JSON cannot write.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def text_of(case_id: str, number: int, at: datetime, kind: str, author: str, body: str) -> str:
    """The canonical JSON of an entry whose `body` is canonical JSON already; kept bytes are hashed as they are."""
    return (
        f'{{"at":{_quoted(at.isoformat())},"author":{_quoted(author)},"body":{body},'
        f'"case_id":{_quoted(case_id)},"kind":{_quoted(kind)},"number":{number}}}'
    )


def link(previous: bytes, text: str) -> bytes:
    """The hash of an entry, given that of the one before it."""
    return hashlib.sha256(previous + text.encode()).digest()


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
