"""The whole process in random order: several people, several accounts, a moving clock, sense and nonsense.

After every step, whatever it was, each invariant of `process.invariants` holds of every case.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache, partial

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from evenhand.appeals.answering import grant_partly, reverse, uphold
from evenhand.appeals.dialogue import file_appeal, join, remeasure, speak
from evenhand.decisions.case.case import Case
from evenhand.decisions.case.clock import due_at
from evenhand.decisions.case.deciding import ask, confirm, lighten, refuse
from evenhand.decisions.case.delivering import accept, acknowledge, answer, bounce, deliver
from evenhand.decisions.case.entry import Moves
from evenhand.decisions.case.holding import hold, let_go
from evenhand.decisions.case.looking import Look
from evenhand.decisions.case.portfolio import admit
from evenhand.decisions.case.proposing import propose
from evenhand.decisions.case.reviewing import close, ease, flag, keep
from evenhand.decisions.case.terms import terms
from evenhand.errors import ActRefused
from evenhand.vocabulary import Procedure
from tests.story.process.invariants import hold_all, nothing_is_sent_twice
from tests.story.process.world import EVIDENCE, LOOKED, PEOPLE, POLICIES, House, proposal

ACCOUNTS: dict[str, Procedure] = {"hal": "mismatch", "ida": "mismatch", "cy": "circumvention"}
STEPS = ("advise", "educate", "warn", "limit", "pause", "suspend", "close")
accounts = st.sampled_from(sorted(ACCOUNTS))
people = st.sampled_from(sorted(PEOPLE))
deciders = st.sampled_from(["rex", "rita", "sol", "sue"])
numbers = st.integers(min_value=0, max_value=40)
BLIND, MUTE = replace(LOOKED, opened=()), replace(LOOKED, reason="")
grounds = st.sampled_from(["fraud_in_progress", "he is annoying"])


def go_on(house: House, case_id: str) -> None:
    """One step of the ordinary course of a case: what waits is delivered, answered, decided; else time passes."""
    case = house.tick(case_id)
    procedure = case.procedure
    unread = [m.id for m in house.messages if m.id.startswith(f"{case_id}/") and m.id not in case.proofs]
    unmet = [i.event.id for i in case.effects if not i.withdrawn and i.acknowledged_at is None]
    for name in unread:
        house.add(case_id, deliver(house.case(case_id), name, "email", {}, house.now))
    for name in unmet:
        house.add(case_id, acknowledge(house.case(case_id), name, house.now))
    if unread or unmet:
        return None
    deeds: list[Callable[[Case, datetime], Moves]] = [
        lambda case, now: confirm(case, PEOPLE["rex"], LOOKED, now),
        lambda case, now: confirm(case, PEOPLE["sol"], LOOKED, now),
        lambda case, now: admit(case, [case.account_id], now),
        lambda case, now: answer(case, "I was ill", now),
        *(partial(proposes_next, step.step) for step in reversed(POLICIES[procedure].steps)),
    ]
    for deed in deeds:
        moves = Moves()
        with suppress(ActRefused):
            moves = deed(case, house.now)
        if moves.entries:
            return house.add(case_id, moves)
    soon = house.now + timedelta(days=31)
    house.now = min(soon, due_at(case) or soon)
    return None


def proposes_next(step: str, case: Case, now: datetime) -> Moves:
    """A step of the policy is proposed."""
    return propose(case, proposal(case.procedure, step), now)


@cache
def course(account: str) -> list[Moves]:
    """The ordinary course of a case, as far as it has gone after each step."""
    house, case_id = House(), f"{account}-1"
    house.open(case_id, account, ACCOUNTS[account])
    stages = [Moves(entries=tuple(house.cases[case_id]))]
    for _ in range(40):
        go_on(house, case_id)
        moves = Moves(entries=tuple(house.cases[case_id]), messages=tuple(house.messages), effects=tuple(house.effects))
        stages.append(moves)
    return stages


class DueProcess(RuleBasedStateMachine):
    """Every act of every door, by anybody, at any time."""

    @initialize(far=st.lists(st.sampled_from([0, 0, 2, 5, 8, 11, 14, 17, 20, 25, 30, 40]), min_size=3, max_size=3))
    def begin(self, far: list[int]) -> None:
        """A case for every account, each some way along its ordinary course."""
        self.house = House()
        self.episodes = dict.fromkeys(ACCOUNTS, 1)
        self.touched = set(ACCOUNTS)
        self.read = 0
        for account, steps in zip(ACCOUNTS, far, strict=True):
            self.house.add(f"{account}-1", course(account)[steps])
        self.house.now = max(entries[-1].at for entries in self.house.cases.values())

    def case_id(self, account: str) -> str:
        """The account's latest case."""
        return f"{account}-{self.episodes[account]}"

    def attempt(self, account: str, deed: Callable[[Case, datetime], Moves], *, ticked: bool = True) -> bool:
        """Do something, or be refused; says whether it was done."""
        case_id = self.case_id(account)
        self.touched.add(account)
        if ticked:
            self.house.tick(case_id)
        try:
            moves = deed(self.house.case(case_id), self.house.now)
        except ActRefused:
            return False
        self.house.add(case_id, moves)
        return bool(moves.entries)

    @rule(days=st.sampled_from([0.1, 1, 3, 7, 10, 14, 15, 30, 31, 61, 91, 200, 366]))
    def time_passes(self, days: float) -> None:
        """The clock moves and nobody ticks."""
        self.house.now += timedelta(days=days)
        self.touched |= set(ACCOUNTS)

    @rule(account=accounts)
    def ticks(self, account: str) -> None:
        """What is due happens."""
        self.touched.add(account)
        self.house.tick(self.case_id(account))

    @rule(account=accounts)
    def reopens(self, account: str) -> None:
        """A closed case is followed by another, in the episode that the standing names."""
        self.touched.add(account)
        case = self.house.tick(self.case_id(account))
        if case.closed_at is not None:
            self.episodes[account] += 1
            episode = case.standing(self.house.now).episode
            self.house.open(self.case_id(account), account, ACCOUNTS[account], episode)

    @rule(
        account=accounts, step=st.sampled_from(STEPS), urgent=st.none() | grounds, of=st.sampled_from(sorted(POLICIES))
    )
    def proposes(self, account: str, step: str, urgent: str | None, of: Procedure) -> None:
        """The engine proposes a step of some policy."""
        if POLICIES[of].step(step) is not None:
            self.attempt(account, lambda case, now: propose(case, proposal(of, step, urgent=urgent), now))

    @rule(account=accounts)
    def goes_on(self, account: str) -> None:
        """Whatever comes next comes: a delivery, an answer, a decision, the next step, the next deadline."""
        self.touched.add(account)
        go_on(self.house, self.case_id(account))

    @rule(account=accounts, pick=numbers, arrives=st.sampled_from(["accepted", "arrived", "bounced"]))
    def a_message_fares(self, account: str, pick: int, arrives: str) -> None:
        """A message is taken by a server, arrives or bounces; so does one that was never sent."""
        mine = [m.id for m in self.house.messages if m.id.startswith(self.case_id(account))]
        name = mine[pick % len(mine)] if mine else "no/1/such"
        reports: dict[str, Callable[[Case, datetime], Moves]] = {
            "accepted": lambda case, now: accept(case, name, "email", {"smtp": 250}, now + timedelta(days=3), now),
            "arrived": lambda case, now: deliver(case, name, "email", {"link": "used"}, now),
            "bounced": lambda case, now: bounce(case, name, "email", {"smtp": 550}, now),
        }
        self.attempt(account, reports[arrives])

    @rule(account=accounts, pick=numbers)
    def an_effect_is_acknowledged(self, account: str, pick: int) -> None:
        """The marketplace acknowledges something, perhaps late, perhaps twice."""
        mine = [e.id for e in self.house.effects if e.id.startswith(self.case_id(account))]
        name = mine[pick % len(mine)] if mine else "no/1/such"
        self.attempt(account, lambda case, now: acknowledge(case, name, now))

    @rule(account=accounts, text=st.sampled_from(["", "I was ill"]))
    def the_member_answers(self, account: str, text: str) -> None:
        """The member says something, or nothing."""
        self.attempt(account, lambda case, now: answer(case, text, now))

    @rule(
        account=accounts,
        person=people,
        ticked=st.booleans(),
        look=st.sampled_from([LOOKED, BLIND, MUTE]),
    )
    def somebody_decides(self, account: str, person: str, ticked: bool, look: Look) -> None:
        """Somebody confirms, perhaps without having looked, perhaps on a case that has yet to be ticked."""
        self.attempt(account, lambda case, now: confirm(case, PEOPLE[person], look, now), ticked=ticked)

    @rule(
        account=accounts, person=people, step=st.sampled_from(STEPS), deed=st.sampled_from(["ask", "refuse", "lighten"])
    )
    def somebody_does_otherwise(self, account: str, person: str, step: str, deed: str) -> None:
        """Somebody asks, refuses or lightens."""
        milder = POLICIES[ACCOUNTS[account]].step(step)
        if deed == "ask":
            self.attempt(account, lambda case, now: ask(case, PEOPLE[person], "What happened?", LOOKED, now))
        elif deed == "refuse":
            self.attempt(account, lambda case, now: refuse(case, PEOPLE[person], LOOKED, now))
        elif milder is not None:
            self.attempt(account, lambda case, now: lighten(case, PEOPLE[person], LOOKED, step, terms(milder), now))

    @rule(account=accounts, person=people, ground=grounds, on=st.booleans())
    def somebody_holds(self, account: str, person: str, ground: str, on: bool) -> None:
        """Somebody holds the account, or lets go of it."""
        if on:
            self.attempt(account, lambda case, now: hold(case, PEOPLE[person], ground, LOOKED, now))
        else:
            self.attempt(account, lambda case, now: let_go(case, PEOPLE[person], now))

    @rule(
        person=st.sampled_from(["rex", "sol"]), step=st.sampled_from(["limit", "suspend", "close"]), holds=st.booleans()
    )
    def something_urgent_comes_up(self, person: str, step: str, holds: bool) -> None:
        """A listed urgency is proposed, and somebody confirms it at once, or holds the account first."""
        urgent = proposal("circumvention", step, urgent="fraud_in_progress")
        self.attempt("cy", lambda case, now: propose(case, urgent, now))
        if holds:
            self.attempt("cy", lambda case, now: hold(case, PEOPLE[person], "fraud_in_progress", LOOKED, now))
        else:
            self.attempt("cy", lambda case, now: confirm(case, PEOPLE[person], LOOKED, now))

    @rule(account=accounts, person=people, of=numbers, days=st.none() | st.integers(-3, 40), keeps=st.booleans())
    def somebody_looks_again(self, account: str, person: str, of: int, days: int | None, keeps: bool) -> None:
        """Somebody keeps or eases a measure, to an end that may lie anywhere."""
        number = self._some(account, of)
        until = None if days is None else self.house.now + timedelta(days=days)
        if keeps:
            self.attempt(account, lambda case, now: keep(case, PEOPLE[person], number, LOOKED, now))
        else:
            self.attempt(account, lambda case, now: ease(case, PEOPLE[person], number, LOOKED, now, until=until))

    def _some(self, account: str, pick: int) -> int:
        """The number of a measure of the account, or one that is none."""
        known = [m.number for m in self.house.case(self.case_id(account)).measures]
        return known[pick % len(known)] if known else pick

    @rule(account=accounts, person=people, of=numbers, closes=st.booleans())
    def a_like_case_was_reversed_or_a_case_is_closed(self, account: str, person: str, of: int, closes: bool) -> None:
        """A sweep flags a measure, or somebody closes the case."""
        number = self._some(account, of)
        if closes:
            self.attempt(account, lambda case, now: close(case, PEOPLE[person], LOOKED, now))
        else:
            self.attempt(account, lambda case, now: flag(case, number, "zoe-1", now))

    @rule(account=accounts, of=numbers, text=st.sampled_from(["", "it was my brother"]))
    def the_member_appeals(self, account: str, of: int, text: str) -> None:
        """The member appeals against something."""
        number = self._some(account, of)
        self.attempt(account, lambda case, now: file_appeal(case, number, text, now))

    @rule(account=accounts, pick=numbers, person=st.none() | people, text=st.sampled_from(["", "and then?"]))
    def an_appeal_goes_on(self, account: str, pick: int, person: str | None, text: str) -> None:
        """Turns, parties, evidence measured anew."""
        appeal = self._appeal(account, pick)
        speaker = PEOPLE[person] if person else "member"
        self.attempt(account, lambda case, now: speak(case, appeal, text, now, speaker=speaker))
        self.attempt(account, lambda case, now: join(case, appeal, text, "mediator", now))
        self.attempt(account, lambda case, now: remeasure(case, appeal, EVIDENCE, now))

    @rule(
        account=accounts,
        pick=numbers,
        person=people,
        n=numbers,
        outcome=st.sampled_from(["upheld", "partly", "reversed"]),
    )
    def an_appeal_is_answered(self, account: str, pick: int, person: str, n: int, outcome: str) -> None:
        """Somebody answers an appeal that was filed just now or earlier."""
        by = PEOPLE[person]
        for number in [m.number for m in self.house.case(self.case_id(account)).measures if m.sent_at][-2:]:
            self.attempt(account, lambda case, now, of=number: file_appeal(case, of, "a new fact", now))  # type: ignore[misc]  # a default in a lambda
        appeal = self._appeal(account, pick)
        self.attempt(account, lambda case, now: remeasure(case, appeal, EVIDENCE, now))
        look = Look(reason=f"an answer of its own, number {n}", opened=LOOKED.opened)
        if outcome == "upheld":
            self.attempt(account, lambda case, now: uphold(case, appeal, by, look, now))
        elif outcome == "partly":
            self.attempt(account, lambda case, now: grant_partly(case, appeal, by, look, now))
        else:
            self.attempt(account, lambda case, now: reverse(case, appeal, by, look, "fact", now))

    def _appeal(self, account: str, pick: int) -> int:
        known = [a.number for a in self.house.case(self.case_id(account)).appeals]
        return known[pick % len(known)] if known else pick

    @invariant()
    def everything_holds(self) -> None:
        """Each invariant, of every case."""
        nothing_is_sent_twice([m.id for m in self.house.messages] + [e.id for e in self.house.effects])
        for account in sorted(self.touched):
            case_id = self.case_id(account)
            new = [m for m in self.house.messages[self.read :] if m.id.startswith(f"{case_id}/")]
            hold_all(self.house.cases[case_id], self.house.now, new)
        self.touched.clear()
        self.read = len(self.house.messages)


TestDueProcess = DueProcess.TestCase
TestDueProcess.settings = settings(
    max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
