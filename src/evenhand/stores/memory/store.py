"""The store in memory: its parts."""

from __future__ import annotations

from evenhand.stores.audit.checkpoint import Signer
from evenhand.stores.memory.cases import MemoryCases
from evenhand.stores.memory.documents import MemoryDocuments
from evenhand.stores.memory.outbox import MemoryOutbox
from evenhand.stores.memory.people import MemoryPeople
from evenhand.stores.memory.register import MemoryRegister
from evenhand.stores.memory.state import State


class MemoryStore(MemoryCases, MemoryOutbox, MemoryPeople, MemoryDocuments, MemoryRegister):
    """Keeps what any store keeps, by the same rules, until the process ends; safe for threads."""

    def __init__(self, signer: Signer | None = None) -> None:
        MemoryRegister.__init__(self, State(), signer)

    def close(self) -> None:
        """Nothing is held open."""
