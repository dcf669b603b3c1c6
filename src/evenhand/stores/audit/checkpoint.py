"""A checkpoint is a statement on the whole log, signed with Ed25519 (P3), and linked to the one before it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from evenhand.decisions.case.kept import Checkpoint
from evenhand.errors import StoreRefused

NONE_BEFORE: Final = "0" * 64
"""What the first checkpoint names as the one before it."""


class Signer:
    """Who signs checkpoints: an Ed25519 key that is kept outside the database."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()

    @classmethod
    def new(cls) -> Signer:
        """A signer with a key of its own."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def load(cls, pem: bytes) -> Signer:
        """The signer whose key was written by `pem`; raises `StoreRefused` for anything else."""
        try:
            key = load_pem_private_key(pem, password=None)
        except (ValueError, TypeError) as error:
            raise StoreRefused(f"not a private key: {error}", hint="name a PEM file with an Ed25519 key") from None
        if not isinstance(key, Ed25519PrivateKey):
            raise StoreRefused("a private key, but not one of Ed25519", hint="name a PEM file with an Ed25519 key")
        return cls(key)

    def pem(self) -> bytes:
        """The private key, unencrypted."""
        return self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def checkpoint(
        self,
        *,
        before: Checkpoint | None,
        at: datetime,
        size: int,
        upto: int,
        root: bytes,
        policies: tuple[int, bytes],
    ) -> Checkpoint:
        """Sign size, last sequence and root of the log; of the policies, how many there are and the last hash."""
        number = before.number + 1 if before else 1
        previous = digest(before) if before else NONE_BEFORE
        made = Checkpoint(
            number=number,
            at=at,
            size=size,
            upto=upto,
            root=root.hex(),
            policies=policies[0],
            policies_hash=policies[1].hex(),
            previous=previous,
            key=self.public,
            signature="",
        )
        return replace(made, signature=self._key.sign(statement(made).encode()).hex())


def statement(checkpoint: Checkpoint) -> str:
    """What was signed, as text."""
    names = ("size", "upto", "root", "policies", "policies_hash", "previous", "key")
    head = f"evenhand checkpoint {checkpoint.number}\nat {checkpoint.at.isoformat()}\n"
    return head + "".join(f"{name} {getattr(checkpoint, name)}\n" for name in names)


def digest(checkpoint: Checkpoint) -> str:
    """The sha256 of what was signed, in hex: how the next checkpoint names this one."""
    return hashlib.sha256(statement(checkpoint).encode()).hexdigest()


def is_signed(checkpoint: Checkpoint) -> bool:
    """Whether the signature is that of the key the checkpoint names."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(checkpoint.key))
        key.verify(bytes.fromhex(checkpoint.signature), statement(checkpoint).encode())
    except (InvalidSignature, ValueError):
        return False
    return True
