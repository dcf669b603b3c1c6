"""Policies stay as they were published; files come back as they were filed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from evenhand.conformance.store.course import BEGAN, refused, same
from evenhand.decisions.case.kept import Attachment, PublishedPolicy
from evenhand.errors import StoreRefused
from evenhand.ports import Store

POLICY: Final = PublishedPolicy(
    hash="ab" * 32,
    name="activity",
    version="2026-01",
    procedure="mismatch",
    text="# why\nname: activity\n",
    dry_run='{"measures":{"limit":3}}',
    published_by=("ana", "ben"),
    published_at=BEGAN,
)


def a_published_policy_stays(store: Store) -> None:
    """It comes back word for word; the same again is no fault, another text under its name and version is refused."""
    store.put_policy(POLICY)
    store.put_policy(POLICY)
    same(store.policy(POLICY.hash), POLICY, "the policy")
    refused(lambda: store.put_policy(replace(POLICY, text="name: other")), StoreRefused, "another text, the same hash")
    refused(lambda: store.put_policy(replace(POLICY, hash="cd" * 32)), StoreRefused, "a version that is taken")
    later = replace(POLICY, hash="00" * 32, version="2025-12", published_at=BEGAN + timedelta(days=1))
    store.put_policy(later)
    same(list(store.policies()), [POLICY, later], "policies in the order of publication")
    same(store.policy("ef" * 32), None, "a policy that nobody published")


def a_file_comes_back_as_it_was_filed(store: Store) -> None:
    """Every byte of it, for the account that filed it and for no other."""
    content = bytes(range(256)) * 300
    sha256 = store.attach("m", content, "image/png", BEGAN)
    same(sha256, hashlib.sha256(content).hexdigest(), "the name of a file")
    same(store.attach("m", content, "image/png", BEGAN), sha256, "the name of the same file")
    same(store.attachment("m", sha256), Attachment(sha256=sha256, media_type="image/png", content=content), "the file")
    same(store.attachment("n", sha256), None, "the file of another account")
    same(store.attachment("m", store.attach("m", b"", "text/plain", BEGAN)).content, b"", "an empty file")  # type: ignore[union-attr]  # none is a failure too


CHECKS: Final[Sequence[Callable[[Store], None]]] = (a_published_policy_stays, a_file_comes_back_as_it_was_filed)
