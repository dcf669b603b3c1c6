"""The market-wide set formed in a store, by one tick or by ten at once: its members get notice, the rest wait (S5)."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from evenhand.decisions.case.entry import Moves
from evenhand.decisions.case.fold import fold
from evenhand.decisions.case.head import head, stage
from evenhand.decisions.case.kept import PublishedPolicy
from evenhand.ports import Store
from evenhand.stores.sql.store import open_store
from evenhand.workflows.tick import tick_all
from tests.conformance.duty import BEGAN, office
from tests.conformance.stores import DATABASES, postgresql, signer
from tests.conformance.test_due_process_kept import with_everybody
from tests.conformance.test_duties import House as Processes
from tests.story.process.world import POLICIES, START
from tests.story.process.world import House as Story
from tests.story.test_due_process import go_on

POLICY = POLICIES["mismatch"]


def waiting(store: Store, accounts: int) -> datetime:
    """Fill a store with cases whose pause people have confirmed, and which wait for the set; the time they stand at."""
    with_everybody(store)
    names = {"name": POLICY.name, "version": POLICY.version, "procedure": POLICY.procedure, "text": POLICY.text}
    store.put_policy(
        PublishedPolicy(hash=POLICY.hash, dry_run="{}", published_by=("art",), published_at=START, **names)
    )
    now = START
    for number in range(accounts):
        story, case_id = Story(), f"case-{number}"
        story.open(case_id, f"member-{number}", "mismatch")
        while stage(story.case(case_id)) != "portfolio":
            go_on(story, case_id)
        moves = Moves(entries=tuple(story.cases[case_id]), messages=tuple(story.messages), effects=tuple(story.effects))
        store.append(moves, head=head(fold(story.cases[case_id], story.now)))
        now = story.now
    return now


def stages(store: Store) -> list[str]:
    """The stage of every case."""
    return sorted(kept.stage for kept in store.heads())


@pytest.mark.parametrize("database", DATABASES)
@pytest.mark.parametrize(("accounts", "stands"), [(3, "portfolio"), (6, "notice")])
def test_the_set_admits_many_where_it_admits_no_few(database: str, accounts: int, stands: str, tmp_path: Path) -> None:
    """e = exp(12) at a weight of 6/(pi^2 20,000): five together reach 1/alpha, four do not (Theorem 2)."""
    with DATABASES[database](tmp_path) as url:
        store = open_store(url, signer=signer())
        now = waiting(store, accounts)
        done = tick_all(office(store), now)
        assert stages(store) == [stands] * accounts
        assert done.admitted == (accounts if stands == "notice" else 0)
        assert tick_all(office(store), now).admitted == 0
        store.close()


def test_ten_ticks_admit_once(tmp_path: Path) -> None:
    """Ten processes form the set at the same time: everybody is admitted once and gets one letter."""
    with postgresql(tmp_path) as url:
        store = open_store(url)
        now = waiting(store, 8)
        processes = [Processes(url).start("tick", (now - BEGAN) // timedelta(days=1) + 1) for _ in range(10)]
        assert [process.wait() for process in processes] == [0] * 10
        assert stages(store) == ["notice"] * 8
        for kept in store.heads():
            kinds = [entry.kind for entry in store.read(kept.case_id)]
            assert kinds.count("admitted") == 1
            assert sum(sent.message.id.endswith("/notice") for sent in store.messages(kept.case_id)) == 2
        store.close()
