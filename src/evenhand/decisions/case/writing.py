"""How acts write: parts become numbered entries, and with them the messages and the effects that they cause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from evenhand.decisions.case.body import listed
from evenhand.decisions.case.case import Case
from evenhand.decisions.case.entry import KINDS, PERSON, CaseEntry, Message, Moves
from evenhand.decisions.case.fold import events
from evenhand.decisions.case.people import Person
from evenhand.decisions.effects import EFFECTS
from evenhand.errors import ActRefused
from evenhand.policy.conditions.reasons import Json


@dataclass(frozen=True, kw_only=True)
class Part:
    """An entry before it has a number; `effects` begin with it, those of what `undoes` numbers are undone."""

    kind: str
    author: str
    body: Mapping[str, Json]
    effects: Mapping[str, Json] | None = None
    undoes: tuple[int, ...] = ()


def write(case: Case, now: datetime, *parts: Part) -> Moves:
    """The moves that these parts are, numbered on from the case."""
    moves = Moves()
    for number, part in enumerate(parts, case.last.number + 1):
        entry = CaseEntry(
            case_id=case.case_id,
            number=number,
            at=now,
            kind=part.kind,
            author=part.author,
            body=_body(case, number, part),
        )
        moves += moves_of(case.account_id, entry)
    return moves


def moves_of(account_id: str, entry: CaseEntry) -> Moves:
    """An entry with the message and the effects that it causes: what an outbox can be rebuilt from."""
    message = entry.message
    notice = {"notice": entry.body["notice"], "entry": entry.number} if message else {}
    return Moves(
        entries=(entry,),
        messages=(Message(id=message, recipient=account_id, notice=notice),) if message else (),
        effects=events(account_id, entry),
        withdrawn=tuple(str(name) for name in listed(entry.body, "withdrawn")),
    )


def _body(case: Case, number: int, part: Part) -> dict[str, Json]:
    """The fields of the kind, in full: what a part does not mention is null, and no effects."""
    fields = KINDS[part.kind].fields
    empty: dict[str, Json] = {name: [] if name in {"effects", "withdrawn"} else None for name in sorted(fields)}
    return {**empty, **part.body, **_effects(case, number, part)}


def _effects(case: Case, number: int, part: Part) -> dict[str, Json]:
    """The fields `effects` and `withdrawn`, where a part begins or undoes any."""
    if part.effects is not None:
        of = number if part.kind == "held" else part.body["of"]
        return {
            "effects": [
                {"id": f"{case.case_id}/{number}/{name}", "name": name, "value": value, "undoes": None, "of": of}
                for name, value in part.effects.items()
            ]
        }
    if not part.undoes:
        return {}
    running = [i for i in case.effects if i.of in part.undoes and i.event.undoes is None and not i.withdrawn]
    undone = {i.event.undoes for i in case.effects}
    running = [i for i in running if i.event.id not in undone and not EFFECTS[i.event.name].lasting]
    return {
        "effects": [undo(i.event.id, i.event.name, i.of) for i in running if i.acknowledged_at],
        "withdrawn": [i.event.id for i in running if i.acknowledged_at is None],
    }


def undo(effect_id: str, name: str, of: int) -> dict[str, Json]:
    """What takes an effect back: the marketplace is to restore what was there before it."""
    return {"id": f"{effect_id}/undo", "name": name, "value": None, "undoes": effect_id, "of": of}


def begin(case: Case, now: datetime) -> None:
    """Raise `ActRefused` unless time moves on: an act is never earlier than what it builds on."""
    if now < case.last.at:
        raise refused(case, "the case has entries later than this", "read the clock again")


def by(person: Person) -> str:
    """The author of what a person writes."""
    return f"{PERSON}{person.name}"


def refused(case: Case, message: str, hint: str) -> ActRefused:
    """A refusal in this case."""
    return ActRefused(message, where=case.case_id, hint=hint)


def days(count: int) -> timedelta:
    """A number of days, as a length of time."""
    return timedelta(days=count)
