"""What every store asks of policies and files."""

from __future__ import annotations

from typing import NoReturn

from evenhand.decisions.case.kept import PublishedPolicy
from evenhand.errors import StoreRefused


def refuse_other_text(known: PublishedPolicy, policy: PublishedPolicy) -> None:
    """Raise `StoreRefused` unless the policy on record is this one, word for word: what is published stays."""
    if known != policy:
        raise StoreRefused(
            f"version `{known.version}` was published on {known.published_at:%Y-%m-%d} and differs",
            where=known.name,
            hint="give the new text a new version",
        )


def refuse_without_key(account_id: str) -> NoReturn:
    """Raise `StoreRefused`: nothing personal is kept of an account that was erased."""
    raise StoreRefused("the account was erased", where=account_id, hint="nothing personal is kept of it any more")


def attachment_place(account_id: str, sha256: str) -> str:
    """The place at which a file can be opened."""
    return f"{account_id}/{sha256}"
