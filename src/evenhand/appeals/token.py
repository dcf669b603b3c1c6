"""The link in a letter: who holds it may answer and appeal in its case, without the account (R31, P2)."""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from evenhand.errors import ActRefused

_DIGITS: Final = 32
"""How much of the signature stands in a token: 128 bits in hex."""


def token(secret: bytes, message: str) -> str:
    """The token in a letter: the name of the message and a signature, HMAC-SHA256 (RFC 2104); always the same one.

    >>> message_of(b"secret", token(b"secret", "mismatch-1/2/hearing"))
    'mismatch-1/2/hearing'
    """
    return f"{message}.{_signature(secret, message)}"


def message_of(secret: bytes, given: str) -> str:
    """The message in which a token stood; raises `ActRefused` for one that was not made with this secret."""
    message, _, signature = given.strip().rpartition(".")
    if not hmac.compare_digest(_signature(secret, message).encode(), _bytes(signature)):
        raise ActRefused("this link opens no case", where="the token", hint="copy it whole from the letter")
    return message


def case_of(message: str) -> str:
    """The case of a message, `<case>/<number>/<notice>`.

    >>> case_of("mismatch-1/2/hearing")
    'mismatch-1'
    """
    return message.rsplit("/", 2)[0]


def _signature(secret: bytes, message: str) -> str:
    return hmac.new(secret, _bytes(message), hashlib.sha256).hexdigest()[:_DIGITS]


def _bytes(given: str) -> bytes:
    """A text as bytes, also one that a shell made of bytes that are no text."""
    return given.encode("utf-8", "surrogateescape")
