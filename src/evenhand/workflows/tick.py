"""What time does to all cases: every clock that ran out, then the market-wide set, then a signature under the log."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final, get_args

from evenhand.decisions.case.entry import CaseHead, Moves
from evenhand.decisions.case.kept import Checkpoint
from evenhand.errors import ActRefused, NoticeRefused, StoreRefused
from evenhand.vocabulary import Procedure
from evenhand.workflows.form_portfolio import admit_waiting
from evenhand.workflows.office import Office
from evenhand.workflows.precedents import sweep_like

BATCH: Final = 200
"""Cases that one transaction moves."""


@dataclass(frozen=True, kw_only=True)
class Ticked:
    """What one tick did: cases moved by their clocks, cases admitted to the market-wide set, what it could not move.

    A case that is `stuck` is told with its refusal; it stops nobody else.
    """

    moved: int
    admitted: int
    stuck: tuple[tuple[str, str], ...]
    checkpoint: Checkpoint


def tick_all(office: Office, now: datetime) -> Ticked:
    """Advance everything that is due at `now`, once however many ticks run at the same time; sign the log."""
    moved, stuck, done = 0, dict[str, str](), set[str]()
    while due := _due(office, now, stuck.keys() | done):
        moved += _together(office, due, now, stuck, done)
    admitted = sum(admit_waiting(office, procedure, now, stuck) for procedure in get_args(Procedure))
    return Ticked(
        moved=moved, admitted=admitted, stuck=tuple(sorted(stuck.items())), checkpoint=office.store.checkpoint(now)
    )


def _due(office: Office, now: datetime, aside: Collection[str]) -> list[str]:
    """The next cases, those aside left out, so that one that cannot move is not asked for ever."""
    return [name for name in office.store.due(now, BATCH + len(aside)) if name not in aside]


def _together(office: Office, case_ids: list[str], now: datetime, stuck: dict[str, str], done: set[str]) -> int:
    """Move cases in one transaction; where that cannot be, each in its own.

    Where no clock has run out, like cases are looked for after a reversal (R36), and the case is `done`.
    """
    acts: list[tuple[Moves, CaseHead]] = []
    for case_id in case_ids:
        try:
            found = office.due(case_id, now)
            acts += found
            if not found:
                sweep_like(office, case_id, now)
                done.add(case_id)
        except (ActRefused, NoticeRefused, StoreRefused) as refusal:
            stuck[case_id] = str(refusal)
    try:
        office.store.append_all(acts)
    except StoreRefused:
        for _, head in acts:
            _alone(office, head.case_id, now, stuck)
    return len(acts)


def _alone(office: Office, case_id: str, now: datetime, stuck: dict[str, str]) -> None:
    try:
        office.tick(case_id, now)
    except (ActRefused, NoticeRefused, StoreRefused) as refusal:
        stuck[case_id] = str(refusal)
