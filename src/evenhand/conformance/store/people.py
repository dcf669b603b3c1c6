"""People are on record with their roles, and known by their passphrase."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from evenhand.conformance.store.course import BEGAN, WORDS, refused, same, with_people
from evenhand.decisions.case.kept import Person
from evenhand.errors import StoreRefused
from evenhand.ports import Store


def people_are_known_by_their_passphrase(store: Store) -> None:
    """By theirs and by no other; a name is taken once, and who is disabled is let in no more."""
    store.add_person("zoë", ["senior", "admin"], WORDS, BEGAN)
    zoe = Person(name="zoë", roles=frozenset({"senior", "admin"}), added_at=BEGAN)
    same(store.authenticate("zoë", WORDS), zoe, "the person")
    refused(lambda: store.authenticate("zoë", "another"), StoreRefused, "a wrong passphrase")
    refused(lambda: store.authenticate("nobody", WORDS), StoreRefused, "an unknown name")
    refused(lambda: store.add_person("zoë", [], "mine", BEGAN), StoreRefused, "a name that is taken")
    store.disable_person("zoë", BEGAN + timedelta(days=1))
    store.disable_person("zoë", BEGAN + timedelta(days=2))
    refused(lambda: store.authenticate("zoë", WORDS), StoreRefused, "somebody disabled")
    same([person.disabled_at for person in store.people()], [BEGAN + timedelta(days=1)], "when they were disabled")


def roles_are_replaced_as_a_whole(store: Store) -> None:
    """A person has the roles that were given last; nobody else's change."""
    with_people(store, "ana", "ben")
    store.set_roles("ben", ["senior", "auditor"])
    same([sorted(p.roles) for p in store.people()], [["reviewer"], ["auditor", "senior"]], "roles")
    store.set_roles("ben", [])
    same([sorted(p.roles) for p in store.people()], [["reviewer"], []], "roles after they were taken away")
    refused(lambda: store.set_roles("nobody", ["admin"]), StoreRefused, "roles of nobody")
    refused(lambda: store.disable_person("nobody", BEGAN), StoreRefused, "disabling nobody")


CHECKS: Final[Sequence[Callable[[Store], None]]] = (
    people_are_known_by_their_passphrase,
    roles_are_replaced_as_a_whole,
)
