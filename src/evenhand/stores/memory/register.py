"""Checkpoints, verification, export and erasure in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from evenhand.decisions.case.kept import Audit, Checkpoint
from evenhand.errors import StoreRefused
from evenhand.stores.audit.chain import FIRST, Line, Rule
from evenhand.stores.audit.checkpoint import Signer
from evenhand.stores.audit.export import lines
from evenhand.stores.audit.merkle import Tree
from evenhand.stores.audit.verify import verify
from evenhand.stores.memory.state import State, text


class MemoryRegister:
    """The part `Register` of the port; what each method promises stands there."""

    def __init__(self, state: State, signer: Signer | None) -> None:
        self._state = state
        self._signer = signer

    def checkpoint(self, now: datetime) -> Checkpoint:
        """The tree is reckoned from its first leaf every time."""
        if self._signer is None:
            raise StoreRefused("no signing key", hint="give the store the key that signs checkpoints")
        with self._state.lock:
            before = self._state.checkpoints[-1] if self._state.checkpoints else None
            size = len(self._state.log)
            rules = self._state.rules
            if before and (before.size, before.policies) == (size, len(rules)):
                return before
            tree = Tree()
            for kept in self._state.log:
                tree.add(kept.hash)
            signed = (len(rules), rules[-1].hash if rules else FIRST)
            made = self._signer.checkpoint(
                before=before, at=now, size=size, upto=size, root=tree.root(), policies=signed
            )
            self._state.checkpoints.append(made)
            return made

    def checkpoints(self) -> Sequence[Checkpoint]:
        """By number."""
        with self._state.lock:
            return list(self._state.checkpoints)

    def verify(self, trusted: Collection[str] = ()) -> Audit:
        """The log from its first entry."""
        return verify(self._log(), trusted).audit()

    def export(self) -> Iterator[str]:
        """The log as it stands when the first line is asked for."""
        yield from lines(self._log())

    def erase(self, account_id: str, now: datetime) -> None:
        """The notices are dropped with the key."""
        del now
        with self._state.lock:
            own = [q for q in self._state.messages.values() if q.item.recipient == account_id]
            waiting = next((q.item.id for q in own if q.settled_at is None), None)
            if waiting:
                raise StoreRefused("a message to the account is unsettled", where=waiting, hint="send or give it up")
            self._state.keys[account_id] = None
            for queued in own:
                queued.item = replace(queued.item, notice={})
            for place in [place for place in self._state.files if place[0] == account_id]:
                del self._state.files[place]

    def _log(self) -> Sequence[Line | Rule | Checkpoint]:
        """Every policy; then every entry in its sequence, each checkpoint behind the last entry that it covers."""
        with self._state.lock:
            log: list[Line | Rule | Checkpoint] = [*self._state.rules]
            signed = list(self._state.checkpoints)
            for sequence, kept in enumerate(self._state.log, 1):
                entry = kept.entry
                log.append(
                    Line(
                        sequence=sequence,
                        case_id=entry.case_id,
                        number=entry.number,
                        text=text(kept),
                        hash=kept.hash,
                    )
                )
                while signed and signed[0].upto == sequence:
                    log.append(signed.pop(0))
            return log
