"""The whole process in random order, kept in a store: what the story allows is kept, and reads as the story has it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from evenhand.decisions.case.entry import Moves
from evenhand.decisions.case.fold import fold
from evenhand.decisions.case.head import head
from evenhand.decisions.case.kept import Role
from evenhand.decisions.case.lines import lines
from evenhand.decisions.case.writing import moves_of
from evenhand.ports import Store
from evenhand.stores.memory.store import MemoryStore
from evenhand.stores.sql.store import open_store
from tests.conformance.stores import signer
from tests.story import test_due_process
from tests.story.process.world import PEOPLE, START, House
from tests.story.test_due_process import ACCOUNTS, DueProcess

Opening = Callable[[Path], AbstractContextManager[Store]]


class KeptHouse(House):
    """A house that also appends every act to a store."""

    def __init__(self, opened: AbstractContextManager[Store]) -> None:
        super().__init__()
        self.opened = opened
        self.store = opened.__enter__()

    def let_go(self) -> None:
        """Close the store."""
        self.opened.__exit__(None, None, None)

    def add(self, case_id: str, moves: Moves) -> None:
        """Append, with the head that the case then has."""
        super().add(case_id, moves)
        if moves.entries:
            self.store.append(moves, head=head(fold(self.cases[case_id], moves.entries[-1].at)))


def with_everybody(store: Store) -> None:
    """Put the people of the house on record."""
    for person in PEOPLE.values():
        store.add_person(person.name, [role for role in get_args(Role) if role in person.roles], "passphrase", START)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of SQLite in which the people of the house are on record; each course of events gets a copy."""
    folder = tmp_path_factory.mktemp("template")
    store = open_store(f"sqlite:///{folder}/cases.db")
    with_everybody(store)
    store.close()
    return folder / "cases.db"


@contextmanager
def in_sqlite(template: Path) -> Iterator[Store]:
    """A store in a file."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(template, f"{folder}/cases.db")
        store = open_store(f"sqlite:///{folder}/cases.db", signer=signer())
        yield store
        store.close()


@contextmanager
def in_memory(template: Path) -> Iterator[Store]:
    """A store in memory, with the same people."""
    store, kept = MemoryStore(signer()), open_store(f"sqlite:///{template}")
    store._state.people = {person.name: person for person in kept.people()}
    kept.close()
    yield store


class KeptDueProcess(DueProcess):
    """Every act of every door, kept; each course of events in a store of its own."""

    def everything_holds(self) -> None:
        """The story's own test holds its invariants; here they are not asked again."""

    def teardown(self) -> None:
        """What was kept is what the story has: entries, heads, ledger, messages, effects, hashes."""
        house = getattr(self, "house", None)
        if isinstance(house, KeptHouse):
            judge(house)
            house.let_go()


def judge(house: KeptHouse) -> None:
    """Hold the store to the entries of the house, and everything beside the entries to what they amount to."""
    store = house.store
    kept_lines = [line for procedure in sorted(set(ACCOUNTS.values())) for line in store.ledger(procedure)]
    told = []
    for case_id, entries in house.cases.items():
        case = fold(entries, house.now)
        assert list(store.read(case_id)) == entries
        told += list(lines(case))
        rebuilt = [move for entry in entries for move in moves_of(case.account_id, entry).messages]
        assert [sent.message.id for sent in store.messages(case_id)] == [message.id for message in rebuilt]
    assert sorted(map(str, kept_lines)) == sorted(map(str, told))
    heads = {kept.case_id: kept for kept in store.heads()}
    assert heads == {case_id: head(fold(entries, house.now)) for case_id, entries in house.cases.items()}
    store.checkpoint(house.now)
    assert store.verify().findings == ()


@pytest.mark.parametrize(("opening", "examples"), [(in_memory, 20), (in_sqlite, 8)], ids=["memory", "sqlite"])
def test_the_process_is_kept(template: Path, opening: Opening, examples: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every act that the story allows, the store keeps; what lies beside the entries equals what is made of them."""
    monkeypatch.setattr(test_due_process, "House", lambda: KeptHouse(opening(template)))
    run_state_machine_as_test(
        KeptDueProcess,
        settings=settings(
            max_examples=examples, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
