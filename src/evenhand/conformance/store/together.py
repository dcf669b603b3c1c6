"""Many at once: nothing is lost, nothing doubled, and every case reads as if all had come one after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Final

from evenhand.conformance.store.course import BEGAN, entry, head, hold, opening, same
from evenhand.conformance.store.log import recompute
from evenhand.decisions.case.entry import Message, Moves
from evenhand.errors import Outdated, StoreRefused
from evenhand.ports import Store

WRITERS: Final = 32
ACTS: Final = 4
"""What each writer adds."""


def speak(store: Store, case_id: str, writer: int, act: int) -> int:
    """Add a turn to a case and a message with it, reading anew as often as another was faster; how often that was."""
    refusals = 0
    while True:
        number = len(store.read(case_id)) + 1
        turn = entry(case_id, number, "spoke", "member", of=2, text=f"{writer}/{act}", files=[], by=None, notice="turn")
        message = Message(id=f"{case_id}/{number}/turn", recipient="m", notice={"by": f"{writer}/{act}"})
        try:
            store.append(Moves(entries=(turn,), messages=(message,)), head=head(case_id, f"of {case_id}"))
        except Outdated:
            refusals += 1
        else:
            return refusals


def writers_of_one_case_wait_for_each_other(store: Store) -> None:
    """Thirty-two writers of one case: every turn is there once, numbered without a gap, with its message."""
    store.append(opening("c1", "of c1"), head=head("c1", "of c1"))
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(lambda writer: [speak(store, "c1", writer, act) for act in range(ACTS)], range(WRITERS)))
    _judge(store, ["c1"], WRITERS * ACTS)


def writers_of_many_cases_do_not_disturb_each_other(store: Store) -> None:
    """Thirty-two writers on eight cases, each on all of them in an order of its own, while checkpoints are signed."""
    names = [f"c{n}" for n in range(8)]
    store.append_all([(opening(name, f"of {name}"), head(name, f"of {name}")) for name in names])

    def write(writer: int) -> None:
        for act in range(ACTS):
            speak(store, names[(writer * 3 + act * 5) % len(names)], writer, act)
        store.checkpoint(BEGAN + timedelta(minutes=writer))

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    _judge(store, names, WRITERS * ACTS)
    same(len({made.number for made in store.checkpoints()}), len(store.checkpoints()), "numbers of checkpoints")


def one_of_many_opens_the_case(store: Store) -> None:
    """Thirty-two who open a case of the same account at the same time: one of them does (S1)."""

    def open_one(writer: int) -> bool:
        try:
            store.append(opening(f"c{writer}", "m"), head=head(f"c{writer}", "m"))
        except Outdated:
            return False
        return True

    with ThreadPoolExecutor(WRITERS) as pool:
        opened = sum(pool.map(open_one, range(WRITERS)))
    same((opened, len(store.cases_of("m"))), (1, 1), "cases that were opened, and that there are")


def many_workers_share_the_outbox(store: Store) -> None:
    """Thirty-two workers empty it: every message is leased to exactly one of them and settled once."""
    acts = [(opening(f"c{n:03d}", f"m{n}"), head(f"c{n:03d}", f"m{n}")) for n in range(96)]
    store.append_all(acts)
    now = BEGAN + timedelta(days=1)

    def work(_: int) -> list[str]:
        own: list[str] = []
        while claimed := store.claim_messages(now, timedelta(minutes=5), 3):
            own += [claim.message.id for claim in claimed if store.settle_message(claim.message.id, now, "accepted")]
        return own

    with ThreadPoolExecutor(WRITERS) as pool:
        done = [name for own in pool.map(work, range(WRITERS)) for name in own]
    same(sorted(done), [moves.messages[0].id for moves, _ in acts], "messages by who settled them")
    attempts = Counter(sent.attempts for moves, h in acts for sent in store.messages(h.case_id))
    same(attempts, {1: 96}, "attempts per message")


def writing_and_erasing_exclude_each_other(store: Store) -> None:
    """A notice to an account and its erasure at the same time: one of them is refused, and nothing waits unreadable."""

    def attempt(deed: Callable[[], None]) -> bool:
        try:
            deed()
        except StoreRefused:
            return False
        return True

    deeds: list[Callable[[], None]] = []
    for n in range(8):
        deeds.append(partial(store.append, opening(f"c{n}", f"m{n}"), head=head(f"c{n}", f"m{n}")))
        deeds.append(partial(store.erase, f"m{n}", BEGAN))
    with ThreadPoolExecutor(len(deeds)) as pool:
        done = list(pool.map(attempt, deeds))
    same([written + erased for written, erased in zip(done[::2], done[1::2], strict=True)], [1] * 8, "deeds done each")
    claimed = store.claim_messages(BEGAN + timedelta(days=1), timedelta(minutes=5), 100)
    hold(all(claim.message.notice for claim in claimed), "a notice waits that nobody can read")
    same(len(claimed), sum(done[::2]), "messages that wait")


def _judge(store: Store, names: Sequence[str], turns: int) -> None:
    """Hold the cases to what writing one after the other would have left."""
    said: list[object] = []
    for name in names:
        entries = store.read(name)
        same([e.number for e in entries], list(range(1, len(entries) + 1)), f"numbers of {name}")
        said += [e.body["text"] for e in entries[2:]]
        notices = [(sent.message.id, sent.message.notice["by"]) for sent in store.messages(name)[1:]]
        same(notices, [(f"{name}/{e.number}/turn", e.body["text"]) for e in entries[2:]], f"messages of {name}")
    hold(len(said) == len(set(map(str, said))) == turns, f"{turns} turns were taken, {len(said)} are on record")
    store.checkpoint(BEGAN + timedelta(days=2))
    recompute(list(store.export()))
    same(store.verify().findings, (), "findings")


CHECKS: Final[Sequence[Callable[[Store], None]]] = (
    writers_of_one_case_wait_for_each_other,
    writers_of_many_cases_do_not_disturb_each_other,
    one_of_many_opens_the_case,
    many_workers_share_the_outbox,
    writing_and_erasing_exclude_each_other,
)
