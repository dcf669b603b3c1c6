"""Messages and effects leave on lease, again until they are answered, and are answered once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from evenhand.conformance.store.course import BEGAN, entry, head, hold, imposed_case, opening, same, with_people
from evenhand.decisions.case.entry import EffectEvent, Moves
from evenhand.ports import Store

NOW: Final = BEGAN + timedelta(days=1)
LEASE: Final = timedelta(minutes=5)


def a_message_is_leased_until_it_is_settled(store: Store) -> None:
    """Nobody else gets it while the lease runs; whoever asks after that does; once settled, nobody."""
    store.append(opening("c1", "m"), head=head("c1", "m"))
    message = opening("c1", "m").messages[0]
    same(store.claim_messages(BEGAN, LEASE, 10), [], "messages claimed before they were written")
    same([(c.message, c.attempt) for c in store.claim_messages(NOW, LEASE, 10)], [(message, 1)], "a first claim")
    same(store.claim_messages(NOW + LEASE / 2, LEASE, 10), [], "a claim while the lease runs")
    second = store.claim_messages(NOW + LEASE, LEASE, 10)
    same([(c.message, c.attempt) for c in second], [(message, 2)], "a claim after the lease")
    hold(store.settle_message(message.id, NOW, "accepted"), "a late answer of the first worker was lost")
    hold(not store.settle_message(message.id, NOW + LEASE, "failed"), "a message was settled twice")
    same(store.claim_messages(NOW + timedelta(days=9), LEASE, 10), [], "a claim of what is settled")
    sent = store.messages("c1")[0]
    same((sent.settled_at, sent.outcome, sent.attempts), (NOW, "accepted", 2), "what is on record")
    hold(not store.settle_message("nothing", NOW, "accepted"), "a message that nobody wrote was settled")


def a_message_is_put_off_by_who_holds_it(store: Store) -> None:
    """Put off, it waits until then; a worker whose lease has passed to another puts off nothing."""
    store.append(opening("c1", "m"), head=head("c1", "m"))
    (first,) = store.claim_messages(NOW, LEASE, 1)
    later = NOW + timedelta(hours=1)
    hold(store.put_off_message(first.message.id, first.attempt, later), "the holder could not put off")
    same(store.claim_messages(later - LEASE, LEASE, 10), [], "a claim before the time that it was put off to")
    (second,) = store.claim_messages(later, LEASE, 10)
    hold(not store.put_off_message(first.message.id, first.attempt, NOW), "a worker put off what another holds")
    hold(store.settle_message(second.message.id, later, "failed"), "the holder could not give up")
    hold(not store.put_off_message(second.message.id, second.attempt, NOW), "what is settled was put off")


def the_oldest_leave_first(store: Store) -> None:
    """As many as were asked for, those that wait longest."""
    for n in range(3):
        store.append(opening(f"c{n}", f"m{n}"), head=head(f"c{n}", f"m{n}"))
    with_people(store, "ana")
    imposed_case(store, "c9", "m9")
    claimed = [claim.message.id for claim in store.claim_messages(NOW, LEASE, 4)]
    same(claimed, ["c0/2/hearing", "c1/2/hearing", "c2/2/hearing", "c9/2/hearing"], "the first four")
    same([c.message.id for c in store.claim_messages(NOW, LEASE, 4)], ["c9/4/statement"], "the rest")


def an_effect_is_undone_after_it_was_acknowledged(store: Store) -> None:
    """What undoes an effect waits for it, so that the two cannot overtake each other; each is acknowledged once."""
    with_people(store, "ana")
    imposed_case(store)
    proposing, visibility = (claim.effect for claim in store.claim_effects(NOW, LEASE, 10))
    same((proposing.value, visibility.value), (False, {"lists": 0.5}), "values of effects")
    undo = EffectEvent(id="c1/5/undo", account_id="m", name="proposing", value=None, undoes=proposing.id)
    ended = entry("c1", 5, "expired", "clock", of=2, effects=[], withdrawn=[], notice=None)
    store.append(Moves(entries=(ended,), effects=(undo,)), head=head("c1", "m"))
    same(store.claim_effects(NOW, LEASE, 10), [], "an undoing before what it undoes")
    hold(store.acknowledge_effect(proposing.id, NOW), "an effect could not be acknowledged")
    hold(not store.acknowledge_effect(proposing.id, NOW), "an effect was acknowledged twice")
    same([claim.effect for claim in store.claim_effects(NOW, LEASE, 10)], [undo], "an undoing after what it undoes")
    (again,) = store.claim_effects(NOW + LEASE, LEASE, 1)
    same((again.effect, again.attempt), (visibility, 2), "an effect that was not acknowledged in time")
    hold(store.put_off_effect(again.effect.id, 2, NOW + 9 * LEASE), "the holder could not put off an effect")
    hold(not store.put_off_effect(again.effect.id, 1, NOW), "a worker put off an effect that another holds")


def a_withdrawn_effect_is_taken_back_where_it_has_left(store: Store) -> None:
    """One that never left stays; one that did is handed out as withdrawn, until somebody has answered for it."""
    with_people(store, "ana")
    imposed_case(store)
    (out,) = store.claim_effects(NOW, LEASE, 1)
    gone = tuple(f"c1/4/{name}" for name in ("proposing", "visibility"))
    ended = entry("c1", 5, "lapsed", "clock", of=2, effects=[], withdrawn=list(gone), clock="notice", notice=None)
    store.append(Moves(entries=(ended,), withdrawn=gone), head=head("c1", "m"))
    same([claim.withdrawn for claim in (out, *store.claim_effects(NOW, LEASE, 10))], [False], "claims on lease")
    (back,) = store.claim_effects(NOW + LEASE, LEASE, 10)
    same((back.effect, back.withdrawn, back.attempt), (out.effect, True, 2), "a withdrawn effect that had left")
    hold(store.acknowledge_effect(out.effect.id, NOW), "an effect withdrawn while it was out was not acknowledged")
    same(store.claim_effects(NOW + 9 * LEASE, LEASE, 10), [], "withdrawn effects that were claimed in the end")


CHECKS: Final[Sequence[Callable[[Store], None]]] = (
    a_message_is_leased_until_it_is_settled,
    a_message_is_put_off_by_who_holds_it,
    the_oldest_leave_first,
    an_effect_is_undone_after_it_was_acknowledged,
    a_withdrawn_effect_is_taken_back_where_it_has_left,
)
