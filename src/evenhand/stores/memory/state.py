"""What the store in memory holds: lists and dictionaries behind one lock."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Generic, TypeVar

from evenhand.decisions.case.entry import CaseHead, EffectEvent, Message
from evenhand.decisions.case.kept import Checkpoint, Outcome, Person, PublishedPolicy
from evenhand.errors import StoreRefused
from evenhand.stores.audit.chain import FIRST, Rule, text_of
from evenhand.stores.entries import Linked
from evenhand.stores.seal import new_key

Item = TypeVar("Item", Message, EffectEvent)


@dataclass(kw_only=True)
class Queued(Generic[Item]):
    """A message or an effect on its way."""

    item: Item
    case_id: str
    next_at: datetime
    attempts: int = 0
    settled_at: datetime | None = None
    outcome: Outcome | None = None
    withdrawn: bool = False


@dataclass(kw_only=True)
class State:
    """Everything that is kept; whoever reads or writes holds `lock`."""

    lock: threading.RLock = field(default_factory=threading.RLock)
    log: list[Linked] = field(default_factory=list)
    cases: dict[str, list[Linked]] = field(default_factory=dict)
    heads: dict[str, CaseHead] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    messages: dict[str, Queued[Message]] = field(default_factory=dict)
    effects: dict[str, Queued[EffectEvent]] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    passphrases: dict[str, str] = field(default_factory=dict)
    keys: dict[str, bytes | None] = field(default_factory=dict)
    files: dict[tuple[str, str], tuple[str, bytes]] = field(default_factory=dict)
    policies: dict[str, PublishedPolicy] = field(default_factory=dict)
    rules: list[Rule] = field(default_factory=list)
    checkpoints: list[Checkpoint] = field(default_factory=list)

    def snapshot(self) -> State:
        """Another state that holds the same, and that later changes of this one leave alone."""
        return replace(
            self,
            log=[*self.log],
            cases={case_id: [*kept] for case_id, kept in self.cases.items()},
            heads={**self.heads},
            closed={*self.closed},
            messages={**self.messages},
            effects={name: replace(queued) for name, queued in self.effects.items()},
            keys={**self.keys},
        )

    def restore(self, earlier: State) -> None:
        """Hold what was held when the snapshot was taken."""
        vars(self).update(vars(earlier))

    def key(self, account_id: str) -> bytes | None:
        """The key of an account, made where there was none; None once it was erased."""
        return self.keys.setdefault(account_id, new_key())

    def tail(self, case_id: str) -> tuple[int, bytes]:
        """Number and hash of the last entry of a case."""
        kept = self.cases.get(case_id)
        return (kept[-1].entry.number, kept[-1].hash) if kept else (0, FIRST)

    def person(self, name: str) -> Person:
        """Somebody on record; raises `StoreRefused` for anybody else."""
        if name not in self.people:
            raise StoreRefused("nobody of this name is on record", where=name, hint="add them first")
        return self.people[name]


def text(kept: Linked) -> str:
    """The canonical JSON of a kept entry."""
    entry = kept.entry
    return text_of(entry.case_id, entry.number, entry.at, entry.kind, entry.author, kept.body)
