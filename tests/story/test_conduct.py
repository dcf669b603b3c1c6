"""Misconduct rests on items (R8, R12, R14, R15): what a policy on it may say, decide, and tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from evenhand.appeals.precedents import LIKE, distance
from evenhand.decisions.case.case import Case
from evenhand.decisions.case.deciding import confirm
from evenhand.decisions.case.delivering import answer, deliver
from evenhand.decisions.case.entry import Moves
from evenhand.decisions.case.proposing import Proposal, propose
from evenhand.decisions.decide import Decision, decide
from evenhand.decisions.effects import declared
from evenhand.decisions.explain_items import explain_items
from evenhand.decisions.ledger import Standing
from evenhand.decisions.reasons import measure_record
from evenhand.decisions.rows import Value, item_as_json, row_as_json
from evenhand.errors import ActRefused, PolicyRefused
from evenhand.evidence.conduct.item import PROGRAM, SOURCES, UNNAMED, WHAT, Item
from evenhand.notices.compose import compose
from evenhand.notices.facts import facts
from evenhand.notices.language import known, language
from evenhand.policy import checks
from evenhand.policy.conditions.condition import parse as condition
from evenhand.policy.conditions.names import CONDUCT
from evenhand.policy.diff import diff
from evenhand.policy.load import load
from evenhand.policy.parse import parse
from evenhand.policy.wrong_items import wrong_items
from tests.story.process.world import LETTERHEAD, LOOKED, PEOPLE, House, proposal

POLICIES = Path(__file__).parents[2] / "policies"
SHIPPED = {name: load(POLICIES / f"{name}.yaml") for name in ("circumvention", "linkage")}
AS_OF = datetime(2027, 3, 1)
A = "a-1"

ROW: dict[str, Value] = {
    "account_id": "ana",
    "as_of": AS_OF,
    "role": "freelancer",
    "account_age_days": 900,
    "closed_at": None,
    "earned_usd_365d": 90_000.0,
    "exempt": (),
    "measure": "none",
    "why": "",
    "items": 0,
    "offered_to_365d": 0,
    "unasked_365d": 0,
    "paid_outside_730d": 0,
}


def text(name: str) -> str:
    """A shipped policy as it stands in its file."""
    return (POLICIES / f"{name}.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_policies_hold_to_their_claims(name: str) -> None:
    """Nothing is refused; the ladder is educate, warn, restrict, suspend, close; restrictions have 14 days' notice."""
    policy = SHIPPED[name]
    assert checks.run(policy).refusals == ()
    assert [step.step for step in policy.steps] == ["educate", "warn", "restrict", "suspend", "close"]
    assert {step.notice_days for step in policy.steps if step.restricts} == {14}
    assert policy.exempt == ()


@pytest.mark.parametrize(
    ("asked", "needs"),
    [
        ("papers >= 1", True),
        ("papers > 0 and account_age_days < 90", True),
        ("1 <= papers + returned", True),
        ("papers = 2 or returned between 1 and 3", True),
        ("papers >= 0", False),
        ("papers >= 1 or account_age_days < 90", False),
        ("papers - returned >= 1", False),
        ("papers < 3", False),
        ("not papers >= 1", False),
        ("returned between 0 and 3", False),
        ("papers >= returned", False),
        ("papers in (1, 2)", False),
        ("on_break", False),
        ("papers + account_age_days >= 1", False),
    ],
)
def test_what_a_condition_needs(asked: str, needs: bool) -> None:
    """Whether it implies that one of the counts is above nothing; where that cannot be told, it is not taken for it."""
    assert condition(asked, CONDUCT["linkage"]).needs_any({"papers", "returned"}) is needs


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"guarantee:\n  wrong_items: 0.05": ""}, "`guarantee` is missing"),
        ({"wrong_items: 0.05": "floor: 0.5"}, "unknown key `floor`"),
        ({"binds: 2027-01-01": "binds: 2027-01-01\nguards: [country]"}, "unknown key `guards`"),
        ({"procedure: circumvention": "procedure: linkage"}, "`offered_to_365d` is not a column"),
        ({"when: paid_outside_730d >= 3": "when: e >= 1000"}, "`e` is not a column"),
    ],
)
def test_a_policy_of_the_wrong_form_is_refused(changes: dict[str, str], match: str) -> None:
    """Neither procedure knows the evidence, or the promise, of another (R12)."""
    changed = text("circumvention")
    for old, new in changes.items():
        assert old in changed
        changed = changed.replace(old, new)
    with pytest.raises(PolicyRefused, match=match):
        parse(changed)


def test_own_hosts_and_the_promise_are_part_of_the_version() -> None:
    """They change the hash, and `diff` says so."""
    old = SHIPPED["circumvention"]
    new = parse(text("circumvention").replace("0.05", "0.02") + "own_hosts: [fairlance.example, a.example]\n")
    assert new.own_hosts == ("a.example", "fairlance.example")
    assert new.hash != old.hash
    assert diff(old, new) == [
        "the share of items that may be wrong was 0.05 and is now 0.02",
        "the marketplace's own hosts was nothing and is now a.example, fairlance.example",
    ]


