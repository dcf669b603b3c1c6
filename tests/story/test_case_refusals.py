"""Every act that may not happen is refused, with what to do instead; what may be repeated adds nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from evenhand.appeals.answering import grant_partly, uphold
from evenhand.appeals.dialogue import file_appeal, join, remeasure, speak, window
from evenhand.decisions.case.body import mapping, read
from evenhand.decisions.case.case import Case
from evenhand.decisions.case.clock import due_at, tick
from evenhand.decisions.case.deciding import ask, confirm, lighten, refuse
from evenhand.decisions.case.delivering import accept, acknowledge, answer, bounce, deliver
from evenhand.decisions.case.entry import Moves
from evenhand.decisions.case.fold import fold
from evenhand.decisions.case.head import head
from evenhand.decisions.case.holding import hold, let_go
from evenhand.decisions.case.looking import Look, Opened
from evenhand.decisions.case.portfolio import admissible, admit
from evenhand.decisions.case.proposing import Proposal, propose
from evenhand.decisions.case.reviewing import close, ease, flag, keep, outdate, swept
from evenhand.decisions.case.terms import terms
from evenhand.decisions.effects import EFFECTS, declared
from evenhand.decisions.ledger import History
from evenhand.errors import ActRefused
from evenhand.vocabulary import Procedure
from tests.story.process.world import EVIDENCE, ITEM, LOOKED, PEOPLE, POLICIES, START, House, proposal

Deed = Callable[[Case, datetime], Moves]
A = "a-1"


def house(procedure: Procedure, *deeds: Deed) -> House:
    """A house with one case, in which some things have been done."""
    made = House()
    made.open(A, "a", procedure)
    for deed in deeds:
        made.act(A, deed)
    return made


def refused(made: House, deed: Deed, match: str) -> None:
    """The deed is refused for a reason that says so, and says what to do."""
    with pytest.raises(ActRefused, match=match) as caught:
        made.act(A, deed)
    assert caught.value.hint
    assert caught.value.where


def proposing(proposed: Proposal) -> Deed:
    """The engine proposes."""
    return lambda case, now: propose(case, proposed, now)


def confirming(name: str = "rex", look: Look = LOOKED) -> Deed:
    """Somebody confirms."""
    return lambda case, now: confirm(case, PEOPLE[name], look, now)


def arriving(case: Case, now: datetime) -> Moves:
    """Whatever was sent last arrives."""
    sender = [e for e in case.entries if e.body.get("notice")][-1]
    return deliver(case, f"{A}/{sender.number}/{sender.body['notice']}", "email", {}, now)


WARN = proposing(proposal("mismatch", "warn"))
URGENT = proposal("circumvention", "suspend", urgent="fraud_in_progress")


@pytest.mark.parametrize(
    ("procedure", "proposed", "match"),
    [
        ("circumvention", proposal("mismatch", "warn"), "not of mismatch"),
        ("mismatch", proposal("mismatch", "limit"), "not delivered and served"),
        ("mismatch", replace(proposal("mismatch", "limit"), step="suspend"), "nobody's fault"),
        ("mismatch", replace(proposal("mismatch", "limit"), urgent="fraud_in_progress"), "nothing is urgent"),
        ("circumvention", replace(URGENT, urgent="he is annoying"), "not a listed urgency"),
        ("circumvention", replace(URGENT, items=[]), "named evidence"),
        ("circumvention", replace(URGENT, items=[{"what": "a feeling"}]), "named evidence"),
        ("circumvention", replace(URGENT, terms=replace(URGENT.terms, days=None)), "never ends"),
        ("circumvention", replace(URGENT, terms=replace(URGENT.terms, effects={"contracts": 0})), "may touch"),
        ("circumvention", replace(URGENT, terms=replace(URGENT.terms, effects={"withdrawal": False})), "withdrawable"),
        (
            "mismatch",
            replace(proposal("mismatch", "limit"), terms=replace(proposal("mismatch", "limit").terms, after=None)),
            "no earlier step",
        ),
    ],
)
def test_what_may_not_be_proposed(procedure: Procedure, proposed: Proposal, match: str) -> None:
    """Another procedure, a step too early or too hard, without proof, end, or a right to its effects."""
    refused(house(procedure), proposing(proposed), match)


def test_a_shared_household_is_never_enough() -> None:
    """Nor a shared network; and nobody is held before they were asked (R15, case I)."""
    linked = replace(proposal("circumvention", "warn"), procedure="linkage", items=[{**ITEM, "grade": "household"}])
    made = House()
    made.add(A, Moves(entries=tuple(house("circumvention").cases[A])))
    opened = made.cases[A][0]
    made.cases[A] = [replace(opened, body={**opened.body, "procedure": "linkage"})]
    refused(made, proposing(linked), "shows no linked account")
    made.act(A, proposing(replace(linked, items=[{**ITEM, "grade": "document"}])))
    refused(made, lambda case, now: hold(case, PEOPLE["rex"], "fraud_in_progress", LOOKED, now), "nothing is urgent")


def test_a_legal_hold_has_a_name_and_an_end() -> None:
    """Only then may money wait (R27)."""
    named = {"withdrawal": {"legal_hold": "Court of Vigo 12/2027", "until": "2027-06-01"}}
    assert declared("suspend", named, A)["withdrawal"] == named["withdrawal"]


def test_a_second_run_proposes_nothing_twice() -> None:
    """The same step of the same policy adds nothing; another one waits its turn (S1)."""
    made = house("mismatch", WARN)
    before = len(made.cases[A])
    made.act(A, WARN)
    assert len(made.cases[A]) == before
    refused(made, proposing(proposal("mismatch", "advise")), "waits already")


def test_what_is_in_force_or_refused_is_not_proposed() -> None:
    """Neither a step in force nor one refused in this episode (S2, S4)."""
    refused(house("mismatch", WARN, confirming()), WARN, "in force already")
    made = house("mismatch", WARN, lambda case, now: refuse(case, PEOPLE["rex"], LOOKED, now))
    refused(made, WARN, "was refused in this episode")


@pytest.mark.parametrize(
    ("deed", "match"),
    [
        (confirming("ana"), "may not confirm"),
        (confirming("aud"), "may not confirm"),
        (confirming(look=Look(reason="yes", opened=LOOKED.opened)), "the reason is not one"),
        (confirming(look=replace(LOOKED, reason="limit: 0 wins where a full fair share is 25.0")), "not one"),
        (confirming(look=replace(LOOKED, opened=(Opened(what="evidence", seconds=0),))), "nothing was opened"),
        (lambda case, now: refuse(case, PEOPLE["art"], LOOKED, now), "may not refuse"),
        (lambda case, now: ask(case, PEOPLE["ana"], " ", LOOKED, now), "question is empty"),
        (
            lambda case, now: lighten(case, PEOPLE["rex"], LOOKED, "limit", proposal("mismatch", "limit").terms, now),
            "mild",
        ),
        (lambda case, now: answer(case, " ", now), "answer is empty"),
        (lambda case, now: hold(case, PEOPLE["rex"], "fraud_in_progress", LOOKED, now), "nothing is urgent"),
        (lambda case, now: let_go(case, PEOPLE["rex"], now), "there is no hold"),
        (lambda case, now: keep(case, PEOPLE["rex"], 2, LOOKED, now), "no decided measure"),
        (lambda case, now: admit(case, {"a"}, now), "admitted"),
        (lambda case, now: close(case, PEOPLE["rex"], LOOKED, now), "something waits"),
        (lambda case, now: deliver(case, "a-1/9/warning", "email", {}, now), "no message"),
        (lambda case, now: acknowledge(case, "a-1/9/proposing", now), "no effect"),
        (lambda case, now: file_appeal(case, 2, "a fact", now), "was sent"),
        (lambda case, now: speak(case, 2, "a fact", now), "no open appeal"),
        (lambda case, now: uphold(case, 2, PEOPLE["rita"], LOOKED, now), "no open appeal"),
        (lambda case, now: tick(case, now - timedelta(days=1)), "later than this"),
    ],
)
def test_what_nobody_may_do_with_a_proposed_warning(deed: Deed, match: str) -> None:
    """Without the role, without having looked, on things that are not there, before they are."""
    refused(house("mismatch", WARN), deed, match)


def test_two_people_and_the_second_a_senior() -> None:
    """A suspension is confirmed by two; the first may not sign again, and a reviewer may not be the second (S6)."""
    made = house("circumvention", proposing(URGENT), confirming("sol"))
    assert head(made.case(A)).stage == "second"
    refused(made, confirming("sol"), "confirmed it already")
    refused(made, confirming("rita"), "may not confirm")
    refused(made, lambda case, now: ask(case, PEOPLE["ana"], "Why?", LOOKED, now), "has confirmed already")
    made.act(A, confirming("sue"))
    assert [m.notice["notice"] for m in made.messages] == ["statement"]


def test_a_question_makes_nothing_urgent_any_more() -> None:
    """Who is asked is heard; without an earlier step the measure is then too early (R23)."""
    made = house("circumvention", proposing(URGENT))
    made.act(A, lambda case, now: ask(case, PEOPLE["ana"], "Whose number is it?", LOOKED, now))
    refused(made, lambda case, now: ask(case, PEOPLE["ana"], "And why?", LOOKED, now), "a question is open")
    refused(made, confirming(), "not heard yet")
    made.act(A, lambda case, now: answer(case, "my client's", now))
    refused(made, confirming(), "too early")


def test_a_milder_step_is_decided_on_the_same_evidence() -> None:
    """A suspension is lightened to a warning: one entry refuses, the next proposes, the next confirms."""
    warn = POLICIES["circumvention"].step("warn")
    educate = POLICIES["circumvention"].step("educate")
    assert warn is not None
    assert educate is not None
    made = house("circumvention", proposing(URGENT))
    made.act(A, lambda case, now: lighten(case, PEOPLE["rex"], LOOKED, "warn", terms(warn), now))
    assert [e.kind for e in made.cases[A]] == ["opened", "proposed", "refused", "proposed", "confirmed", "warned"]
    other = house("circumvention", proposing(URGENT))
    other.act(A, lambda case, now: lighten(case, PEOPLE["rex"], LOOKED, "educate", terms(educate), now))
    assert other.cases[A][-1].kind == "advised"


def test_what_is_urgent_stays_urgent_when_it_is_lightened() -> None:
    """Nobody was heard on it: the milder restriction rests on the same ground, or it would follow unheard (R23)."""
    made = house("circumvention", proposing(proposal("circumvention", "suspend", urgent="fraud_in_progress")))
    limit = proposal("circumvention", "limit").terms
    made.act(A, lambda case, now: lighten(case, PEOPLE["rex"], LOOKED, "limit", limit, now))
    last = made.case(A).measures[-1]
    assert (last.step, last.urgent) == ("limit", "fraud_in_progress")
    assert last.taken_at is not None


def test_education_goes_out_by_itself() -> None:
    """As advice does: the engine writes both entries, and nobody's signature is needed (S6)."""
    for step, notice in (("educate", "education"), ("advise", "advice")):
        procedure: Procedure = "circumvention" if step == "educate" else "mismatch"
        made = house(procedure, proposing(proposal(procedure, step)))
        assert {e.author for e in made.cases[A]} == {"engine"}
        assert [m.notice["notice"] for m in made.messages] == [notice]


