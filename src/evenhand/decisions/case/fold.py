"""From entries to a case: `changes` says what each kind changes, here they are put one upon the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import cast

from evenhand.decisions.case.body import listed, mapping, number, read, text
from evenhand.decisions.case.case import Case, Issued
from evenhand.decisions.case.changes import CHANGES
from evenhand.decisions.case.entry import CaseEntry, EffectEvent, Moves
from evenhand.errors import ActRefused
from evenhand.policy.conditions.reasons import Json
from evenhand.policy.profiles import Clocks
from evenhand.vocabulary import Procedure


def fold(entries: Iterable[CaseEntry], now: datetime) -> Case:
    """The case as it stood at `now`: later entries are not seen. Raises `ActRefused` where nothing opens it."""
    seen = [entry for entry in entries if entry.at <= now]
    if not seen or seen[0].kind != "opened":
        raise ActRefused("no such case", where=seen[0].case_id if seen else "a case", hint="open it first")
    case = _opened(seen[0])
    for entry in seen[1:]:
        case = _add(case, entry)
    return case


def advance(case: Case, moves: Moves) -> Case:
    """The case with what an act added to it."""
    for entry in moves.entries:
        case = _add(case, entry)
    return case


def _add(case: Case, entry: CaseEntry) -> Case:
    case = CHANGES[entry.kind](case, entry) if entry.kind in CHANGES else case
    case = _issued(case, entry)
    return replace(case, entries=(*case.entries, entry))


def _opened(entry: CaseEntry) -> Case:
    body = entry.body
    clocks = mapping(body, "clocks")
    return Case(
        case_id=entry.case_id,
        account_id=read(body, "account_id", str),
        procedure=cast("Procedure", read(body, "procedure", str)),
        regime=read(body, "regime", str),
        episode_number=read(body, "episode", int),
        gamma=number(body, "gamma"),
        clocks=Clocks(**{name: read(clocks, name, int) for name in clocks}),
        urgent_grounds=tuple(str(ground) for ground in listed(body, "urgent_grounds")),
        opened_at=entry.at,
        entries=(entry,),
    )


def _issued(case: Case, entry: CaseEntry) -> Case:
    """Effects that an entry issues or withdraws."""
    new = tuple(
        Issued(event=event, of=read(effect, "of", int), at=entry.at)
        for effect, event in zip(_effects(entry), events(case.account_id, entry), strict=True)
    )
    gone = listed(entry.body, "withdrawn")
    old = tuple(replace(i, withdrawn=True) if i.event.id in gone else i for i in case.effects)
    return replace(case, effects=old + new) if new or gone else case


def events(account_id: str, entry: CaseEntry) -> tuple[EffectEvent, ...]:
    """The events for the marketplace that an entry issues."""
    return tuple(
        EffectEvent(
            id=read(effect, "id", str),
            account_id=account_id,
            name=read(effect, "name", str),
            value=effect["value"],
            undoes=text(effect, "undoes"),
        )
        for effect in _effects(entry)
    )


def _effects(entry: CaseEntry) -> tuple[Mapping[str, Json], ...]:
    return tuple(effect for effect in listed(entry.body, "effects") if isinstance(effect, Mapping))