def test_what_it_may_do_to_the_innocent_is_printed() -> None:
    """A program may err in what it finds; only guidance follows unread (R2)."""
    found = list(wrong_items(SHIPPED["circumvention"]))
    assert [each.read for each in found] == [False, True, True, True, True]
    assert "at most 50 get it by mistake" in found[0].sentence()
    assert "a person reads every item first" in found[1].sentence()


def decided(**changed: Value) -> Decision:
    """What the shipped policy comes to, for an account whose guidance and warning were served."""
    return decide({**ROW, **changed}, SHIPPED["circumvention"], Standing(), ("educate", "warn"))


def test_decisions_rest_on_items() -> None:
    """Nothing seen; too little for a line; guidance; a warning; wins and earnings are no answer (R8)."""
    assert decided().why == "no item of evidence counts"
    assert decided(items=1).why == "no line is reached; items of evidence that count: 1"
    assert decided(items=1, offered_to_365d=1).measure == "educate"
    assert decided(items=2, offered_to_365d=2).why == "warn; items of evidence that count: 2"
    assert decided(items=1, paid_outside_730d=1).measure == "restrict"
    assert decided(items=3, paid_outside_730d=3).why == "restrict; items of evidence that count: 3"
    closed = decided(items=1, paid_outside_730d=1, closed_at=AS_OF)
    assert (closed.measure, closed.blocked_by) == ("none", "closed")


def test_the_record_of_a_measure_names_no_wins() -> None:
    """Reasons say the items' counts, and nothing of odds or groups (R12)."""
    row = {**ROW, "items": 1, "offered_to_365d": 1, "measure": "educate", "why": "educate"}
    record = measure_record(row, SHIPPED["circumvention"], Standing(), AS_OF)
    assert "offered_to_365d is 1" in str(record["reason"])
    assert not {"veto", "group_held"} & set(record["reason"])  # type: ignore[arg-type]  # a mapping
    assert "review_priority" not in record


def item(of: str, **changed: object) -> Item:
    """An item of Ana's, of a kind."""
    made = Item(
        account_id="ana",
        kind=of,
        at=datetime(2027, 2, 1),
        source="message m1",
        seen_by=PROGRAM,
        what=WHAT["offered_email"],
        words="offered_email",
        offered_by="ana",
        other_id="carl",
        grade=None,
        asked=False,
        period_until=datetime(2028, 1, 5),
    )
    return made._replace(**changed)  # type: ignore[arg-type]  # fields of an item


def test_an_account_is_told_its_items_and_when_they_end() -> None:
    """What was seen, when it stops counting, when the 24 months end; never who the other side is."""
    link = item("linked_account", words="shares_payout", grade="payout", period_until=None, offered_by=None)
    asked = item("contact_offered", at=datetime(2027, 2, 9), asked=True)
    row = {**ROW, "items": 2, "measure": "educate", "why": "educate"}
    profile = item("contact_offered", source="profile t1", period_until=None, at=AS_OF)
    items = [profile, asked, item("contact_offered"), link]
    told = explain_items(row, SHIPPED["circumvention"], Standing(), items)
    said = "\n".join([*told.summary, *(sentence for _, sentence in told.path), *told.changes])
    assert "Proposed: educate." in said
    assert [at for at, _ in told.path] == [link.at, item("contact_offered").at, asked.at, AS_OF]
    assert "after the other side had asked" in said
    assert "stops counting on 2028-02-01, the last on 2028-02-09" in said
    assert "the first such day is 2028-01-05" in said
    assert "A link between two open accounts stops counting" in said
    assert "a link is seen as long as it lasts" in said
    assert "stops counting when its text is taken down" in said
    assert "carl" not in said
    assert any("`warn` is not reached" in line for line in told.lines)
    assert "Nothing is proposed" in explain_items(ROW, SHIPPED["circumvention"], Standing(), ()).summary[2]


@pytest.mark.parametrize("tag", known())
def test_every_find_can_be_told_in_every_language(tag: str) -> None:
    """Each key of what detectors find has its words, and who saw it."""
    words = language(tag).words["items"]
    assert set(words) == {*WHAT, "program"}
    assert set(language(tag).words["sources"]) == {*SOURCES, UNNAMED}


@pytest.mark.parametrize(
    ("words", "source", "said"),
    [
        ("offered_email", "message m1, m2", "mensaje m1, m2"),
        ("shares_payout", "a comparison of identities, 24.0 bits", "una comparación de identidades, 24.0 bits"),
        (None, "a report", "un aviso"),
        (None, "message 7 of the complaint", "message 7 of the complaint"),
    ],
)
def test_a_source_is_told_in_the_language_of_the_letter(words: str | None, source: str, said: str) -> None:
    """What a program wrote is in Spanish in a Spanish letter; what a person reported stands as it was written (R26)."""
    assert language("es").source({"words": words, "source": source}) == said


