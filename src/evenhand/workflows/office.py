"""How anything is done in a case: read it, let the clock move it, act, write the letters, keep it all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from evenhand.appeals.token import token
from evenhand.decisions.case.case import Case
from evenhand.decisions.case.clock import tick
from evenhand.decisions.case.entry import CLOCK, ENGINE, MARKETPLACE, CaseEntry, CaseHead, Moves
from evenhand.decisions.case.fold import advance, fold
from evenhand.decisions.case.head import head
from evenhand.decisions.case.kept import PublishedPolicy
from evenhand.errors import ActRefused, Outdated
from evenhand.notices.compose import write
from evenhand.notices.facts import House
from evenhand.ports import Store

Deed = Callable[[Case, datetime], Moves]
"""What somebody does in a case at a time; raises `ActRefused`."""

ATTEMPTS: Final = 100
"""How often an act is tried on a case that others keep acting on; each failure is the success of another."""

SKEW: Final = timedelta(minutes=5)
"""By how much the clocks of two machines may differ; within it, an act happens no earlier than what it builds on."""

UNWRITTEN: Final = frozenset({ENGINE, CLOCK, MARKETPLACE})
"""Authors of entries that are nobody's words."""

TOKEN: Final = "{token}"  # noqa: S105  # the place of a token, not one
"""Where the token of a letter stands in the house's appeal link."""


@dataclass(frozen=True, kw_only=True)
class Office:
    """Where cases are kept, in whose name letters are written, and the secret that signs the links in them."""

    store: Store
    house: House
    secret: bytes

    def case(self, case_id: str, now: datetime) -> Case:
        """The case as it stands; raises `ActRefused` if there is none."""
        return _fold(case_id, self.store.read(case_id), now)[0]

    def act(self, case_id: str, deed: Deed, now: datetime) -> Case:
        """Do one thing in a case, after all that is due; again on what the case is then, where somebody was first.

        Raises what the deed raises; what was due is kept all the same.
        """
        for _ in range(ATTEMPTS):
            case, at = _fold(case_id, self.store.read(case_id), now)
            try:
                case = self._keep(case, tick(case, at))
                return self._keep(case, deed(case, at))
            except Outdated:
                continue
        raise ActRefused("others keep acting on this case", where=case_id, hint="try again in a minute")

    def _keep(self, case: Case, moves: Moves) -> Case:
        """The case with these moves, once they are kept; raises `Outdated` where somebody was first."""
        if moves.entries:
            self.store.append_all([self.kept(case, moves)])
        return advance(case, moves)

    def act_on(self, case_id: str, seen: int, deed: Deed, now: datetime) -> Case:
        """Do one thing in a case of which its `seen` first entries were looked at.

        Refused where the member or a person has written since: nobody decides on an answer that they have not read.
        """

        def looked(case: Case, at: datetime) -> Moves:
            if any(entry.author not in UNWRITTEN for entry in case.entries[seen:]):
                raise ActRefused("somebody wrote since you looked", where=case_id, hint="look at the case again (R22)")
            return deed(case, at)

        return self.act(case_id, looked, now)

    def tick(self, case_id: str, now: datetime) -> Case:
        """Let the clock do in a case what has fallen due, once however many try."""
        return self.act(case_id, lambda _, __: Moves(), now)

    def due(self, case_id: str, now: datetime) -> Sequence[tuple[Moves, CaseHead]]:
        """What the clock has to do in a case, ready to be kept; nothing where nothing is due."""
        case, at = _fold(case_id, self.store.read(case_id), now)
        moves = tick(case, at)
        return [self.kept(case, moves)] if moves.entries else []

    def kept(self, case: Case, moves: Moves) -> tuple[Moves, CaseHead]:
        """The moves with their letters, and the head of the case with them; raises `NoticeRefused`, `ActRefused`."""
        after = advance(case, moves)
        try:
            return write(after, moves, self._house, _language(after)), head(after)
        except UnicodeEncodeError as error:
            raise ActRefused(f"a text that is none: {error.reason}", where=case.case_id, hint="write it anew") from None

    def _house(self, message: str) -> House:
        return replace(self.house, appeal_link=self.house.appeal_link.replace(TOKEN, token(self.secret, message)))

    def policy(self, policy_hash: str) -> PublishedPolicy:
        """The published policy that a decision names; raises `ActRefused` if the store has none."""
        found = self.store.policy(policy_hash)
        if found is None:
            raise ActRefused("no such policy is published here", where=policy_hash, hint="publish it first")
        return found


def _fold(case_id: str, entries: Sequence[CaseEntry], now: datetime) -> tuple[Case, datetime]:
    """The case, and the time at which it may be acted on; entries of a clock that is a little ahead are seen."""
    if not entries:
        raise ActRefused("no such case", where=case_id, hint="`evenhand cases` lists them")
    at = max(now, entries[-1].at)
    if at > now + SKEW:
        raise ActRefused("the case has entries later than this clock", where=case_id, hint="read the clock again")
    return fold(entries, at), at


def _language(case: Case) -> str | None:
    """The language of the account, as the evidence of its latest proposal names it."""
    spoken = case.measures[-1].evidence.get("language") if case.measures else None
    return spoken if isinstance(spoken, str) else None
