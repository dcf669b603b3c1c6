"""Every store passes every check of the shipped suite, and the suite finds a store that does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from evenhand.conformance.store import CHECKS, StoreFails, appending, outbox
from evenhand.decisions.case.kept import Outcome
from evenhand.ports import Store
from evenhand.stores.memory.store import MemoryStore
from evenhand.stores.sql.store import open_store
from tests.conformance.stores import DATABASES, signer


@pytest.fixture(params=["memory", *DATABASES])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A new, empty store of each kind."""
    if request.param == "memory":
        yield MemoryStore(signer())
        return
    with DATABASES[request.param](tmp_path) as url:
        opened = open_store(url, signer=signer())
        yield opened
        opened.close()


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: str(check.__name__))
def test_a_store_keeps_its_promises(check: Callable[[Store], None], store: Store) -> None:
    """Each check of the shipped suite, on each store."""
    check(store)


class Forgetful(MemoryStore):
    """A store that settles a message as often as it is asked to."""

    def settle_message(self, message_id: str, now: object, outcome: Outcome) -> bool:
        """Says yes, and forgets."""
        return True


def test_a_store_that_breaks_a_promise_is_found() -> None:
    """The suite fails on a store that forgets what it was told, at the checks that speak of it."""
    failed = []
    for check in (*appending.CHECKS, *outbox.CHECKS):
        try:
            check(Forgetful(signer()))
        except StoreFails:
            failed.append(check)
    assert failed == [outbox.a_message_is_leased_until_it_is_settled, outbox.a_message_is_put_off_by_who_holds_it]
