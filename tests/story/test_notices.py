"""What the member is told: whole, kind, in their language, or not at all (R25, R26)."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from importlib import resources

import pytest

from evenhand.decisions.case.deciding import confirm
from evenhand.decisions.case.fold import advance
from evenhand.decisions.case.proposing import propose
from evenhand.errors import NoticeRefused
from evenhand.notices.compose import compose, write
from evenhand.notices.facts import STATEMENTS, Facts, facts
from evenhand.notices.language import known, language, nearest
from tests.story.process.world import LETTERHEAD, LOOKED, PEOPLE, House, proposal

A = "a-1"


def told(step: str = "warn", urgent: str | None = None) -> Facts:
    """The facts of a warning, or of an urgent measure."""
    house = House()
    procedure = "circumvention" if urgent else "mismatch"
    house.open(A, "a", procedure)  # type: ignore[arg-type]  # one of the procedures
    made = proposal(procedure, step, urgent=urgent)  # type: ignore[arg-type]  # one of the procedures
    house.act(A, lambda case, now: propose(case, made, now))
    case = house.act(A, lambda case, now: confirm(case, PEOPLE["rex"], LOOKED, now))
    return facts(case, case.last.number, LETTERHEAD)


@pytest.mark.parametrize(
    ("part", "changed"),
    [
        ("facts", {"figures": {}}),
        ("facts", {"fault": True, "items": ()}),
        ("rule", {"condition": ""}),
        ("automation", {"decided_by": 0}),
        ("duration", {"cure_days": None, "until": None}),
        ("redress", {"appeal_days": 0}),
        ("redress", {"house": replace(LETTERHEAD, contact="")}),
    ],
)
def test_a_statement_without_one_of_its_parts_is_refused(part: str, changed: dict[str, object]) -> None:
    """Facts, rule, automation, duration and redress, each of them (R25)."""
    whole = told()
    assert compose(whole, "en").text
    with pytest.raises(NoticeRefused, match=f"`{part}` missing"):
        compose(replace(whole, **changed), "en")  # type: ignore[arg-type]  # fields of a record


def test_a_letter_that_is_no_statement_needs_no_reasons() -> None:
    """That something is over can be said without them."""
    assert replace(told(), notice="ended", figures={}).missing() == ()


@pytest.mark.parametrize(
    ("wanted", "subject"), [("es-MX", "Una advertencia"), ("fi", "A warning"), (None, "A warning")]
)
def test_a_letter_is_in_the_members_language_or_the_nearest_known(wanted: str | None, subject: str) -> None:
    """Spanish for Mexico, English where a language is not written yet."""
    assert compose(told(), wanted).subject.startswith(subject)
    assert nearest(wanted) in known()


def test_dates_numbers_and_plurals_are_those_of_the_language() -> None:
    """A comma in Spanish, a point in English, one day and two days (Babel)."""
    spanish, english = language("es"), language("en")
    assert (english.number(25.04), spanish.number(0.52)) == ("25", "0,5")
    assert (english.days(1), english.days(14), spanish.days(1)) == ("1 day", "14 days", "1 día")
    assert spanish.date(told().at) == "1 de marzo de 2027"


def test_every_notice_is_written_in_every_language_with_the_same_words() -> None:
    """A folder per notice, a letter per language, the same keys in every file of words; each statement is there."""
    templates = resources.files("evenhand.notices").joinpath("templates")
    written = {notice.name: {tongue.name for tongue in notice.iterdir()} for notice in templates.iterdir()}
    assert {frozenset(tongues) for tongues in written.values()} == {frozenset(known())}
    assert written.keys() >= STATEMENTS
    keys = [{kind: set(words) for kind, words in language(tag).words.items()} for tag in known()]
    assert all(one == keys[0] for one in keys)


def test_a_letter_says_what_it_must() -> None:
    """The figures, the rule, who decided and why in their words, how long, how to appeal, whom to ask."""
    text = compose(told(), "en").text
    for part in ("200 decisions", "won 0", "activity 2027-01", "One person", LOOKED.reason, "90 days", "183 days"):
        assert part in text
    for part in (LETTERHEAD.contact, LETTERHEAD.appeal_link, "nobody's fault"):
        assert part in text


def test_an_urgent_measure_names_its_evidence_its_ground_and_what_it_leaves_alone() -> None:
    """Items with source and witness; running contracts and money stay (R14, R27)."""
    text = compose(told("limit", urgent="fraud_in_progress"), "en").text
    for part in (
        "a phone number (message 17",
        "seen by filter, offered by the other side",
        "fraud right now",
        "limited to 10",
        "money you earned stays",
    ):
        assert part in text
    assert "nobody's fault" not in text


def test_who_is_asked_is_told_that_nothing_is_decided() -> None:
    """Before the hearing no person has decided, and the letter does not say that it takes nothing away."""
    text = compose(replace(told(), notice="hearing", decided_by=0, words=None), "en").text
    assert "No person has decided anything yet" in text
    assert "takes nothing away" not in text


def test_the_html_says_the_same_and_trusts_nobody() -> None:
    """Paragraphs, lists, a link that can be followed; what people wrote cannot become markup."""
    letter = compose(replace(told(), words="<script>alert(1)</script>"), "en")
    assert "&lt;script&gt;" in letter.html
    assert f'<a href="{LETTERHEAD.appeal_link}">' in letter.html
    assert "<ul><li>" in compose(told("limit", urgent="fraud_in_progress"), "en").html


def test_a_letter_is_kept_with_its_hash() -> None:
    """The hash is that of all the member can read, so that a changed letter is found."""
    letter = compose(told(), "en")
    assert letter.hash == hashlib.sha256(f"{letter.subject}\n{letter.text}\n{letter.html}".encode()).hexdigest()


def test_letters_stand_in_the_moves_that_cause_them() -> None:
    """What an act sends is written before anything is kept; if it cannot be, nothing is (R25)."""
    house = House()
    house.open(A, "a", "mismatch")
    moves = propose(house.case(A), proposal("mismatch", "advise"), house.now)
    (message,) = write(advance(house.case(A), moves), moves, lambda _: LETTERHEAD, "es").messages
    assert (message.id, message.notice["language"]) == ("a-1/3/advice", "es")
    assert str(message.notice["subject"]).startswith("Algo que puede ayudarle")
    house.add(A, moves)
    case = house.act(A, lambda case, now: propose(case, proposal("mismatch", "warn"), now))
    warning = confirm(case, PEOPLE["rex"], LOOKED, house.now)
    with pytest.raises(NoticeRefused, match="`redress` missing"):
        write(advance(case, warning), warning, lambda _: replace(LETTERHEAD, appeal_link=""), "en")


def test_an_entry_that_sends_nothing_has_no_facts() -> None:
    """There is no letter about the opening of a case."""
    house = House()
    house.open(A, "a", "mismatch")
    with pytest.raises(NoticeRefused, match="sends nothing"):
        facts(house.case(A), 1, LETTERHEAD)