def linkage(step: str, *more: Item, **changed: object) -> tuple[House, Proposal]:
    """A house with a proposal of linkage, and the proposal."""
    made = House()
    made.open(A, "ana", "linkage")
    policy = SHIPPED["linkage"]
    found = policy.step(step)
    assert found is not None
    about = item("linked_account", **{"offered_by": None, "grade": "document", **changed})
    proposed = replace(
        proposal("circumvention", "warn"),
        procedure="linkage",
        step=step,
        items=[item_as_json(each) for each in (about, *more)],
    )
    made.act(A, lambda case, now: propose(case, proposed, now))
    return made, proposed


def heard(made: House) -> None:
    """The question arrives and is answered."""
    waiting = made.case(A).waiting
    assert waiting is not None
    message = str(waiting.hearing)
    made.act(A, lambda case, now: deliver(case, message, "email", {}, now))
    made.act(A, lambda case, now: answer(case, "my brother lives here", now))


def confirming(case: Case, now: datetime) -> Moves:
    """Rex confirms."""
    return confirm(case, PEOPLE["rex"], LOOKED, now)


def test_whoever_may_be_linked_is_asked_before_a_warning_too() -> None:
    """The question goes out with the proposal; nobody decides before it is answered (R15)."""
    made, _ = linkage("warn")
    waiting = made.case(A).waiting
    assert waiting is not None
    letter = compose(facts(made.case(A), waiting.number, LETTERHEAD), "en").text
    assert "Do you have, or did you have, another account with us?" in letter
    assert "carl" not in letter
    with pytest.raises(ActRefused, match="not heard yet"):
        made.act(A, confirming)
    heard(made)
    made.act(A, confirming)
    assert made.case(A).measures[-1].taken_at is not None
    for tag, said in (("en", "closing one of them is enough"), ("es", "basta con cerrar una de ellas")):
        assert said in compose(facts(made.case(A), made.case(A).last.number, LETTERHEAD), tag).text


@pytest.mark.parametrize("grade", ["person", "device"])
def test_a_resemblance_lets_ask_and_no_more(grade: str) -> None:
    """After the answer too, nobody can confirm a warning on a name, a birth date or a device (R15)."""
    made, _ = linkage("warn", grade=grade)
    heard(made)
    with pytest.raises(ActRefused, match="lets ask and no more"):
        made.act(A, confirming)


@pytest.mark.parametrize(("days", "enough"), [((1,), False), ((1, 1), False), ((1, 2), True)])
def test_one_report_beside_a_resemblance_is_no_proof(days: tuple[int, ...], enough: bool) -> None:
    """It may be the resemblance that the condition rests on; what was seen on two days speaks for itself (R15)."""
    reports = [item("used_by_another", at=datetime(2027, 2, day), words=None) for day in days]
    made, _ = linkage("warn", *reports, grade="person")
    heard(made)
    if enough:
        made.act(A, confirming)
        assert made.case(A).measures[-1].taken_at is not None
        return
    with pytest.raises(ActRefused, match="lets ask and no more"):
        made.act(A, confirming)


def test_what_somebody_saw_needs_no_paper() -> None:
    """An account used by somebody else is shown by who saw it."""
    made, _ = linkage("warn", kind="used_by_another", grade=None)
    heard(made)
    made.act(A, confirming)
    assert made.case(A).measures[-1].taken_at is not None


def test_guidance_asks_nothing() -> None:
    """It goes out at once and takes nothing away."""
    made, _ = linkage("educate", kind="used_by_another", grade=None)
    assert made.case(A).measures[-1].hearing is None
    assert made.case(A).measures[-1].taken_at is not None


def test_what_was_earned_is_paid_out_unless_a_legal_hold_says_otherwise() -> None:
    """Who cannot sign in need not ask for it (R27, R31); a restriction hides the profile and nothing else."""
    assert declared("close", {}, A)["earnings"] == "paid_out"
    assert declared("suspend", {}, A)["earnings"] == "paid_out"
    assert declared("restrict", {}, A) == {"visibility": False}
    held = {"withdrawal": {"legal_hold": "Court of Vigo 12/2027", "until": "2027-06-01"}}
    assert "earnings" not in declared("close", held, A)


def test_like_cases_are_alike_in_their_items() -> None:
    """Cases of misconduct are compared by what was counted, not called alike because nothing was won in them (R33)."""
    row = row_as_json(ROW)
    once, twice = ({**row, "items": n, "paid_outside_730d": n} for n in (1, 2))
    assert distance(once, once) == 0
    assert distance(once, {**twice, "items": 1}) == pytest.approx(1 / 12)
    assert distance(once, {**row, "items": 9, "offered_to_365d": 9}) > LIKE
