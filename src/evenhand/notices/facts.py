"""What a notice says, read off the case: never written twice, and never more to others than to the member (R25)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from evenhand.decisions.case.body import listed, mapping, moment, text
from evenhand.decisions.case.case import Case, Measure
from evenhand.decisions.case.entry import PERSON, CaseEntry
from evenhand.decisions.effects import OF_HOLD, declared
from evenhand.errors import NoticeRefused
from evenhand.policy.conditions.reasons import Json

STATEMENTS: Final = frozenset({"warning", "notice", "in_force", "statement", "hold"})
"""Notices that are statements of reasons: refused if facts, rule, automation, duration or redress is missing (R25)."""

FIGURES: Final = ("decided", "wins", "fair_wins")
"""The evidence that a letter tells in figures."""


@dataclass(frozen=True, kw_only=True)
class House:
    """Who writes: the marketplace's name, whom to ask, and where an appeal is filed without the account (R26, R31)."""

    marketplace: str
    contact: str
    appeal_link: str


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that a notice may say. Lengths are in days; what does not apply is None or empty.

    `found_by` and `decided_by` say how far it was automated: `engine` or `person`, and how many people decided.
    """

    message: str
    notice: str
    case_id: str
    house: House
    step: str
    procedure: str
    fault: bool
    figures: Mapping[str, float]
    condition: str
    items: tuple[Mapping[str, object], ...]
    policy: str
    found_by: str
    decided_by: int
    at: datetime
    until: datetime | None
    review_at: datetime | None
    cure_days: int | None
    notice_days: int
    days: int | None
    review_days: int | None
    answer_days: int
    appeal_days: int
    appeal_answer_days: int
    effects: Mapping[str, Json]
    lost: tuple[str, ...]
    ground: str | None
    clock: str | None
    words: str | None

    def missing(self) -> tuple[str, ...]:
        """What a statement of reasons lacks (R25); nothing for any other notice."""
        ends = (self.until, self.review_at, self.cure_days, self.days, self.review_days)
        parts = {
            "facts": self.items if self.fault else len(self.figures) == len(FIGURES),
            "rule": self.policy and self.condition,
            "automation": self.found_by and self.decided_by,
            "duration": any(end is not None for end in ends),
            "redress": self.house.contact and self.house.appeal_link and self.appeal_days,
        }
        return tuple(name for name, there in parts.items() if not there) if self.notice in STATEMENTS else ()


def facts(case: Case, number: int, house: House) -> Facts:
    """What the message of entry `number` says; raises `NoticeRefused` for an entry that sends none."""
    entry = case.entries[number - 1]
    message = entry.message
    if message is None:
        raise NoticeRefused("this entry sends nothing", where=f"{case.case_id}/{number}", hint="name one that does")
    measure = _measure(case, entry)
    proposal = case.entries[measure.number - 1].body
    terms = measure.terms
    figures = {name: measure.evidence.get(name) for name in FIGURES}
    return Facts(
        message=message,
        notice=str(entry.body["notice"]),
        case_id=case.case_id,
        house=house,
        step=measure.step,
        procedure=case.procedure,
        fault=case.procedure != "mismatch",
        figures={name: float(value) for name, value in figures.items() if isinstance(value, int | float)},
        condition=str(_when(proposal).get("condition") or ""),
        items=tuple(_item(item, case) for item in listed(proposal, "items") if isinstance(item, Mapping)),
        policy=f"{measure.policy.name} {measure.policy.version}",
        found_by="person" if case.entries[measure.number - 1].author.startswith(PERSON) else "engine",
        decided_by=max(len(measure.signed), 1 if entry.person else 0),
        at=entry.at,
        until=_moment(entry, "until"),
        review_at=_moment(entry, "review_at"),
        cure_days=terms.cure_days,
        notice_days=terms.notice_days,
        days=terms.days,
        review_days=terms.review_days,
        answer_days=case.clocks.hearing_days,
        appeal_days=case.clocks.appeal_days,
        appeal_answer_days=case.clocks.appeal_answer_days,
        effects=OF_HOLD if entry.kind == "held" else declared(measure.step, terms.effects, case.case_id),
        lost=tuple(str(word) for word in listed(entry.body, "lost")),
        ground=_text(entry, "ground") or measure.urgent,
        clock=_text(entry, "clock"),
        words=_words(case, entry, measure),
    )


def _measure(case: Case, entry: CaseEntry) -> Measure:
    """The measure that an entry is about: directly, through an appeal, or through a hold."""
    of = entry.number if entry.kind == "proposed" else entry.body["of"]
    through = {appeal.number: appeal.of for appeal in case.appeals} | {hold.number: hold.of for hold in case.holds}
    number = through.get(of, of) if isinstance(of, int) else of
    return next(measure for measure in case.measures if measure.number == number)


def _when(proposal: Mapping[str, Json]) -> Mapping[str, Json]:
    """The reason tree of the step's condition."""
    when = mapping(proposal, "reasons").get("when")
    return when if isinstance(when, Mapping) else {}


def _item(item: Mapping[str, Json], case: Case) -> Mapping[str, object]:
    """What a member is told of an item: all but who the other side is; `yours` where the account itself offered."""
    by = item.get("offered_by")
    return {
        **{name: item.get(name) for name in ("what", "words", "source", "seen_by")},
        "at": moment(item, "at"),
        "offered": by is not None,
        "yours": by == case.account_id,
    }


def _words(case: Case, entry: CaseEntry, measure: Measure) -> str | None:
    """What a person says in this letter; else why the last one who confirmed the measure did."""
    confirmed = [e for e in case.entries if e.kind == "confirmed" and e.body["of"] == measure.number]
    names = ("question", "reason", "text")
    said = (_text(e, name) for e in (entry, *reversed(confirmed)) for name in names)
    return next((words for words in said if words), None)


def _text(entry: CaseEntry, name: str) -> str | None:
    return text(entry.body, name) if entry.body.get(name) else None


def _moment(entry: CaseEntry, name: str) -> datetime | None:
    return moment(entry.body, name) if entry.body.get(name) else None
