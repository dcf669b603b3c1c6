"""`evenhand cases` and `evenhand case`: what waits is found page by page, and a case is shown whole."""

from __future__ import annotations

from evenhand.decisions.case.clock import _PASSED, THEN
from tests.surfaces.opened import OpenedDoors


def page(house: OpenedDoors, *more: object) -> list[str]:
    """The cases of one page of those that wait for a reviewer."""
    return [found["case_id"] for found in house.told("cases", "--stage", "review", *more)["cases"]]


def test_an_empty_queue_says_so(house: OpenedDoors) -> None:
    """Nothing to do is an answer."""
    assert "nothing waits in appeal, recheck, review, second" in house.said("cases")
    assert house.told("cases") == {"cases": []}


def test_pages_follow_each_other(house: OpenedDoors) -> None:
    """Each case is on one page, the longest open first."""
    for number in range(5):
        house.propose(f"m{number}", "mismatch", "warn")
        house.now = house.now.replace(hour=number + 1)
    first = page(house, "--limit", 2)
    second = page(house, "--limit", 2, "--after", first[-1])
    assert [*first, *second, *page(house, "--limit", 2, "--after", second[-1])] == [f"m{n}" for n in range(5)]


def test_the_next_page_is_there_after_the_last_case_was_decided(house: OpenedDoors) -> None:
    """Who decides on a page and asks for the next one misses nobody."""
    for number in range(4):
        house.propose(f"m{number}", "mismatch", "warn")
    for case in page(house, "--limit", 2):
        house.decide("refuse", case, "rex", "they were on parental leave")
    assert page(house, "--limit", 2, "--after", "m1") == ["m2", "m3"]


def test_held_cases_come_first(house: OpenedDoors) -> None:
    """Nobody's days count as much as those of who is held."""
    house.propose("early", "circumvention", "warn")
    house.propose("late", "circumvention", "warn")
    house.decide("hold", "late", "rex", "a fraud seems to run", "--ground", "fraud_in_progress")
    assert page(house) == ["late", "early"]


def test_no_such_stage(house: OpenedDoors) -> None:
    """An unknown stage is told with those that there are; a page needs one stage."""
    assert "`soon` is no stage; stages are `appeal`" in house.said("cases", "--stage", "soon", code=2)
    assert "name the one stage" in house.said("cases", "--after", "m1", code=2)
    assert "no such case" in house.said("cases", "--stage", "review", "--after", "m1", code=8)


def test_a_case_is_shown_whole(house: OpenedDoors) -> None:
    """Who, what is proposed on which evidence, what is due and what happens then, who decided and why, every letter."""
    case = house.limited("hal")
    shown = house.said("case", case)
    for part in (
        "account hal, mismatch",
        "in force: limit",
        "decided 200",
        "no wins in 200 decisions",
        "rex confirmed: nothing has changed since (opened evidence 60 s)",
        "/hearing:",
        "proposals_per_month 10",
        "due ",
    ):
        assert part in shown
    told = house.told("case", case)
    assert [measure["step"] for measure in told["measures"]] == ["warn", "limit"]
    assert all(letter["delivered_at"] for letter in told["letters"])


def test_what_happens_at_each_date_is_said(house: OpenedDoors) -> None:
    """A date without its consequence helps nobody."""
    case = house.propose("hal", "mismatch", "warn")
    (due,) = house.told("case", case)["due"]
    assert (due["clock"], due["then"]) == ("decision", "what is proposed lapses")
    assert f"due {due['at']}: what is proposed lapses" in house.said("case", case)


def test_no_such_case(house: OpenedDoors) -> None:
    """A name that nobody has is refused, with where the names are."""
    said = house.said("case", "nobody", code=8)
    assert "nobody: no such case" in said
    assert "`evenhand cases` lists them" in said


def test_every_clock_has_its_words() -> None:
    """No date is ever shown without what follows."""
    assert set(THEN) == set(_PASSED)
