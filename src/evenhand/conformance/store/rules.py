"""Rules that hold whoever writes: the store itself refuses what breaks them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from evenhand.conformance.store.course import (
    BEGAN,
    confirming,
    entry,
    head,
    imposed_case,
    opening,
    refused,
    same,
    with_people,
)
from evenhand.decisions.case.entry import CaseEntry, Moves
from evenhand.errors import StoreRefused
from evenhand.ports import Store


def no_measure_is_imposed_that_no_person_confirmed(store: Store) -> None:
    """Neither without a confirmation, nor with one by the engine, nor with one of another proposal (R22)."""
    with_people(store, "ana", "ben")
    store.append(opening("c1", "m"), head=head("c1", "m"))
    imposed = entry("c1", 3, "imposed", "person:ana", of=2)
    _refused(store, "an imposed measure that nobody confirmed", imposed)
    by_engine = entry("c1", 3, "confirmed", "engine", of=2, reason=None)
    _refused(store, "an imposed measure that the engine confirmed", by_engine, entry("c1", 4, "imposed", "clock", of=2))
    other = entry("c1", 3, "confirmed", "person:ana", of=1, reason=None)
    _refused(store, "an imposed measure where another was confirmed", other, entry("c1", 4, "imposed", "clock", of=2))
    store.append(confirming("c1"), head=head("c1", "m"))
    same(len(store.read("c1")), 4, "entries after a confirmation")


def people_who_act_are_on_record(store: Store) -> None:
    """A name that nobody bears, or one who may act no longer, writes no entry (P2)."""
    with_people(store, "ana", "ben")
    store.append(opening("c1", "m"), head=head("c1", "m"))
    by_nobody = entry("c1", 3, "confirmed", "person:eve", of=2, reason="why not")
    _refused(store, "an act of nobody on record", by_nobody)
    store.disable_person("ben", BEGAN)
    _refused(store, "an act of somebody disabled", entry("c1", 3, "confirmed", "person:ben", of=2, reason="still here"))
    same(len(store.read("c1")), 2, "entries after refused acts")


def an_appeal_is_decided_by_a_second_person(store: Store) -> None:
    """Who wrote an entry before it was filed may speak in it and not decide it; anybody else may (R32)."""
    with_people(store, "ana", "ben")
    imposed_case(store)
    filed = entry("c1", 5, "appealed", "member", of=2, text="I was ill", files=[], by=None, notice=None)
    spoken = entry("c1", 6, "spoke", "person:ben", of=5, text="since when?", files=[], by=None, notice=None)
    store.append(Moves(entries=(filed, spoken)), head=head("c1", "m", "appealed"))
    for kind in ("upheld", "partly", "reversed"):
        _refused(store, f"`{kind}` by who confirmed the measure", entry("c1", 7, kind, "person:ana", of=2, appeal=5))
    by_other = entry("c1", 7, "reversed", "person:ben", of=2, appeal=5, reason="illness is protected")
    store.append(Moves(entries=(by_other,)), head=head("c1", "m"))
    same(store.read("c1")[-1], by_other, "the decision of a second person")


def a_case_keeps_its_account_and_procedure(store: Store) -> None:
    """A case cannot become another person's, nor change its procedure (R12)."""
    store.append(opening("c1", "m"), head=head("c1", "m"))
    more = Moves(entries=(entry("c1", 3, "unanswered", "clock", of=2),))
    refused(lambda: store.append(more, head=head("c1", "n")), StoreRefused, "a case given to another account")
    changed = head("c1", "m", procedure="linkage")
    refused(lambda: store.append(more, head=changed), StoreRefused, "a case of another procedure")
    same((store.cases_of("m"), len(store.read("c1"))), ([head("c1", "m")], 2), "the case after refused changes")


def _refused(store: Store, what: str, *entries: CaseEntry) -> None:
    refused(lambda: store.append(Moves(entries=entries), head=head("c1", "m")), StoreRefused, what)


CHECKS: Final[Sequence[Callable[[Store], None]]] = (
    no_measure_is_imposed_that_no_person_confirmed,
    people_who_act_are_on_record,
    an_appeal_is_decided_by_a_second_person,
    a_case_keeps_its_account_and_procedure,
)
