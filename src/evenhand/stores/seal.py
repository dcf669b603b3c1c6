"""Personal fields under a key per account (P3): without the key they are noise, and the log still verifies.

AES-256-GCM with a fresh nonce each time. The place where a value stands is authenticated with it, so that no ciphertext
can be moved to another entry. Because of the nonce, the hash of an entry says nothing about what was sealed.
"""

from __future__ import annotations

import json
import secrets
from base64 import b64decode, b64encode
from collections.abc import Collection, Mapping
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from evenhand.errors import StoreRefused
from evenhand.policy.conditions.reasons import Json

NONCE: Final = 12
"""Length of a nonce in bytes, as NIST SP 800-38D recommends for GCM."""

MARK: Final = "sealed"
"""The one key of the object that stands in the place of a sealed value."""


def new_key() -> bytes:
    """A key for one account: 32 random bytes."""
    return AESGCM.generate_key(bit_length=256)


def seal(key: bytes, content: bytes, place: str) -> bytes:
    """`content` as ciphertext that can be opened at `place` alone."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, content, place.encode())


def unseal(key: bytes, sealed: bytes, place: str) -> bytes:
    """What was sealed; raises `StoreRefused` for another key, another place or a changed byte."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], place.encode())
    except (InvalidTag, ValueError):
        raise StoreRefused("was changed, or sealed under another key", where=place, hint="verify the log") from None


def seal_fields(body: Mapping[str, Json], names: Collection[str], key: bytes, place: str) -> dict[str, Json]:
    """The body with each named field that it has as `{"sealed": <base64>}`."""
    return {
        name: {MARK: b64encode(seal(key, json.dumps(value, ensure_ascii=False).encode(), f"{place}/{name}")).decode()}
        if name in names
        else value
        for name, value in body.items()
    }


def open_fields(body: Mapping[str, Json], names: Collection[str], key: bytes | None, place: str) -> dict[str, Json]:
    """The body with each named field in clear, None without a key."""
    return {name: _opened(value, key, f"{place}/{name}") if name in names else value for name, value in body.items()}


def _opened(value: Json, key: bytes | None, place: str) -> Json:
    if key is None or not isinstance(value, dict):
        return None
    content: Json = json.loads(unseal(key, b64decode(str(value[MARK])), place))
    return content
