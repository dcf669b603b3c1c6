"""Policies and files in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from evenhand.decisions.case.kept import Attachment, PublishedPolicy
from evenhand.stores.audit.chain import FIRST, link, rule
from evenhand.stores.documents import attachment_place, refuse_other_text, refuse_without_key
from evenhand.stores.memory.state import State
from evenhand.stores.seal import seal, unseal


class MemoryDocuments:
    """The part `Documents` of the port; what each method promises stands there."""

    def __init__(self, state: State) -> None:
        self._state = state

    def put_policy(self, policy: PublishedPolicy) -> None:
        """Known by its hash, or by name and version."""
        with self._state.lock:
            for known in self._state.policies.values():
                if known.hash == policy.hash or (known.name, known.version) == (policy.name, policy.version):
                    refuse_other_text(known, policy)
            if policy.hash not in self._state.policies:
                rules = self._state.rules
                text = rule(len(rules) + 1, policy, b"").text
                rules.append(rule(len(rules) + 1, policy, link(rules[-1].hash if rules else FIRST, text)))
            self._state.policies[policy.hash] = policy

    def policy(self, policy_hash: str) -> PublishedPolicy | None:
        """By its hash."""
        with self._state.lock:
            return self._state.policies.get(policy_hash)

    def policies(self) -> Sequence[PublishedPolicy]:
        """In the order in which they were put."""
        with self._state.lock:
            return list(self._state.policies.values())

    def attach(self, account_id: str, content: bytes, media_type: str, now: datetime) -> str:
        """Known by the hash of what it says, kept as ciphertext."""
        del now
        sha256 = hashlib.sha256(content).hexdigest()
        with self._state.lock:
            key = self._state.key(account_id) or refuse_without_key(account_id)
            sealed = seal(key, content, attachment_place(account_id, sha256))
            self._state.files.setdefault((account_id, sha256), (media_type, sealed))
        return sha256

    def attachment(self, account_id: str, sha256: str) -> Attachment | None:
        """Opened with the key of the account."""
        with self._state.lock:
            kept, key = self._state.files.get((account_id, sha256)), self._state.keys.get(account_id)
        if kept is None or key is None:
            return None
        content = unseal(key, kept[1], attachment_place(account_id, sha256))
        return Attachment(sha256=sha256, media_type=kept[0], content=content)
