"""Cases are found: by account, by what is due, by the order of the queue, by procedure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from evenhand.conformance.store.course import BEGAN, confirming, head, opening, same, with_people
from evenhand.decisions.case.entry import CaseHead
from evenhand.decisions.case.fold import fold
from evenhand.decisions.case.lines import lines
from evenhand.ports import Store
from evenhand.vocabulary import Procedure


def _filled(store: Store) -> list[CaseHead]:
    """Forty cases in two stages, many of them equally urgent and opened at the same time."""
    procedures: tuple[Procedure, Procedure] = ("mismatch", "circumvention")
    heads = [
        head(
            f"c{n:02d}",
            f"m{n % 20:02d}",
            "deciding" if n % 4 else "appealed",
            procedure=procedures[n // 20],
            urgency=n % 3 - 1,
            opened_at=BEGAN + timedelta(hours=n % 5),
            due_at=BEGAN + timedelta(days=n % 7) if n % 2 else None,
        )
        for n in range(40)
    ]
    store.append_all([(opening(h.case_id, h.account_id, procedures[n // 20]), h) for n, h in enumerate(heads)])
    return heads


def the_queue_is_read_page_by_page(store: Store) -> None:
    """Pages follow each other without a repeat or a gap: most urgent first, then longest open."""
    heads = _filled(store)
    for stage in ("deciding", "appealed", "nowhere"):
        wanted = sorted((h for h in heads if h.stage == stage), key=lambda h: (-h.urgency, h.opened_at, h.case_id))
        found: list[CaseHead] = []
        while page := store.queue(stage=stage, after=found[-1] if found else None, limit=7):
            found += page
        same(found, wanted, f"the queue of `{stage}`")


def what_is_due_is_found(store: Store) -> None:
    """Cases whose time has come, the longest due first; not those without one, nor those whose time comes later."""
    heads = _filled(store)
    now = BEGAN + timedelta(days=3)
    due = {h.case_id: h.due_at for h in heads if h.due_at and h.due_at <= now}
    found = store.due(now, 100)
    same(sorted(found), sorted(due), "what is due")
    same([due[case_id] for case_id in found], sorted(due.values()), "its order")
    same(list(store.due(now, 2)), list(found[:2]), "the first of it")


def an_account_sees_its_cases(store: Store) -> None:
    """All of them, the oldest first, and nobody else's; and all heads are told by case."""
    heads = _filled(store)
    own = sorted((h for h in heads if h.account_id == "m03"), key=lambda h: (h.opened_at, h.case_id))
    same((len(own), list(store.cases_of("m03"))), (2, own), "the cases of an account")
    same(list(store.heads()), heads, "all heads")


def the_ledger_is_that_of_the_cases(store: Store) -> None:
    """The records of a procedure are those of its cases and of no others (S3)."""
    heads = _filled(store)
    with_people(store, "ana")
    store.append(confirming("c07"), head=heads[7])
    cases = [fold(store.read(h.case_id), BEGAN + timedelta(days=9)) for h in heads if h.procedure == "mismatch"]
    wanted = [line for case in cases for line in lines(case)]
    same((len(wanted), list(store.ledger("mismatch"))), (21, wanted), "the ledger of a procedure")
    same(list(store.ledger("linkage")), [], "the ledger of a procedure without a case")


def the_latest_of_a_kind_come_first(store: Store) -> None:
    """Cases of a procedure by their latest entry of a kind, each once, as many as are asked for."""
    heads = _filled(store)
    with_people(store, "ana")
    for number in (3, 11, 25, 7):
        store.append(confirming(f"c{number:02d}"), head=heads[number])
    same(list(store.latest("mismatch", "confirmed", 9)), ["c07", "c11", "c03"], "the latest confirmed")
    same(list(store.latest("mismatch", "confirmed", 2)), ["c07", "c11"], "the first two of them")
    same(list(store.latest("circumvention", "confirmed", 9)), ["c25"], "those of another procedure")
    same(list(store.latest("mismatch", "reversed", 9)), [], "a kind without an entry")


CHECKS: Final[Sequence[Callable[[Store], None]]] = (
    the_queue_is_read_page_by_page,
    what_is_due_is_found,
    an_account_sees_its_cases,
    the_ledger_is_that_of_the_cases,
    the_latest_of_a_kind_come_first,
)
