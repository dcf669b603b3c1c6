"""Entries are kept as they were given, all that belongs together or nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC
from typing import Final

from evenhand.conformance.store.course import (
    BEGAN,
    closed_head,
    closing,
    confirming,
    entry,
    head,
    imposed_case,
    opening,
    refused,
    same,
    with_people,
)
from evenhand.decisions.case.entry import Moves
from evenhand.errors import Outdated, StoreRefused
from evenhand.ports import Store


def what_is_kept_is_read_back(store: Store) -> None:
    """Entries, messages and the head come back as they were given, to the last character and microsecond."""
    with_people(store, "ana")
    imposed_case(store)
    same(store.read("c1"), [*opening("c1", "m").entries, *confirming("c1").entries], "entries")
    messages = [*opening("c1", "m").messages, *confirming("c1").messages]
    same([sent.message for sent in store.messages("c1")], messages, "messages")
    same(store.cases_of("m"), [head("c1", "m", "in force")], "head")
    same((store.read("c2"), store.messages("c2"), store.cases_of("n")), ([], [], []), "what nobody kept")


def a_number_is_taken_once(store: Store) -> None:
    """Who acts on a case that has grown is told to read it again, and nothing of the act is kept."""
    with_people(store, "ana")
    imposed_case(store)
    before = (store.read("c1"), store.messages("c1"), store.cases_of("m"))
    late = replace(confirming("c1"), messages=(replace(confirming("c1").messages[0], id="c1/4/other"),))
    refused(lambda: store.append(late, head=head("c1", "m")), Outdated, "a number that is taken")
    refused(lambda: store.append(opening("c1", "m"), head=head("c1", "m")), Outdated, "a case opened twice")
    same((store.read("c1"), store.messages("c1"), store.cases_of("m")), before, "the case after refused acts")


def numbers_have_no_gap(store: Store) -> None:
    """A number left out, within an act or after the case, is refused."""
    with_people(store, "ana")
    beyond = Moves(entries=(entry("c1", 2, "proposed", step="limit", items=[]),))
    refused(lambda: store.append(beyond, head=head("c1", "m")), StoreRefused, "a first entry numbered 2")
    imposed_case(store)
    refused(lambda: store.append(closing("c1", 6), head=head("c1", "m")), StoreRefused, "entry 6 after entry 4")
    torn = Moves(entries=closing("c1", 5).entries + closing("c1", 7).entries)
    refused(lambda: store.append(torn, head=head("c1", "m")), StoreRefused, "entry 7 after entry 5 in one act")
    refused(lambda: store.append(Moves(), head=head("c1", "m")), StoreRefused, "an act without an entry")
    refused(lambda: store.append(closing("c2", 5), head=head("c1", "m")), StoreRefused, "an entry of another case")
    same(len(store.read("c1")), 4, "entries after refused acts")


def a_batch_is_kept_whole_or_not_at_all(store: Store) -> None:
    """Of acts on several cases, one that is refused takes all the others with it."""
    with_people(store, "ana")
    good = [(opening(f"c{n}", f"m{n}"), head(f"c{n}", f"m{n}")) for n in range(5)]
    bad = (opening("c2", "m2"), head("c2", "m2"))
    refused(lambda: store.append_all([*good, bad]), StoreRefused, "two acts on one case")
    unconfirmed = (Moves(entries=(entry("c9", 1, "imposed", "clock", of=2),)), head("c9", "m9"))
    refused(lambda: store.append_all([*good, unconfirmed]), StoreRefused, "a batch with an act that breaks a rule")
    same([len(store.read(f"c{n}")) for n in range(5)], [0] * 5, "entries of a refused batch")
    same(list(store.heads()), [], "heads of a refused batch")
    store.append_all(good)
    same([len(store.read(f"c{n}")) for n in range(5)], [2] * 5, "entries of a batch")


def an_account_has_one_open_case_per_procedure(store: Store) -> None:
    """A second one is refused as long as the first is not closed; one of another procedure is not (S1)."""
    store.append(opening("c1", "m"), head=head("c1", "m"))
    same(store.open_case("m", "mismatch"), "c1", "the open case")
    refused(lambda: store.append(opening("c2", "m"), head=head("c2", "m")), Outdated, "a second open case")
    other = head("c3", "m", procedure="linkage")
    store.append(opening("c3", "m", "linkage"), head=other)
    same(store.open_case("m", "linkage"), "c3", "the open case of another procedure")
    again = (opening("b2", "m"), head("b2", "m"))
    store.append_all([again, (closing("c1", 3), closed_head("c1", "m"))])
    same(store.open_case("m", "mismatch"), "b2", "the open case after one closed and another opened at once")
    same(store.open_case("n", "mismatch"), None, "the open case of nobody")


def times_are_without_a_zone(store: Store) -> None:
    """A time with a zone is refused: it would come back as another."""
    zoned = replace(opening("c1", "m").entries[0], at=BEGAN.replace(tzinfo=UTC))
    refused(lambda: store.append(Moves(entries=(zoned,)), head=head("c1", "m")), StoreRefused, "a time with a zone")


CHECKS: Final[Sequence[Callable[[Store], None]]] = (
    what_is_kept_is_read_back,
    a_number_is_taken_once,
    numbers_have_no_gap,
    a_batch_is_kept_whole_or_not_at_all,
    an_account_has_one_open_case_per_procedure,
    times_are_without_a_zone,
)
