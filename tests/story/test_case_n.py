"""Case N without a database: closed, appealed, reversed by somebody else, restored in full, like cases swept."""

from __future__ import annotations

from datetime import timedelta

import pytest

from evenhand.appeals.answering import grant_partly, reverse, uphold
from evenhand.appeals.dialogue import file_appeal, join, remeasure, speak
from evenhand.appeals.precedents import differs, nearest, precedents, sweep
from evenhand.decisions.case.case import Case
from evenhand.decisions.case.deciding import confirm, refuse
from evenhand.decisions.case.delivering import acknowledge, deliver
from evenhand.decisions.case.head import head
from evenhand.decisions.case.looking import Look
from evenhand.decisions.case.proposing import propose
from evenhand.decisions.case.reviewing import ease, flag, keep
from evenhand.errors import ActRefused
from tests.story.process.world import EVIDENCE, LOOKED, PEOPLE, House, proposal

NIA, LIKE = "nia-1", "lou-1"
ANSWER = Look(reason="the number in the message was the client's", opened=LOOKED.opened)


def closed_at_once(house: House, case_id: str) -> int:
    """An account is closed on a listed urgency, by two people; everything arrives. Returns the measure's number."""
    house.open(case_id, case_id, "circumvention")
    urgent = proposal("circumvention", "close", urgent="fraud_in_progress")
    house.act(case_id, lambda case, now: propose(case, urgent, now))
    house.act(case_id, lambda case, now: confirm(case, PEOPLE["rex"], LOOKED, now))
    house.act(case_id, lambda case, now: confirm(case, PEOPLE["sol"], LOOKED, now))
    name = house.messages[-1].id
    house.act(case_id, lambda case, now: deliver(case, name, "email", {}, now))
    acknowledged(house, case_id)
    return house.case(case_id).measures[0].number


def acknowledged(house: House, case_id: str) -> None:
    """The marketplace does all that it was told about a case."""
    for issued in house.case(case_id).effects:
        house.act(case_id, lambda case, now, name=issued.event.id: acknowledge(case, name, now))  # type: ignore[misc]  # a default in a lambda


@pytest.fixture
def house() -> House:
    """Nia's account is closed, and so is Lou's, on like evidence."""
    house = House()
    closed_at_once(house, NIA)
    closed_at_once(house, LIKE)
    return house


def appealed(house: House, case_id: str = NIA) -> int:
    """The member appeals; the evidence is measured anew. Returns the appeal's number."""
    of = house.case(case_id).measures[0].number
    case = house.act(case_id, lambda case, now: file_appeal(case, of, "the client wrote it, not I", now))
    number = case.appeals[-1].number
    house.act(case_id, lambda case, now: remeasure(case, number, EVIDENCE, now))
    return number


def test_closing_takes_two_people_and_returns_what_was_paid(house: House) -> None:
    """Effects of closing leave contracts, money and conversations alone, and give credits back (R27 to R29)."""
    names = {effect.name: effect.value for effect in house.effects}
    assert names == {
        "proposing": False,
        "pending_proposals": "frozen",
        "credits": "returned",
        "earnings": "paid_out",
        "visibility": False,
        "account": "closed",
    }


def test_a_reversal_restores_everything_and_says_what_it_cannot(house: House) -> None:
    """Each acknowledged effect but the credits is undone; when all are, it is restored, and the loss listed (R35)."""
    appeal = appealed(house)
    case = house.act(NIA, lambda case, now: reverse(case, appeal, PEOPLE["rita"], ANSWER, "fact", now))
    assert case.standing(house.now).episode == 2
    assert "restored" not in {entry.kind for entry in case.entries}
    acknowledged(house, NIA)
    restored = house.cases[NIA][-1]
    if restored.kind == "closed":
        restored = house.cases[NIA][-2]
    assert restored.kind == "restored"
    assert restored.body["lost"] == ["jobs_filled_meanwhile", "decided_without_them", "visits_missed", "time_away"]
    undone = {effect.name for effect in house.effects if effect.undoes}
    assert undone == {"proposing", "pending_proposals", "visibility", "account"}


