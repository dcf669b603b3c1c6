"""What comes back from outside: proof of delivery, the member's answer, the marketplace's acknowledgement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from evenhand.decisions.case.case import Case
from evenhand.decisions.case.clock import current
from evenhand.decisions.case.entry import CLOCK, MARKETPLACE, MEMBER, Moves
from evenhand.decisions.case.fold import advance
from evenhand.decisions.case.writing import Part, begin, refused, undo, write
from evenhand.decisions.effects import lost
from evenhand.decisions.reasons import stamp
from evenhand.policy.conditions.reasons import Json


def deliver(case: Case, message: str, channel: str, proof: Mapping[str, Json], now: datetime) -> Moves:
    """Record proof that a message arrived; only now do its clocks start (R18, P1). A second proof adds nothing."""
    return _report("delivered", case, message, channel, proof, now)


def accept(
    case: Case, message: str, channel: str, proof: Mapping[str, Json], counts_at: datetime, now: datetime
) -> Moves:
    """Record that the receiver's server took a message; if no bounce comes until `counts_at`, it is delivered (P1)."""
    current(case, now)
    _check_message(case, message)
    if message in case.proofs or message in case.accepted:
        return Moves()
    body: dict[str, Json] = {
        "message": message,
        "channel": channel,
        "proof": dict(proof),
        "counts_at": stamp(counts_at),
    }
    return write(case, now, Part(kind="accepted", author=CLOCK, body=body))


def bounce(case: Case, message: str, channel: str, proof: Mapping[str, Json], now: datetime) -> Moves:
    """Record that a message did not arrive on this channel; without proof from another its measure lapses."""
    return _report("bounced", case, message, channel, proof, now)


def _report(kind: str, case: Case, message: str, channel: str, proof: Mapping[str, Json], now: datetime) -> Moves:
    current(case, now)
    _check_message(case, message)
    if message in case.proofs:
        return Moves()
    body: dict[str, Json] = {"message": message, "channel": channel, "proof": dict(proof)}
    return write(case, now, Part(kind=kind, author=CLOCK, body=body))


def _check_message(case: Case, message: str) -> None:
    if message not in {entry.message for entry in case.entries}:
        raise refused(case, f"no message is called `{message}`", "a message is named `<case>/<number>/<notice>`")


def answer(case: Case, text: str, now: datetime, *, files: Sequence[str] = (), by: str = "member") -> Moves:
    """The member's answer, or a representative's, while a proposal is undecided: the member is heard (R23)."""
    current(case, now)
    measure = case.waiting
    if measure is None or not measure.undecided:
        raise refused(case, "nothing waits for an answer", "what was decided can be appealed")
    if not text.strip() and not files:
        raise refused(case, "the answer is empty", "write something or attach a file")
    body: dict[str, Json] = {"of": measure.number, "text": text, "files": list(files), "by": by}
    return write(case, now, Part(kind="answered", author=MEMBER, body=body))


def acknowledge(case: Case, effect: str, now: datetime) -> Moves:
    """Record that the marketplace did what an effect says; a second acknowledgement adds nothing.

    An effect that was withdrawn meanwhile is undone at once. With the last undoing of a reversed case it is restored.
    """
    begin(case, now)
    issued = next((issued for issued in case.effects if issued.event.id == effect), None)
    if issued is None:
        raise refused(case, f"no effect is called `{effect}`", "an effect is named `<case>/<number>/<name>`")
    if issued.acknowledged_at is not None:
        return Moves()
    effects: list[Json] = [undo(effect, issued.event.name, issued.of)] if issued.withdrawn else []
    part = Part(kind="acknowledged", author=MARKETPLACE, body={"effect": effect, "effects": effects})
    moves = write(case, now, part)
    return moves + restoration(advance(case, moves), now)


def restoration(case: Case, now: datetime) -> Moves:
    """The entry that a reversed case is restored in full, and what could not be, once every effect is undone (R35)."""
    reversal = next((entry for entry in case.entries if entry.kind == "reversed"), None)
    undoing = any(issued.event.undoes and issued.acknowledged_at is None for issued in case.effects)
    if reversal is None or undoing or any(entry.kind == "restored" for entry in case.entries):
        return Moves()
    had = {i.event.name: i.event.value for i in case.effects if i.acknowledged_at and not i.event.undoes}
    body: dict[str, Json] = {"of": reversal.body["of"], "lost": list(lost(had)), "notice": "restored"}
    return write(case, now, Part(kind="restored", author=CLOCK, body=body))