def held(case: Case, now: datetime) -> Moves:
    """Rex holds the account."""
    return hold(case, PEOPLE["rex"], "fraud_in_progress", LOOKED, now)


def test_a_hold_is_over_after_seven_business_days() -> None:
    """From a Monday to the Wednesday of the week after; then once and never again in the case."""
    made = house("circumvention", proposing(URGENT), held)
    assert head(made.case(A)).urgency > head(house("circumvention", proposing(URGENT)).case(A)).urgency
    assert due_at(made.case(A)) == datetime(2027, 3, 10, 9)
    made.wait(9)
    assert made.case(A).hold is None
    refused(made, held, "there was a hold")


def test_a_hold_ends_with_what_it_was_for() -> None:
    """When the proposal is refused, or somebody lets go."""
    made = house("circumvention", proposing(URGENT), held)
    made.act(A, lambda case, now: refuse(case, PEOPLE["sol"], LOOKED, now))
    assert made.case(A).hold is None
    other = house("circumvention", proposing(URGENT), held, lambda case, now: let_go(case, PEOPLE["rex"], now))
    assert other.cases[A][-1].author == "person:rex"
    refused(house("circumvention"), held, "nothing waits for a decision")


def test_nobody_acts_before_the_clock_has() -> None:
    """A proposal that nobody decided on in its thirty days is gone, ticked or not (R34)."""
    made = house("mismatch", WARN)
    made.now += timedelta(days=30)
    with pytest.raises(ActRefused, match="a clock ran out"):
        confirm(made.case(A), PEOPLE["rex"], LOOKED, made.now)
    refused(made, confirming(), "no proposal waits")


