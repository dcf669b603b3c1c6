"""People in memory."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from evenhand.decisions.case.kept import Person, Role
from evenhand.errors import StoreRefused
from evenhand.stores import passphrase as passphrases
from evenhand.stores.memory.state import State


class MemoryPeople:
    """The part `People` of the port; what each method promises stands there."""

    def __init__(self, state: State) -> None:
        self._state = state

    def add_person(self, name: str, roles: Collection[Role], passphrase: str, now: datetime) -> None:
        """Names are taken once."""
        kept = passphrases.hashed(passphrase)
        with self._state.lock:
            if name in self._state.people:
                raise StoreRefused("the name is taken", where=name, hint="every person has a name of their own")
            self._state.people[name] = Person(name=name, roles=frozenset(roles), added_at=now)
            self._state.passphrases[name] = kept

    def set_roles(self, name: str, roles: Collection[Role]) -> None:
        """All at once."""
        with self._state.lock:
            self._state.people[name] = replace(self._state.person(name), roles=frozenset(roles))

    def disable_person(self, name: str, now: datetime) -> None:
        """The first time stays."""
        with self._state.lock:
            person = self._state.person(name)
            self._state.people[name] = replace(person, disabled_at=person.disabled_at or now)

    def authenticate(self, name: str, passphrase: str) -> Person:
        """The same refusal whatever is wrong."""
        with self._state.lock:
            person, kept = self._state.people.get(name), self._state.passphrases.get(name)
        if not passphrases.matches(kept, passphrase) or person is None or person.disabled_at is not None:
            raise StoreRefused("no such person with this passphrase", where=name, hint="or they may act no longer")
        return person

    def people(self) -> Sequence[Person]:
        """By name."""
        with self._state.lock:
            return [self._state.people[name] for name in sorted(self._state.people)]
