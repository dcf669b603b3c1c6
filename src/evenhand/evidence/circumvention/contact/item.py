"""What is found in a message, and what of it is kept."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["phone", "email", "url", "handle", "payment", "meeting"]
"""A telephone number; an address for mail; a page or host; a name at a messenger or social network; a way to pay; a
room to meet in."""

KINDS: Final[tuple[Kind, ...]] = ("phone", "email", "url", "handle", "payment", "meeting")

Deed = Literal["offered", "asked", "declined"]
"""A detail was named, or the other side was asked for one, or the writer would not name or take one."""


@dataclass(frozen=True, kw_only=True)
class Find:
    """One detail: `start` to `end` of the text, `value` in its plain form, `confidence` between 0 and 1.

    The confidence grades how a detail was recognised (a check digit, a word before it, a shape alone). It is an order,
    no probability that has been measured.
    """

    kind: Kind
    start: int
    end: int
    value: str
    confidence: float


def sealed(value: str, key: bytes) -> str:
    """What is kept of a value: a keyed hash (HMAC-SHA-256), so that two finds can be compared and none read.

    >>> sealed("john@x.de", b"secret")[:16]
    '44adddeec53d020c'
    """
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()
