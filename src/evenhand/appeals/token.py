"""The link in a letter: who holds it may answer and appeal in one case, without the account (R31, P2)."""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from evenhand.errors import ActRefused

_DIGITS: Final = 32
"""How much of the signature stands in a token: 128 bits in hex."""


def token(secret: bytes, case_id: str) -> str:
    """The token of a case: its name and a signature, HMAC-SHA256 (RFC 2104). The same letter always holds the same.

    >>> case_of(b"secret", token(b"secret", "mismatch-1"))
    'mismatch-1'
    """
    return f"{case_id}.{_signature(secret, case_id)}"


def case_of(secret: bytes, given: str) -> str:
    """The case that a token opens; raises `ActRefused` for one that was not made with this secret."""
    case_id, _, signature = given.strip().rpartition(".")
    if not hmac.compare_digest(_signature(secret, case_id).encode(), signature.encode()):
        raise ActRefused("this link opens no case", where="the token", hint="copy it whole from the letter")
    return case_id


def _signature(secret: bytes, case_id: str) -> str:
    return hmac.new(secret, case_id.encode(), hashlib.sha256).hexdigest()[:_DIGITS]