def test_a_restoration_that_takes_too_long_is_on_record(house: House) -> None:
    """Fourteen days, then the case says that it is overdue; once (clock: rectification)."""
    appeal = appealed(house)
    house.act(NIA, lambda case, now: reverse(case, appeal, PEOPLE["rita"], ANSWER, "fact", now))
    house.wait(14)
    house.wait(14)
    assert [e.kind for e in house.cases[NIA]].count("overdue") == 1


def test_nobody_who_took_part_decides_the_appeal(house: House) -> None:
    """Neither of the two who closed it; who only wrote to the member may (R32)."""
    appeal = appealed(house)
    house.act(NIA, lambda case, now: speak(case, appeal, "Which message?", now, speaker=PEOPLE["rita"]))
    house.act(NIA, lambda case, now: speak(case, appeal, "The one of Monday", now))
    house.act(NIA, lambda case, now: join(case, appeal, "Ms Roe", "representative", now))
    for name in ("rex", "sol"):
        with pytest.raises(ActRefused, match="had a part"):
            house.act(NIA, lambda case, now, n=name: uphold(case, appeal, PEOPLE[n], ANSWER, now))  # type: ignore[misc]  # a default in a lambda
    case = house.act(NIA, lambda case, now: uphold(case, appeal, PEOPLE["rita"], ANSWER, now))
    assert (case.appeals[0].outcome, case.appeals[0].parties) == ("upheld", ("representative",))


def test_an_appeal_that_nobody_answers_ends_the_measure(house: House) -> None:
    """Fourteen days, and the closure lapses with everything undone (R34)."""
    appealed(house)
    house.wait(14)
    case = house.case(NIA)
    assert (case.measures[0].ended_by, case.appeals[0].outcome) == ("lapsed", "lapsed")
    assert {effect.name for effect in house.effects if effect.undoes and effect.id.startswith(NIA)}


def test_a_step_is_not_asked_for_again_while_an_appeal_against_it_goes_unanswered(house: House) -> None:
    """A warning is over, appealed against, and proposed anew: when nobody answers, the proposal lapses too (R34)."""
    house.open("oz-1", "oz", "circumvention")
    house.act("oz-1", lambda case, now: propose(case, proposal("circumvention", "warn"), now))
    house.act("oz-1", lambda case, now: confirm(case, PEOPLE["rex"], LOOKED, now))
    of = house.case("oz-1").measures[0].number
    house.act("oz-1", lambda case, now: ease(case, PEOPLE["rex"], of, LOOKED, now))
    house.act("oz-1", lambda case, now: file_appeal(case, of, "it was the client's", now))
    house.act("oz-1", lambda case, now: propose(case, proposal("circumvention", "warn"), now))
    house.wait(14)
    assert [m.ended_by for m in house.case("oz-1").measures] == ["eased", "lapsed"]


def test_partly_means_an_earlier_end(house: House) -> None:
    """The measure ends on the named day; a day after its end would be none."""
    appeal = appealed(house)
    until = house.now + timedelta(days=10)
    case = house.act(NIA, lambda case, now: grant_partly(case, appeal, PEOPLE["rita"], ANSWER, now, until=until))
    assert case.measures[0].until == until
    house.wait(10)
    assert house.case(NIA).measures[0].ended_by == "expired"


def test_a_second_appeal_needs_an_answer_of_its_own(house: House) -> None:
    """A new fact is heard within the window, by a third person, and not with the words of the first answer (R32)."""
    first = appealed(house)
    house.act(NIA, lambda case, now: uphold(case, first, PEOPLE["rita"], ANSWER, now))
    second = appealed(house)
    with pytest.raises(ActRefused, match="given before"):
        house.act(NIA, lambda case, now: uphold(case, second, PEOPLE["sue"], ANSWER, now))
    with pytest.raises(ActRefused, match="had a part"):
        house.act(NIA, lambda case, now: uphold(case, second, PEOPLE["rita"], ANSWER, now))


