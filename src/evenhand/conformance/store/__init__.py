"""What any store must pass, shipped so that a store may live elsewhere.

    for check in CHECKS:
        check(store)  # a new, empty store that can sign, for every check

A check raises `StoreFails` where the store does not keep what `ports.Store` promises.
"""

from collections.abc import Callable, Sequence
from typing import Final

from evenhand.conformance.store import appending, documents, finding, log, outbox, people, rules, together
from evenhand.conformance.store.course import StoreFails
from evenhand.ports import Store

CHECKS: Final[Sequence[Callable[[Store], None]]] = (
    *appending.CHECKS,
    *rules.CHECKS,
    *finding.CHECKS,
    *outbox.CHECKS,
    *people.CHECKS,
    *documents.CHECKS,
    *log.CHECKS,
    *together.CHECKS,
)
"""Every check, each named as its claim."""

__all__ = ["CHECKS", "StoreFails"]
