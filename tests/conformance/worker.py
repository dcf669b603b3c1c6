"""A program that works on a store until it is done, or until it kills itself: what the crash tests run.

    python -m tests.conformance.worker URL JOB RUN POINT RECEIVED

JOB is `append` (three acts on each of twenty cases), `deliver` (what waits in the outbox) or `share` (turns in one
case). RUN counts the starts and moves the clock. At the POINT-th call to the database the program kills itself as
`kill -9` does; never, if POINT is 0. RECEIVED is a file: it stands for the outside, which remembers what reached it.
"""

from __future__ import annotations

import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from pathlib import Path

from sqlalchemy import event

from evenhand.conformance.store.course import BEGAN, closed_head, closing, confirming, head, opening
from evenhand.conformance.store.together import speak
from evenhand.decisions.case.entry import CLOSED, CaseHead, Moves
from evenhand.stores.audit.checkpoint import Signer
from evenhand.stores.sql.store import SqlStore, open_store

CASES = 20
BATCH = 4
LEASE = timedelta(minutes=5)


def acts(case: int) -> list[tuple[Moves, CaseHead]]:
    """The three acts on a case: opened, confirmed and imposed, closed."""
    name, account = f"c{case:02d}", f"m{case:02d}"
    return [
        (opening(name, account), head(name, account)),
        (confirming(name), head(name, account, "in force")),
        (closing(name, 5), closed_head(name, account)),
    ]


def append(store: SqlStore, received: Path) -> None:
    """Do what is not done yet: cases one by one, those of the last eight in batches; tell each act once it is kept."""
    done = {head.case_id for head in store.heads() if head.stage == CLOSED}
    for case in range(CASES - 2 * BATCH):
        for moves, after in acts(case) if f"c{case:02d}" not in done else ():
            if moves.entries[0].number > len(store.read(after.case_id)):
                store.append(moves, head=after)
                tell(received, f"{after.case_id}/{moves.entries[-1].number}")
        store.checkpoint(BEGAN + timedelta(days=case))
    for first in range(CASES - 2 * BATCH, CASES, BATCH):
        for together in zip(*(acts(case) for case in range(first, first + BATCH)), strict=True):
            number = together[0][0].entries[0].number
            if number > len(store.read(together[0][1].case_id)):
                store.append_all(list(together))
                for moves, after in together:
                    tell(received, f"{after.case_id}/{moves.entries[-1].number}")


def deliver(store: SqlStore, received: Path, run: int) -> None:
    """Empty the outbox: each message and effect is handed over, then settled."""
    now = BEGAN + timedelta(days=30, hours=run)
    while claimed := store.claim_messages(now, LEASE, BATCH):
        for claim in claimed:
            tell(received, claim.message.id)
            store.settle_message(claim.message.id, now, "accepted")
    while taken := store.claim_effects(now, LEASE, BATCH):
        for held in taken:
            tell(received, held.effect.id)
            store.acknowledge_effect(held.effect.id, now)


def share(store: SqlStore, run: int) -> None:
    """Four threads speak in one case, two turns each, beside other processes that do the same."""
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda thread: [speak(store, "c00", run * 100 + thread, act) for act in range(2)], range(4)))


def tell(received: Path, line: str) -> None:
    """Let the outside know, beyond the reach of any kill."""
    with received.open("a") as file:
        file.write(line + "\n")


def die_at(store: SqlStore, point: int) -> None:
    """Kill this process at that call to the database: before or after a statement, at a beginning or a commit."""
    calls = count(1)

    def reached(*_: object, **__: object) -> None:
        if next(calls) == point:
            os.kill(os.getpid(), signal.SIGKILL)

    for name in ("begin", "before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(store._database.engine, name, reached)  # there is no other way to stand at the seam


def main() -> None:
    """Do one job."""
    url, job, run, point, received = sys.argv[1:]
    store = open_store(url, signer=Signer.new())
    die_at(store, int(point))
    if job == "append":
        append(store, Path(received))
    elif job == "deliver":
        deliver(store, Path(received), int(run))
    else:
        share(store, int(run))
    store.close()


if __name__ == "__main__":
    main()