def test_an_answer_after_the_decision_is_an_appeal() -> None:
    """Once it is confirmed there is nothing to answer; the refusal says what to do."""
    made = house("mismatch", WARN, confirming())
    refused(made, lambda case, now: answer(case, "I was ill", now), "nothing waits for an answer")


def test_a_measure_that_could_not_begin_on_its_day_does_not_begin_much_later() -> None:
    """Thirty days' notice and fourteen of grace; after an outage of months it lapses rather than surprise (R34)."""
    limit = replace(proposal("mismatch", "limit"), terms=replace(proposal("mismatch", "limit").terms, after="warn"))
    made = house("mismatch", WARN, confirming(), arriving)
    made.wait(90)
    made.act(A, proposing(limit))
    made.act(A, lambda case, now: answer(case, "I was ill", now))
    made.act(A, confirming())
    made.act(A, arriving)
    made.wait(45)
    assert made.cases[A][-1].body["clock"] == "effect"
    assert made.effects == []


def test_an_appeal_during_notice_is_answered_before_anything_begins() -> None:
    """The day of effect waits for the answer, which is the reviewers' duty and not the member's (R32)."""
    made = house("mismatch", WARN, confirming(), arriving)
    made.wait(90)
    made.act(A, proposing(proposal("mismatch", "limit")))
    made.act(A, lambda case, now: answer(case, "I was ill", now))
    made.act(A, confirming())
    made.act(A, arriving)
    made.wait(29)
    of = made.case(A).measures[-1].number
    made.act(A, lambda case, now: file_appeal(case, of, "I was in hospital", now))
    appeal = made.case(A).appeals[0].number
    made.wait(3)
    assert made.case(A).measures[-1].taken_at is None
    made.act(A, lambda case, now: remeasure(case, appeal, EVIDENCE, now))
    made.act(A, lambda case, now: uphold(case, appeal, PEOPLE["rita"], LOOKED, now))
    assert made.tick(A).measures[-1].taken_at == made.now