def test_what_was_built_on_a_reversed_measure_falls_with_it(house: House) -> None:
    """A warning is reversed while a closure rests in the same case: both end, and a new episode begins (R35, S4)."""
    house.open("oz-1", "oz", "circumvention")
    house.act("oz-1", lambda case, now: propose(case, proposal("circumvention", "warn"), now))
    house.act("oz-1", lambda case, now: confirm(case, PEOPLE["rex"], LOOKED, now))
    of = house.case("oz-1").measures[0].number
    urgent = proposal("circumvention", "limit", urgent="fraud_in_progress")
    house.act("oz-1", lambda case, now: propose(case, urgent, now))
    house.act("oz-1", lambda case, now: confirm(case, PEOPLE["rex"], LOOKED, now))
    case = house.act("oz-1", lambda case, now: file_appeal(case, of, "it was the client's", now))
    assert head(case).stage == "appeal"
    appeal = case.appeals[0].number
    house.act("oz-1", lambda case, now: remeasure(case, appeal, EVIDENCE, now))
    case = house.act("oz-1", lambda case, now: reverse(case, appeal, PEOPLE["rita"], ANSWER, "fact", now))
    assert [m.ended_by for m in case.measures] == ["reversed", "lapsed"]
    assert case.standing(house.now).episode == 2
    assert {issued.withdrawn for issued in case.effects} == {True}
    assert house.cases["oz-1"][-1].kind == "restored"


def test_a_refusal_is_a_precedent_too(house: House) -> None:
    """What one person refused, another sees before they confirm the like (R33)."""
    house.open("pat-1", "pat", "circumvention")
    urgent = proposal("circumvention", "close", urgent="fraud_in_progress")
    house.act("pat-1", lambda case, now: propose(case, urgent, now))
    assert precedents(house.case("pat-1"), house.now) == ()
    case = house.act("pat-1", lambda case, now: refuse(case, PEOPLE["rex"], LOOKED, now))
    assert [(p.answer, p.in_force) for p in precedents(case, house.now)] == [("refused", False)]


def every(house: House) -> list[Case]:
    """Every case of the house."""
    return [house.case(case_id) for case_id in house.cases]


def test_like_cases_are_swept_and_lapse_unless_kept(house: House) -> None:
    """Lou's closure under the same rule is flagged; a person keeps it in time, or it lapses (R36)."""
    appeal = appealed(house)
    case = house.act(NIA, lambda case, now: reverse(case, appeal, PEOPLE["rita"], ANSWER, "evidence", now))
    (reversed_,) = precedents(case, house.now)
    assert reversed_.answer == "reversed"
    known = [p for other in every(house) for p in precedents(other, house.now)]
    (like,) = sweep(reversed_, "evidence", known)
    assert like.case_id == LIKE
    flagged = house.act(LIKE, lambda case, now: flag(case, like.of, NIA, now))
    assert head(flagged).stage == "recheck"
    assert house.act(LIKE, lambda case, now: flag(case, like.of, NIA, now)).entries == flagged.entries
    house.act(LIKE, lambda case, now: keep(case, PEOPLE["rex"], like.of, LOOKED, now))
    house.wait(20)
    assert house.case(LIKE).measures[0].ended_at is None
    house.act(LIKE, lambda case, now: flag(case, like.of, NIA, now))
    house.wait(14)
    assert house.case(LIKE).measures[0].ended_by == "lapsed"


def test_precedents_warn_where_the_answer_differs(house: House) -> None:
    """The nearest decided cases are shown; an answer other than most of the like ones is told so (R33)."""
    known = [p for case in every(house) for p in precedents(case, house.now)]
    shown = nearest("circumvention", "close", EVIDENCE, known)
    assert {p.case_id for p in shown} == {NIA, LIKE}
    assert differs("confirmed", shown, EVIDENCE) is None
    assert differs("upheld", shown, EVIDENCE) is None
    assert "2 of 2 like cases" in (differs("refused", shown, EVIDENCE) or "")
    far = {**EVIDENCE, "decided": 5, "fair_wins": 0.5, "log_e": None}
    assert differs("refused", shown, far) is None
