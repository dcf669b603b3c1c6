"""The databases and the store in memory, asked to do the same at random, answer the same."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from evenhand.conformance.store.course import BEGAN, entry, head, with_people
from evenhand.decisions.case.entry import CaseHead, EffectEvent, Message, Moves
from evenhand.errors import StoreRefused
from evenhand.ports import Store
from evenhand.stores.memory.store import MemoryStore
from evenhand.stores.sql.store import open_store
from tests.conformance.stores import DATABASES, signer

KINDS = ("opened", "confirmed", "imposed", "appealed", "spoke", "upheld", "reversed", "closed")
AUTHORS = ("engine", "clock", "member", "person:ana", "person:ben", "person:eve")
STEPS = 250


def act(rng: random.Random, lengths: dict[str, int]) -> tuple[Moves, CaseHead]:
    """Some entries on some case, most of them numbered as they should be, many of them against a rule."""
    account = f"m{rng.randrange(4)}"
    case_id = f"c{rng.randrange(8)}"
    first = lengths.get(case_id, 0) + rng.choice((1, 1, 1, 1, 1, 0, 2))
    entries = tuple(
        entry(case_id, first + n, rng.choice(KINDS), rng.choice(AUTHORS), of=rng.randrange(1, 4), reason=f"{n}")
        for n in range(rng.randrange(1, 4))
    )
    name = f"{case_id}/{first}/{rng.randrange(2)}"
    effect = EffectEvent(id=name, account_id=account, name="visibility", value=[rng.random()])
    message = Message(id=name, recipient=account, notice={"text": str(rng.random())})
    moves = Moves(
        entries=entries,
        messages=(message,) if rng.random() < 0.5 else (),
        effects=(effect,) if rng.random() < 0.5 else (),
        withdrawn=(f"{case_id}/1/0",) if rng.random() < 0.1 else (),
    )
    stage = rng.choice(("deciding", "appealed", "closed"))
    due = BEGAN + timedelta(hours=rng.randrange(90)) if rng.random() < 0.5 else None
    return moves, head(case_id, account, stage, due_at=due, urgency=rng.randrange(3))


def said(deed: Callable[[], object]) -> object:
    """What a deed returns, or how it was refused."""
    try:
        return deed()
    except StoreRefused as refusal:
        return type(refusal).__name__


def answer(store: Store, step: int, seed: int, lengths: dict[str, int]) -> object:
    """One random deed, the same for every store that is given the same seed."""
    rng = random.Random(seed * 100_000 + step)  # noqa: S311  # a course of events, no secret
    now, lease = BEGAN + timedelta(hours=step), timedelta(hours=rng.randrange(1, 40))
    deeds: list[Callable[[], object]] = [
        lambda: store.append_all([act(rng, lengths) for _ in range(rng.randrange(1, 4))]),
        lambda: store.append(*(made := act(rng, lengths))[:1], head=made[1]),
        lambda: store.append(*(made := act(rng, lengths))[:1], head=made[1]),
        lambda: [(c.message, c.attempt) for c in store.claim_messages(now, lease, rng.randrange(1, 4))],
        lambda: [(c.effect, c.attempt) for c in store.claim_effects(now, lease, rng.randrange(1, 4))],
        lambda: store.settle_message(f"c{rng.randrange(8)}/1/{rng.randrange(2)}", now, "accepted"),
        lambda: store.acknowledge_effect(f"c{rng.randrange(8)}/1/{rng.randrange(2)}", now),
        lambda: store.put_off_message(f"c{rng.randrange(8)}/1/0", rng.randrange(3), now + lease),
        lambda: store.queue(stage="deciding", after=None, limit=5),
        lambda: (store.due(now, 5), store.open_case(f"m{rng.randrange(4)}", "mismatch")),
    ]
    return said(rng.choice(deeds))


def state(store: Store) -> object:
    """All that can be read, but for hashes and sequences."""
    heads = list(store.heads())
    return heads, [(store.read(h.case_id), store.messages(h.case_id)) for h in heads], store.verify().findings


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("database", DATABASES)
def test_databases_answer_as_the_memory_does(database: str, seed: int, tmp_path: Path) -> None:
    """Hundreds of random deeds, half of them against a rule: every answer, every refusal and the end are the same."""
    with DATABASES[database](tmp_path) as url, closing(open_store(url, signer=signer())) as store:
        twin = MemoryStore(signer())
        lengths: dict[str, int] = {}
        answers = set()
        for each in (store, twin):
            with_people(each, "ana", "ben")
        for step in range(STEPS):
            found = answer(store, step, seed, lengths)
            assert found == answer(twin, step, seed, lengths), step
            answers.add(str(found))
            lengths = {h.case_id: len(twin.read(h.case_id)) for h in twin.heads()}
        assert state(store) == state(twin)
        assert {"Outdated", "StoreRefused", "True", "False"} <= answers
        assert len(lengths) > 1