def test_a_decided_measure_can_be_eased_or_shortened() -> None:
    """To an end that is earlier; what has an end of its own is not up for a review (R30)."""
    made = house("circumvention", proposing(URGENT), confirming("rex"), confirming("sol"), arriving)
    of, until = made.case(A).measures[0].number, made.now + timedelta(days=20)
    refused(made, lambda case, now: keep(case, PEOPLE["rex"], of, LOOKED, now), "not up for a review")
    late = made.now + timedelta(days=90)
    refused(made, lambda case, now: ease(case, PEOPLE["rex"], of, LOOKED, now, until=late), "not an earlier end")
    made.act(A, lambda case, now: ease(case, PEOPLE["rex"], of, LOOKED, now, until=until))
    assert made.case(A).measures[0].until == until
    made.act(A, lambda case, now: ease(case, PEOPLE["rex"], of, LOOKED, now))
    assert made.case(A).measures[0].ended_by == "eased"
    refused(made, lambda case, now: flag(case, of, "b-1", now), "no decided measure")
    made.act(A, lambda case, now: close(case, PEOPLE["rex"], LOOKED, now))
    refused(made, lambda case, now: close(case, PEOPLE["rex"], LOOKED, now), "is closed")
    refused(made, proposing(URGENT), "is closed")


