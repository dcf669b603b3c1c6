"""Cases in memory, with the rules that the databases carry as triggers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from evenhand.decisions.case.entry import CaseEntry, CaseHead, Moves
from evenhand.decisions.ledger import Entry
from evenhand.errors import Outdated, StoreRefused
from evenhand.stores import rules
from evenhand.stores.entries import Act, Linked, checked, has_personal_fields, ledger_of, linked, opened
from evenhand.stores.memory.state import Queued, State


class MemoryCases:
    """The part `Cases` of the port; what each method promises stands there."""

    def __init__(self, state: State) -> None:
        self._state = state

    def read(self, case_id: str) -> Sequence[CaseEntry]:
        """Every entry, with its sealed fields opened."""
        with self._state.lock:
            head = self._state.heads.get(case_id)
            key = self._state.keys.get(head.account_id) if head else None
            return [_opened(kept, key) for kept in self._state.cases.get(case_id, ())]

    def append(self, moves: Moves, *, head: CaseHead) -> None:
        """One act on one case."""
        self.append_all([(moves, head)])

    def append_all(self, acts: Sequence[Act]) -> None:
        """In the order in which a database does it, so that of two faults the same one is told."""
        ordered = checked(acts)
        with self._state.lock:
            before = self._state.snapshot()
            try:
                self._append(ordered)
            except StoreRefused:
                self._state.restore(before)
                raise

    def open_case(self, account_id: str, procedure: str) -> str | None:
        """There is one at most."""
        with self._state.lock:
            own = (h for h in self._state.heads.values() if (h.account_id, h.procedure) == (account_id, procedure))
            return next((head.case_id for head in own if head.case_id not in self._state.closed), None)

    def cases_of(self, account_id: str) -> Sequence[CaseHead]:
        """The oldest first."""
        with self._state.lock:
            own = [head for head in self._state.heads.values() if head.account_id == account_id]
        return sorted(own, key=lambda head: (head.opened_at, head.case_id))

    def heads(self) -> Iterator[CaseHead]:
        """As they stand when the first is asked for."""
        with self._state.lock:
            heads = sorted(self._state.heads.values(), key=lambda head: head.case_id)
        yield from heads

    def due(self, now: datetime, limit: int) -> Sequence[str]:
        """The longest due first."""
        with self._state.lock:
            due = [(h.due_at, h.case_id) for h in self._state.heads.values() if h.due_at and h.due_at <= now]
        return [case_id for _, case_id in sorted(due)][:limit]

    def queue(self, *, stage: str, after: CaseHead | None, limit: int) -> Sequence[CaseHead]:
        """Sorted anew for every page."""
        with self._state.lock:
            heads = sorted((head for head in self._state.heads.values() if head.stage == stage), key=_place)
        return [head for head in heads if after is None or _place(head) > _place(after)][:limit]

    def latest(self, procedure: str, kind: str, limit: int) -> Sequence[str]:
        """The log, read backwards."""
        with self._state.lock:
            of_kind = [k.entry.case_id for k in reversed(self._state.log) if k.entry.kind == kind]
            heads = self._state.heads
            return [case for case in dict.fromkeys(of_kind) if heads[case].procedure == procedure][:limit]

    def ledger(self, procedure: str) -> Iterator[Entry]:
        """By case."""
        for head in self.heads():
            if head.procedure == procedure:
                yield from ledger_of(self.read(head.case_id))

    def _append(self, acts: Sequence[Act]) -> None:
        state = self._state
        for moves, head in acts:
            self._hold_to(moves, head)
        kept = [list(linked(moves, state.tail(head.case_id)[1], self._key(moves, head))) for moves, head in acts]
        for head, own in sorted(
            zip((h for _, h in acts), kept, strict=True), key=lambda a: a[0].case_id not in state.heads
        ):
            closed = head.case_id in state.closed or any(k.entry.kind == rules.CLOSED for k in own)
            if not closed and self.open_case(head.account_id, head.procedure) not in {None, head.case_id}:
                raise Outdated("another case is open", hint="read it and act anew")
            state.heads[head.case_id] = head
            if closed:
                state.closed.add(head.case_id)
        for own in kept:
            for entry in own:
                self._hold_rules(entry.entry)
                state.log.append(entry)
                state.cases.setdefault(entry.entry.case_id, []).append(entry)
        for moves, head in acts:
            self._send(moves, head)

    def _hold_to(self, moves: Moves, head: CaseHead) -> None:
        known = self._state.heads.get(head.case_id)
        if moves.entries[0].number <= self._state.tail(head.case_id)[0]:
            raise Outdated("the case has grown", where=head.case_id, hint="read the case again and act anew")
        if known and _fixed(known) != _fixed(head):
            raise StoreRefused(rules.FIXED, where=head.case_id, hint="close it and open another")

    def _key(self, moves: Moves, head: CaseHead) -> bytes | None:
        return self._state.key(head.account_id) if has_personal_fields(moves) else None

    def _hold_rules(self, entry: CaseEntry) -> None:
        before = [kept.entry for kept in self._state.cases.get(entry.case_id, ())]
        name = entry.person
        person = self._state.people.get(name) if name else None
        if entry.number != len(before) + 1:
            raise StoreRefused(rules.GAP, where=entry.case_id)
        if name is not None and (person is None or person.disabled_at is not None):
            raise StoreRefused(rules.NOBODY, where=entry.case_id)
        if entry.kind == rules.IMPOSED and not any(
            e.kind == rules.CONFIRMED and e.person and e.body.get("of") == entry.body.get("of") for e in before
        ):
            raise StoreRefused(rules.UNCONFIRMED, where=entry.case_id)
        filed = max((e.number for e in before if e.kind == rules.APPEALED), default=0)
        took_part = any(e.person == name and e.kind != rules.SPOKE and e.number < filed for e in before)
        if entry.kind in rules.ANSWERS and name and took_part:
            raise StoreRefused(rules.PARTIAL, where=entry.case_id)

    def _send(self, moves: Moves, head: CaseHead) -> None:
        state, at = self._state, moves.entries[-1].at
        for message in moves.messages:
            if state.key(message.recipient) is None:
                raise StoreRefused("a notice to an account that was erased", where=message.id)
            if message.id in state.messages:
                raise StoreRefused("a message of this id is on its way already", where=message.id)
            state.messages[message.id] = Queued(item=message, case_id=head.case_id, next_at=at)
        for effect in moves.effects:
            if effect.id in state.effects:
                raise StoreRefused("an effect of this id is on its way already", where=effect.id)
            state.effects[effect.id] = Queued(item=effect, case_id=head.case_id, next_at=at)
        for effect_id in set(moves.withdrawn) & set(state.effects):
            state.effects[effect_id].withdrawn = True


def _opened(kept: Linked, key: bytes | None) -> CaseEntry:
    entry = kept.entry
    return opened(entry.case_id, entry.number, entry.at, entry.kind, entry.author, kept.body, key)


def _place(head: CaseHead) -> tuple[int, datetime, str]:
    return -head.urgency, head.opened_at, head.case_id


def _fixed(head: CaseHead) -> tuple[str, str, datetime]:
    return head.account_id, head.procedure, head.opened_at
