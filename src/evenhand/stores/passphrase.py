"""Passphrases as argon2id hashes, with the cost that RFC 9106 recommends where memory is scarce."""

from __future__ import annotations

from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

_HASHER: Final = PasswordHasher()


def hashed(passphrase: str) -> str:
    """What to keep: parameters, salt and hash in one text."""
    return _HASHER.hash(passphrase)


def matches(kept: str | None, passphrase: str) -> bool:
    """Whether the kept hash is that of the passphrase; without one the answer takes as long and is no."""
    try:
        _HASHER.verify(kept or _nobody(), passphrase)
    except (Argon2Error, InvalidHashError):
        return False
    return kept is not None


@cache
def _nobody() -> str:
    return hashed("")