def test_a_warning_is_ended_or_left_alone() -> None:
    """It takes nothing away, so there is nothing to shorten."""
    made = house("mismatch", WARN, confirming(), arriving)
    of, until = made.case(A).measures[0].number, made.now + timedelta(days=20)
    refused(made, lambda case, now: ease(case, PEOPLE["rex"], of, LOOKED, now, until=until), "not an earlier end")


def test_an_appeal_has_a_window_a_text_and_one_answer_at_a_time() -> None:
    """Six months from delivery; while there is no proof of one, the time has not begun (P1)."""
    made = house("mismatch", WARN, confirming())
    (warning,) = made.case(A).measures
    assert window(made.case(A), warning) is None
    made.act(A, arriving)
    of = warning.number
    refused(made, lambda case, now: file_appeal(case, of, " ", now), "nothing is said")
    made.act(A, lambda case, now: file_appeal(case, of, "", now, files=["ab12"]))
    refused(made, lambda case, now: file_appeal(case, of, "again", now), "is open")
    appeal = made.case(A).appeals[0].number
    refused(made, lambda case, now: join(case, appeal, "Ms Roe", "neighbour", now), "cannot join")
    refused(made, lambda case, now: uphold(case, appeal, PEOPLE["rita"], LOOKED, now), "measured anew")
    refused(made, lambda case, now: uphold(case, appeal, PEOPLE["ana"], LOOKED, now), "may not decide")
    made.act(A, lambda case, now: remeasure(case, appeal, EVIDENCE, now))
    made.act(A, lambda case, now: uphold(case, appeal, PEOPLE["rita"], LOOKED, now))
    made.wait(184)
    refused(made, lambda case, now: file_appeal(case, of, "late", now), "ran out")


def test_what_is_over_cannot_be_granted_in_part() -> None:
    """Only upheld or reversed."""
    made = house("mismatch", WARN, confirming(), arriving)
    of = made.case(A).measures[0].number
    made.act(A, lambda case, now: ease(case, PEOPLE["rex"], of, LOOKED, now))
    made.act(A, lambda case, now: file_appeal(case, of, "still wrong", now))
    appeal = made.case(A).appeals[0].number
    made.act(A, lambda case, now: remeasure(case, appeal, EVIDENCE, now))
    refused(made, lambda case, now: grant_partly(case, appeal, PEOPLE["rita"], LOOKED, now), "is over")


def test_what_arrives_twice_counts_once() -> None:
    """A second proof and a second acknowledgement add nothing; a bounce alone changes nothing."""
    made = house("circumvention", proposing(URGENT), confirming("rex"), confirming("sol"))
    name, effect = made.messages[0].id, made.effects[0].id
    made.act(A, lambda case, now: bounce(case, name, "email", {"smtp": 550}, now))
    for _ in range(2):
        made.act(A, lambda case, now: deliver(case, name, "webhook", {"status": 200}, now))
        made.act(A, lambda case, now: acknowledge(case, effect, now))
    assert [e.kind for e in made.cases[A]].count("delivered") == 1
    assert [e.kind for e in made.cases[A]].count("acknowledged") == 1


def test_an_effect_acknowledged_after_its_end_is_undone_at_once() -> None:
    """It was withdrawn, but the marketplace had it already: so it is taken back (R35)."""
    made = house("circumvention", proposing(URGENT), confirming("rex"), confirming("sol"), arriving)
    of, effect = made.case(A).measures[0].number, made.effects[0].id
    made.act(A, lambda case, now: ease(case, PEOPLE["rex"], of, LOOKED, now))
    assert all(issued.withdrawn or EFFECTS[issued.event.name].lasting for issued in made.case(A).effects)
    made.act(A, lambda case, now: acknowledge(case, effect, now))
    assert made.effects[-1].undoes == effect


def test_no_case_without_its_first_entry() -> None:
    """A fold of nothing, or of entries that open nothing, is no case; nor is one read before it was opened."""
    made = house("mismatch", WARN)
    for entries in ([], made.cases[A][1:]):
        with pytest.raises(ActRefused, match="no such case"):
            fold(entries, made.now)
    with pytest.raises(ActRefused, match="no such case"):
        fold(made.cases[A], made.now - timedelta(days=1))


def test_a_body_with_another_type_is_a_fault() -> None:
    """A ledger that does not hold what its kinds say is not read as if it did."""
    with pytest.raises(TypeError, match="`of` is 'x', not int"):
        read({"of": "x"}, "of", int)
    with pytest.raises(TypeError, match="not a mapping"):
        mapping({"terms": 1}, "terms")


def test_the_set_is_formed_over_what_people_confirmed() -> None:
    """A confirmed candidate with enough evidence is admitted, a weak one waits, a proposal counts for nothing (S5)."""
    step = replace(proposal("mismatch", "pause").terms, after="warn")
    strong = replace(proposal("mismatch", "pause"), terms=step, log_e=25.0)
    cases: list[Case] = []
    for log_e, confirms in ((25.0, True), (2.0, True), (25.0, False)):
        made = house("mismatch", WARN, confirming(), arriving)
        made.wait(90)
        made.act(A, proposing(replace(strong, log_e=log_e)))
        made.act(A, lambda case, now: answer(case, "I was ill", now))
        if confirms:
            made.act(A, confirming())
        cases.append(replace(made.case(A), account_id=f"a{len(cases)}"))
    history = History(standings={}, acted=0, first_run=None, earlier_episodes=())
    assert admissible(cases, history, POLICIES["mismatch"].guarantee, START) == {"a0"}


def test_what_has_nothing_to_do_adds_nothing() -> None:
    """Nothing waits that could be outdated, nothing was reversed that like cases could be looked for after."""
    made = house("mismatch", proposing(proposal("mismatch", "warn")))
    made.act(A, outdate)
    assert made.case(A).measures[0].ended_by == "lapsed"
    before = len(made.cases[A])
    made.act(A, outdate)
    made.act(A, lambda case, now: swept(case, 3, now))
    assert len(made.cases[A]) == before


def test_a_message_is_accepted_once() -> None:
    """A server that takes a letter twice, or after it arrived, changes nothing; nobody takes one that was not sent."""
    made = house("mismatch", proposing(proposal("mismatch", "advise")))
    name = made.messages[0].id
    taking = made.now + timedelta(days=3)
    for _ in range(2):
        made.act(A, lambda case, now: accept(case, name, "email", {}, taking, now))
    assert [entry.kind for entry in made.cases[A]].count("accepted") == 1
    made.act(A, lambda case, now: deliver(case, name, "link", {}, now))
    made.act(A, lambda case, now: accept(case, name, "email", {}, taking, now))
    assert not made.case(A).accepted
    refused(made, lambda case, now: accept(case, "no/1/such", "email", {}, taking, now), "no message is called")
